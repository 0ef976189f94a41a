"""
Clinical reasoning over one case, computed from the graph.

It teaches and informs. It is not medical advice.
"""
