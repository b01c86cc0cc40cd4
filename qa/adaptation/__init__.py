"""Fusion weights and translations learned from the user's own text and questions."""
