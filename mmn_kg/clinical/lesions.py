"""
The lesion table: every place where a lesion may lie, and what it takes how surely.

It is computed from the graph alone, compiled into ``ontology/lesions.json`` and read from there.
The form of that file is told in docs/clinical.md.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mmn_kg import assets, errors

if TYPE_CHECKING:
    from mmn_kg.store import KnowledgeGraph

#: The name of the compiled table below ``ontology/``.
FILE: Final = "lesions.json"
#: The assumptions that it rests on next to the graph.
ASSUMPTIONS: Final = "mmn-kg-assumptions.ttl"
#: The version of its form.
FORM: Final = 1
NOTICE: Final = "It teaches and informs; it is not medical advice."


@dataclass(frozen=True, slots=True)
class Term:
    """
    What can be given as weak or spared.

    Attributes:
        id: The CURIE.
        kind: ``muscle``, ``movement``, ``sign`` or ``skin``.
        label: Its name.
        names: Synonyms.
        ids: Identifiers elsewhere that match it exactly (HPO, UBERON …).
        main: Positions in ``LesionTable.targets``: of a movement the main movers, of a muscle
            without supply of its own its parts, of an area of skin itself and its parts.
        accessory: Of a movement, the muscles that help.
        any: Of a sign, the terms one of which is weak when the sign is there.
        together: Of a sign: it needs all main movers, one alone does not show it.
    """

    id: str
    kind: str
    label: str
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    main: tuple[int, ...] = ()
    accessory: tuple[int, ...] = ()
    any: tuple[str, ...] = ()
    together: bool = False


@dataclass(frozen=True, slots=True)
class Lesion:
    """
    One place where a lesion may lie, or one pattern without a focus.

    Attributes:
        id: The CURIE of the site, nerve, part of a plexus, root or pattern.
        label: Its name.
        kind: As in the JSON of ``localise``.
        names: Synonyms.
        nerve: The CURIE of the whole nerve that it belongs to, or "".
        described: A source describes a lesion there, or the nerve has no place that one does.
        takes: Level (see `effects.LEVELS`) → positions in ``LesionTable.targets``.
        also: Terms that grow weak though their muscles are not supplied from there.
        why: Position of a target → positions in ``LesionTable.claims``.
        symmetric: Of a pattern without a focus: it takes both sides alike.
        roots: Of a segmental pattern, the CURIEs of its roots.
    """

    id: str
    label: str
    kind: str
    names: tuple[str, ...] = ()
    nerve: str = ""
    described: bool = True
    takes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    why: dict[int, tuple[int, ...]] = field(default_factory=dict)
    symmetric: bool = False
    roots: tuple[str, ...] = ()


@dataclass(frozen=True)
class LesionTable:
    """
    All places, all terms that can be given, and the claims it all rests on.

    Attributes:
        targets: The CURIEs of the muscles and areas of skin that a lesion may take.
        terms: What can be given, by CURIE.
        lesions: The places, ordered.
        patterns: The patterns without a focus.
        claims: Assertions by their local name, assumptions by their CURIE.

    Example:
        >>> table = LesionTable.shipped()
        >>> groove = next(x for x in table.lesions if x.id == "mmn:RadialNerveAtSpiralGroove")
        >>> position = table.targets.index("mmn:Brachioradialis")
        >>> position in groove.takes["certain"]
        True
        >>> [table.claims[i] for i in groove.why[position]]
        ['RadialNerveAtSpiralGroove-lesionWeakens-Brachioradialis']
    """

    targets: tuple[str, ...]
    terms: dict[str, Term]
    lesions: tuple[Lesion, ...]
    patterns: tuple[Lesion, ...]
    claims: tuple[str, ...]

    @classmethod
    def of(cls, graph: KnowledgeGraph) -> LesionTable:
        """
        Compute the table from a graph.

        Args:
            graph: Merge ``mmn-kg-assumptions.ttl`` into it to have the assumptions too.
        """
        from mmn_kg.clinical.tabulate import tabulate

        return tabulate(graph)

    @classmethod
    def with_files(cls, files: Iterable[str | Path]) -> LesionTable:
        """
        Compute the table from the shipped graph, its assumptions, and files of the user's own.

        Raises:
            InputError: A file cannot be read or is malformed.
        """
        from mmn_kg.store import KnowledgeGraph

        return cls.of(KnowledgeGraph.load(assets.folder("ontology") / ASSUMPTIONS, *files))

    @classmethod
    def shipped(cls) -> LesionTable:
        """
        Return the table compiled from the shipped graph and its assumptions; it is read once.

        Raises:
            EnvironmentLacksError: The file is missing or broken.
        """
        path = assets.folder("ontology") / FILE
        try:
            return _shipped(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise errors.EnvironmentLacksError(
                f"{path} is missing or broken: run mmn-kg compile"
            ) from error

    @cached_property
    def positions(self) -> dict[str, int]:
        """CURIE of a target → its position."""
        return {target: position for position, target in enumerate(self.targets)}

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Any name of a term, letter case ignored → its CURIE; labels before synonyms."""
        found: dict[str, str] = {}
        for pick in (lambda t: (t.label,), lambda t: t.names, lambda t: t.ids):
            for term in self.terms.values():
                for name in pick(term):
                    found.setdefault(name.casefold(), term.id)
        return found

    # --- JSON ------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the table as the JSON document of ``ontology/lesions.json``."""
        from mmn_kg.clinical.costs import figures

        return {
            "form": FORM,
            "notice": NOTICE,
            "targets": list(self.targets),
            "terms": [_sparse(term) for term in self.terms.values()],
            "lesions": [_sparse(lesion) for lesion in self.lesions],
            "patterns": [_sparse(lesion) for lesion in self.patterns],
            "claims": list(self.claims),
            "costs": figures(),
        }

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> LesionTable:
        """
        Read the table from what `to_dict` returned.

        Raises:
            ValueError: It has another form.
        """
        if document.get("form") != FORM:
            raise ValueError(f"the form of the table is {document.get('form')!r}, not {FORM}")
        terms = [Term(**_tuples(item)) for item in document["terms"]]
        return cls(
            targets=tuple(document["targets"]),
            terms={term.id: term for term in terms},
            lesions=tuple(_lesion(item) for item in document["lesions"]),
            patterns=tuple(_lesion(item) for item in document["patterns"]),
            claims=tuple(document["claims"]),
        )

    def to_json(self) -> str:
        """Return the text of ``ontology/lesions.json``: one record a line."""
        lines = []
        for key, value in self.to_dict().items():
            if isinstance(value, list) and value:
                rows = ",\n".join(_compact(item) for item in value)
                lines.append(f"{_compact(key)}:[\n{rows}\n]")
            else:
                lines.append(f"{_compact(key)}:{_compact(value)}")
        return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sparse(item: Term | Lesion) -> dict[str, Any]:
    """Return the fields that say something, in order."""
    found: dict[str, Any] = {}
    for name in item.__slots__:
        value = getattr(item, name)
        if name == "described":
            if not value:
                found[name] = False
        elif isinstance(value, dict) and value:
            found[name] = {str(key): list(entry) for key, entry in value.items()}
        elif value:
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


def _tuples(item: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in item.items()}


def _lesion(item: dict[str, Any]) -> Lesion:
    found = _tuples(item)
    found["takes"] = {level: tuple(v) for level, v in item.get("takes", {}).items()}
    found["why"] = {int(key): tuple(v) for key, v in item.get("why", {}).items()}
    return Lesion(**found)


@functools.lru_cache(maxsize=1)
def _shipped(path: Path) -> LesionTable:
    return LesionTable.from_dict(json.loads(path.read_text(encoding="utf-8")))
