"""The maintainers' tools: compile the sources, compare graphs, make releases."""
