"""The tests; each docstring states the promise that the test keeps."""
