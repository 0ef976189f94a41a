"""
Clinical reasoning, computed from the graph alone: where a lesion lies.

It teaches and informs. It is not medical advice.
"""
