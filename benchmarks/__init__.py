"""Benchmarks: ratios, never timed tests."""
