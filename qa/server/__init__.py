"""What stands around the chat when it is served: who may enter, limits, programs, the start.

Knows HTTP and Gradio's paths; knows nothing of retrieval or of how answers are drawn.
"""
