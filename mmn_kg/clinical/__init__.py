"""
Reasoning about one patient, computed from the graph: the case, the lesion, the differential.

It teaches and informs. It is not medical advice.
"""
