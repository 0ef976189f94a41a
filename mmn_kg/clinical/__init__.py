"""Reasoning about one patient: cases, lesions, diseases. It informs; it is not medical advice."""
