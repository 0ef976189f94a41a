"""
A read-only rdflib store, filled once: what pySHACL reads while it validates.

rdflib's own memory store keeps contexts for each triple, which one graph does not need; without
them a graph is copied and read in about half the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rdflib.store import Store

if TYPE_CHECKING:
    from rdflib.term import Node

Statement = tuple["Node", "Node", "Node"]
Pattern = tuple["Node | None", "Node | None", "Node | None"]


class FrozenStore(Store):
    """
    Hold triples without duplicates, by subject and by predicate.

    Args:
        triples: The statements, each once.
    """

    context_aware = graph_aware = True  # pySHACL wraps the graph in a dataset and asks for both

    def __init__(self, triples: Iterable[Statement]) -> None:
        super().__init__()
        self._spo: dict[Node, dict[Node, list[Node]]] = defaultdict(dict)
        self._pos: dict[Node, dict[Node, list[Node]]] = defaultdict(dict)
        self._size = 0
        spo, pos = self._spo, self._pos
        for subject, predicate, value in triples:
            spo[subject].setdefault(predicate, []).append(value)
            pos[predicate].setdefault(value, []).append(subject)
            self._size += 1

    def triples(
        self, triple_pattern: Pattern, context: Any = None
    ) -> Iterator[tuple[Statement, Iterator[Any]]]:
        """Yield the statements that match, each with its contexts, of which there are none."""
        del context
        subject, predicate, value = triple_pattern
        if subject is not None:
            found = self._of_subject(subject, predicate, value)
        elif predicate is not None:
            found = self._of_predicate(predicate, value)
        else:
            found = (
                (node, name, item)
                for node, table in self._spo.items()
                for name, items in table.items()
                for item in items
                if value is None or item == value
            )
        for statement in found:
            yield statement, iter(())

    def _of_subject(
        self, subject: Node, predicate: Node | None, value: Node | None
    ) -> Iterator[Statement]:
        table = self._spo.get(subject, {})
        for name in table if predicate is None else (predicate,):
            for item in table.get(name, ()):
                if value is None or item == value:
                    yield subject, name, item

    def _of_predicate(self, predicate: Node, value: Node | None) -> Iterator[Statement]:
        table = self._pos.get(predicate, {})
        for item in table if value is None else (value,):
            for subject in table.get(item, ()):
                yield subject, predicate, item

    def __len__(self, context: Any = None) -> int:
        """Return the number of statements."""
        del context
        return self._size

    def contexts(self, triple: Any = None) -> Any:
        """Yield no contexts."""
        del triple
        return iter(())

    def add_graph(self, graph: Any) -> None:
        """Take no further graphs."""

    def bind(self, prefix: str, namespace: Any, override: bool = True) -> None:
        """Take no prefixes: messages name terms by our own."""

    def namespace(self, prefix: str) -> None:
        """Know no prefix."""

    def prefix(self, namespace: Any) -> None:
        """Know no namespace."""

    def namespaces(self) -> Iterator[Any]:
        """Yield no prefixes."""
        return iter(())
