"""Read what the user gives as weak or spared: a term, its side, its grade."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from mmn_kg import errors, terms
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.lesions import LesionTable, Term

#: More findings than these are refused.
MOST: Final = 400
_SIDES: Final = {"r": "R", "right": "R", "l": "L", "left": "L"}
_BEFORE: Final = re.compile(r"([rl](?:\.|(?=\s))|right\b|left\b)\s*(.+)", re.IGNORECASE | re.DOTALL)
_AFTER: Final = re.compile(r"(.+?)[\s,(]+(right|left|[rl]\.?)\)?", re.IGNORECASE | re.DOTALL)
_GRADE: Final = re.compile(r"([0-5])\s*([+-]?)(?:\s*/\s*5)?|partial", re.IGNORECASE)
_FORM: Final = "give a muscle, movement, sign or area of skin, such as 'R. wrist extension'"


def findings(table: LesionTable, weak: Iterable[str], spared: Iterable[str]) -> list[Finding]:
    """
    Read all that was given.

    Args:
        table: The lesion table, whose terms can be given.
        weak: Texts such as ``"R. APB"``, ``"left wrist drop"``, ``"R. triceps=4"``.
        spared: The same, without a grade.

    Returns:
        One finding for each term and side; a term without a side takes the side of all others,
        where they have but one.

    Raises:
        ParameterError: Nothing is weak, a term is weak and spared, or there are too many.
        UnknownTermError: A term is unknown or is no muscle, movement, sign or area of skin.
    """
    found: dict[tuple[str, str], Finding] = {}
    given = [*((text, True) for text in weak), *((text, False) for text in spared)]
    if len(given) > MOST:
        raise errors.ParameterError(f"{len(given)} findings are too many: give {MOST} at most")
    read = [_finding(table, text, weak=is_weak) for text, is_weak in given]
    if not any(finding.weak for finding in read):
        raise errors.ParameterError(f"nothing is given as weak: {_FORM}")
    sides = {finding.side for finding in read} - {""}
    only = sides.pop() if len(sides) == 1 else ""
    for finding in (f if f.side else replace(f, side=only) for f in read):
        known = found.setdefault((finding.term.id, finding.side), finding)
        if known.weak != finding.weak:
            shown = f"{finding.side}. {finding.term.label}" if finding.side else finding.term.label
            raise errors.ParameterError(f"{shown} is given as weak and as spared: choose one")
    _check_signs(found)
    return list(found.values())


def _check_signs(found: Mapping[tuple[str, str], Finding]) -> None:
    """Refuse a sign given as weak while every weakness that it may show is given as spared."""
    for (_, side), sign in found.items():
        ways = [found.get((way, side)) for way in sign.term.any if sign.weak]
        spared = [way.term.label for way in ways if way is not None and not way.weak]
        if spared and len(spared) == len(ways):
            raise errors.ParameterError(
                f"{sign.term.label} is given as weak, and {' and '.join(spared)}, "
                "whose weakness it shows, as spared: choose one"
            )


def _finding(table: LesionTable, text: str, *, weak: bool) -> Finding:
    if not isinstance(text, str) or not text.strip():
        raise errors.ParameterError(f"an empty term was given: {_FORM}")
    name, equals, grade = text.strip().rpartition("=")
    partial = False
    if equals:
        match = _GRADE.fullmatch(grade.strip())
        if match is None or not name.strip():
            raise errors.ParameterError(
                f"{_short(text)}: the grade after '=' is 0 to 5, 4-, 4+ or 'partial'"
            )
        if match[1] == "5" or not weak:
            raise errors.ParameterError(
                f"{_short(text)}: a grade below 5 goes with what is weak, and 5 with no sign: "
                "give what is normal as spared"
            )
        partial = match[1] in {None, "4"}
    side, rest = _side(name.strip() if equals else text.strip())
    return Finding(resolve(table, rest), side, weak, partial)


def _side(text: str) -> tuple[str, str]:
    if match := _BEFORE.fullmatch(text):
        return _SIDES[match[1].lower().rstrip(".")], match[2].strip()
    if match := _AFTER.fullmatch(text):
        return _SIDES[match[2].lower().rstrip(".")], match[1].strip()
    return "", text


def resolve(table: LesionTable, text: str) -> Term:
    """
    Find a term of the table by CURIE, IRI, label, synonym, or identifier elsewhere.

    Raises:
        UnknownTermError: There is none; the message says what it is instead, or names the three
            nearest.
    """
    name = text.strip().strip("<>")
    curie = terms.shorten(name) if "://" in name else name
    found = table.terms.get(curie or "") or table.terms.get(f"mmn:{name}")
    if found is None and (curie or name).casefold() in table.by_name:
        found = table.terms[table.by_name[(curie or name).casefold()]]
    if found is not None:
        return found
    raise errors.UnknownTermError(_what_else(table, name))


def _what_else(table: LesionTable, name: str) -> str:
    from mmn_kg.store import KnowledgeGraph

    if name.isprintable() and len(name) < 200:
        graph = KnowledgeGraph.load()
        try:
            known = graph.find(name)
        except errors.MmnError:
            known = None
        if known is not None:
            kinds = graph.select(
                f"PREFIX rdfs: <{terms.PREFIXES['rdfs']}> PREFIX mmn: <{terms.BASE}> "
                "SELECT ?label WHERE { "
                f"<{known}> rdfs:subClassOf+ ?kind . ?kind rdfs:subClassOf mmn:Entity ; "
                "rdfs:label ?label } ORDER BY ?label"
            )
            kind = next((row["label"] for row in kinds), "term")
            told = f"{terms.curie(known)} ({graph.label(known)}) is a {kind}"
            if kind == "finding":
                return f"{told} that tells no place or too many: {_FORM}"
            return f"{told}: {_FORM}"
    near: list[str] = []
    for match in difflib.get_close_matches(name[:200].casefold(), table.by_name, n=9, cutoff=0.0):
        term = table.terms[table.by_name[match]]
        shown = f"{term.id} ({term.label})"
        if shown not in near:
            near.append(shown)
    return f"unknown muscle, movement or sign {_short(name)}: the nearest are {', '.join(near[:3])}"


def _short(text: str) -> str:
    """Return a text for a message, on one line and not too long."""
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else f"{line[:57]}...")
