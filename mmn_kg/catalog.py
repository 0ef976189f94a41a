"""
The catalogue of shipped queries: ``queries/<kind>/<name>.rq``, each with its headers.

A header is a comment, so the file is legal SPARQL and runs anywhere as it stands::

    #+ summary: "Which nerves does the disease affect, and how often?"
    #+ tags: ["nerves"]
    #+ params: {"disease": "mmn:MultifocalMotorNeuropathy"}
    #+ graphs: ["assumptions"]

The value is JSON; ``graphs`` names what the question asks beside the graph. A parameter is one
line ``VALUES ?disease { mmn:MultifocalMotorNeuropathy }``; the only substitution ever made is the
content of its braces, by terms that were parsed first.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mmn_kg import assets, errors

#: The kinds of queries, each a folder, with the header keys that each may and must have.
KINDS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "question": (
        frozenset({"summary", "tags", "params", "graphs", "expect"}),
        frozenset({"summary", "tags", "expect"}),
    ),
    "check": (frozenset({"summary", "severity", "fix"}), frozenset({"summary", "severity", "fix"})),
    "infer": (frozenset({"summary", "owl"}), frozenset({"summary", "owl"})),
    "course": (frozenset({"summary"}), frozenset({"summary"})),
    "view": (
        frozenset({"summary", "title", "direction", "page"}),
        frozenset({"summary", "title", "direction"}),
    ),
}
#: What a question may ask for beside the graph: the file of assumptions.
GRAPHS: Final = frozenset({"assumptions"})
_EXPECT: Final = frozenset({"golden", "rows_at_least"})
_HEADER: Final = re.compile(r"#\+ (\w+): (.*)\Z")


@dataclass(frozen=True, slots=True)
class Query:
    """
    One shipped query.

    Attributes:
        name: The stem of its file.
        kind: Its folder: ``question``, ``check``, ``infer``, ``course`` or ``view``.
        text: The SPARQL, headers included.
        summary: The question in words.
        tags: Topics.
        params: Parameter → default, as a CURIE or a number.
        graphs: What it asks beside the graph (`GRAPHS`).
        header: Every header as read.
    """

    name: str
    kind: str
    text: str
    summary: str
    tags: tuple[str, ...] = ()
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    graphs: tuple[str, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)

    def with_values(self, values: Mapping[str, Sequence[str]]) -> str:
        """
        Return the text with other values for its parameters.

        Args:
            values: Parameter → terms, each already in SPARQL notation (``<iri>`` or a number).

        Raises:
            ParameterError: The query has no such parameter.
        """
        text = self.text
        for name, items in values.items():
            if name not in self.params:
                known = ", ".join(self.params) or "none"
                raise errors.ParameterError(
                    f"{self.name} has no parameter {name!r}: it takes {known}"
                )
            text = _values_line(name).sub(
                lambda match, items=items: f"{match[1]}{' '.join(items)}{match[2]}",  # type: ignore[misc]
                text,
            )
        return text


def _values_line(name: str) -> re.Pattern[str]:
    return re.compile(rf"^([ \t]*VALUES \?{name} \{{ )[^{{}}\n]*( \}})[ \t]*$", re.MULTILINE)


@cache
def queries(kind: str) -> Mapping[str, Query]:
    """Return every shipped query of a kind, by name, in alphabetical order."""
    found = {path.stem: read(path, kind) for path in sorted(_folder(kind).glob("*.rq"))}
    return MappingProxyType(found)


def questions(tag: str | None = None) -> tuple[Query, ...]:
    """
    Return the shipped questions in alphabetical order, or those with a tag.

    >>> [query.name for query in questions("headline")][0]
    'als-or-mmn'
    """
    return tuple(
        query for query in queries("question").values() if tag is None or tag in query.tags
    )


def _folder(kind: str) -> Path:
    return assets.folder("queries") / kind


def question(name: str) -> Query:
    """
    Return a shipped question.

    Raises:
        UnknownQuestionError: There is none of that name; the message names the nearest.
    """
    found = queries("question")
    if name in found:
        return found[name]
    near = difflib.get_close_matches(name, list(found), n=3, cutoff=0.0)
    raise errors.UnknownQuestionError(
        f"no question {name!r}: the nearest are {', '.join(near)} (list: mmn-kg questions)"
    )


def read(path: Path, kind: str) -> Query:
    """
    Read one query file and check its headers.

    Raises:
        SourceError: A header is unknown, malformed or missing, or a parameter has no VALUES line.
    """
    text = path.read_text(encoding="utf-8")
    header: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        match = _HEADER.match(line)
        if match is None:
            raise errors.SourceError(f"{path}:{number}: a header reads '#+ key: JSON'")
        try:
            header[match[1]] = json.loads(match[2])
        except json.JSONDecodeError as error:
            raise errors.SourceError(f"{path}:{number}: {match[1]} is not JSON: {error}") from error
    allowed, required = KINDS[kind]
    _check_keys(f"{path}", set(header), allowed, required)
    _check_keys(f"{path}: expect", set(header.get("expect", {})), _EXPECT, frozenset())
    graphs = header.get("graphs", [])
    if not isinstance(graphs, list):
        raise errors.SourceError(f"{path}: graphs is a list, not {graphs!r}")
    _check_keys(f"{path}: graphs", set(graphs), GRAPHS, frozenset())
    params = header.get("params", {})
    for name, default in params.items():
        line = f"VALUES ?{name} {{ {default} }}"
        if line not in text:
            raise errors.SourceError(f"{path}: the parameter {name!r} needs the line {line!r}")
    return Query(
        name=path.stem,
        kind=kind,
        text=text,
        summary=header["summary"],
        tags=tuple(header.get("tags", ())),
        params=MappingProxyType(params),
        graphs=tuple(graphs),
        header=MappingProxyType(header),
    )


def _check_keys(
    place: str, found: set[str], allowed: frozenset[str], required: frozenset[str]
) -> None:
    for key in sorted(found - allowed):
        raise errors.SourceError(f"{place}: unknown key {key!r}: use {', '.join(sorted(allowed))}")
    for key in sorted(required - found):
        raise errors.SourceError(f"{place}: the key {key!r} is missing")
