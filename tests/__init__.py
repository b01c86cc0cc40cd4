"""The tests. Each docstring states the promise that its test keeps."""
