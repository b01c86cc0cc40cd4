"""What is stored: SQLite holds the truth, FAISS a copy made for speed."""
