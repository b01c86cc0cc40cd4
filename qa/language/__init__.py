"""What Kutip knows about human language: which one, its sentences, its words.

Everything here works on plain strings and character offsets. Nothing here
knows of documents, passages, files or the index, and nothing here changes a
text: normalised forms exist only as search terms.
"""
