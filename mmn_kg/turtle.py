"""
Canonical Turtle: the one form of a graph, the same bytes on every run and machine.

The house style (gist's): prefixes sorted, subjects sorted, one predicate a line, `` .`` on a line
of its own, so that one changed fact is one changed line. The sources under ``ontology/`` are held
to the same form.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mmn_kg import errors, terms

_RDF: Final = terms.PREFIXES["rdf"]
_XSD: Final = terms.PREFIXES["xsd"]
_BARE: Final = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+\Z"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    f"{_XSD}boolean": re.compile(r"(true|false)\Z"),
}
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_WIDTH: Final = 100

Node = NamedNode | BlankNode | Literal


def header(text: str) -> str:
    """Return the comment lines with which a Turtle file begins ("" when there are none)."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line)
    return "\n".join(lines)


def serialise(
    triples: Iterable[Triple], *, comment: str = "", prefixes: Mapping[str, str] = terms.PREFIXES
) -> str:
    """
    Write a graph in canonical Turtle.

    Args:
        triples: The graph. Blank nodes must form trees (OWL expressions, SHACL shapes, lists).
        comment: Comment lines for the top of the file, each beginning with ``#``.
        prefixes: The prefixes to shorten by; only those in use are declared.

    Returns:
        The text, ending in a newline.

    Raises:
        SourceError: A blank node is shared, or part of a cycle.
    """
    return _Writer(set(triples), prefixes).text(comment)


class _Writer:
    def __init__(self, triples: set[Triple], prefixes: Mapping[str, str]) -> None:
        self._by_length = sorted(prefixes.items(), key=lambda item: len(item[1]), reverse=True)
        self._prefixes = prefixes
        self._used: set[str] = set()
        self._names: dict[str, str] = {}
        self._subjects: dict[NamedNode | BlankNode, dict[str, list[Node]]] = defaultdict(
            lambda: defaultdict(list)
        )
        references: Counter[BlankNode] = Counter()
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise errors.SourceError("quoted triples are not written: state them plainly")
            self._subjects[subject][triple.predicate.value].append(value)
            if isinstance(value, BlankNode):
                references[value] += 1
        shared = [node for node, count in references.items() if count > 1]
        if shared:
            raise errors.SourceError(
                f"{len(shared)} blank nodes are used in more than one place: name them"
            )
        self._roots = [
            node for node in self._subjects if isinstance(node, NamedNode) or node not in references
        ]
        self._visited = 0

    def text(self, comment: str) -> str:
        blocks = sorted(self._block(node) for node in self._roots)
        if self._visited != len(self._subjects):
            raise errors.SourceError("blank nodes form a cycle: name one of them")
        declarations = [
            f"@prefix {prefix}: <{self._prefixes[prefix]}> ." for prefix in sorted(self._used)
        ]
        parts = [comment] if comment else []
        parts.append("\n".join(declarations))
        parts.extend(block for _, block in blocks)
        return "\n\n".join(part for part in parts if part) + "\n"

    def _block(self, node: NamedNode | BlankNode) -> tuple[str, str]:
        self._visited += 1
        name = "[]" if isinstance(node, BlankNode) else self._name(node.value)
        lines = self._predicates(node, 1)
        body = "".join(f"    {line} ;\n" for line in lines)
        text = f"{name}\n{body}    ."
        return (name if name != "[]" else text, text)

    def _predicates(self, node: NamedNode | BlankNode, depth: int) -> list[str]:
        table = self._subjects[node]
        named = sorted(
            ("", "a", key) if key == f"{_RDF}type" else (self._name(key), self._name(key), key)
            for key in table
        )
        return [
            f"{shown} {' , '.join(sorted(self._node(value, depth) for value in table[key]))}"
            for _, shown, key in named
        ]

    def _node(self, node: Node, depth: int) -> str:
        if isinstance(node, NamedNode):
            return self._name(node.value)
        if isinstance(node, Literal):
            return self._literal(node)
        if f"{_RDF}first" in self._subjects.get(node, {}):
            return self._list(node, depth)
        self._visited += node in self._subjects
        lines = self._predicates(node, depth + 1) if node in self._subjects else []
        inline = f"[ {' ; '.join(lines)} ]" if lines else "[]"
        if len(inline) + 4 * depth <= _WIDTH and "\n" not in inline:
            return inline
        indent = "    " * (depth + 1)
        inner = " ;\n".join(f"{indent}{line}" for line in lines)
        return f"[\n{inner} ;\n{'    ' * depth}]"

    def _list(self, node: BlankNode, depth: int) -> str:
        items = []
        current: Node = node
        while isinstance(current, BlankNode):
            self._visited += 1
            cell = self._subjects[current]
            items.append(self._node(cell[f"{_RDF}first"][0], depth + 1))
            current = cell[f"{_RDF}rest"][0]
        inline = f"( {' '.join(items)} )"
        if len(inline) + 4 * depth <= _WIDTH and "\n" not in inline:
            return inline
        indent = "    " * (depth + 1)
        inner = "\n".join(f"{indent}{item}" for item in items)
        return f"(\n{inner}\n{'    ' * depth})"

    def _literal(self, node: Literal) -> str:
        datatype = node.datatype.value
        if datatype in _BARE and _BARE[datatype].match(node.value):
            return node.value
        quoted = '"' + "".join(_ESCAPES.get(char, char) for char in node.value) + '"'
        if node.language:
            return f"{quoted}@{node.language}"
        if datatype == f"{_XSD}string":
            return quoted
        return f"{quoted}^^{self._name(datatype)}"

    def _name(self, full: str) -> str:
        if full == f"{_RDF}nil":
            return "()"
        known = self._names.get(full)
        if known is None:
            known = self._names[full] = self._shorten(full)
        return known

    def _shorten(self, full: str) -> str:
        for prefix, namespace in self._by_length:
            if full.startswith(namespace) and terms.is_local(full[len(namespace) :]):
                self._used.add(prefix)
                return f"{prefix}:{full[len(namespace) :]}"
        return f"<{full}>"
