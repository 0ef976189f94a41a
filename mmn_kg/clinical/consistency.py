"""
Find what a case says both ways.

An exclusion without a side holds on both sides, and one with a severity for that severity alone.
A finding without a side is there on one side at least, so that it does not contradict an exclusion
on one side. Where HPO puts a term below another that it does not imply, ``ontology/hpo-apart.tsv``
says so.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Protocol

from mmn_kg import assets, errors
from mmn_kg.clinical.findings import Case, Observation
from mmn_kg.clinical.profile import Side


class Ancestry(Protocol):
    """What is asked of a hierarchy: `mmn_kg.clinical.hierarchy.Hierarchy` has it."""

    def __contains__(self, term: object, /) -> bool:
        """Tell whether the hierarchy holds a term."""

    def current(self, term: str) -> str | None:
        """Return the identifier of today."""

    def ancestors(self, term: str) -> Sequence[tuple[str, int]]:
        """Return each ancestor with its distance."""


def check_consistency(case: Case, hierarchy: Ancestry) -> None:
    """
    Refuse a case that contradicts itself.

    Args:
        case: The case.
        hierarchy: Tells the ancestors of the terms that it holds; others are compared as they are.

    Raises:
        CaseError: The same term is present and excluded on one side, a term is present whose
            ancestor is excluded, a finding is told and yet not assessed, or two numbers are given
            for one thing.
    """
    results = (
        Observation(item.test, item.label, item.interpretation, "", "", None)
        for item in case.laboratory
        if item.interpretation
    )
    found = (*case.observations, *results)
    _check_statements(case.id, found, hierarchy)
    _check_assessed(case.id, found, hierarchy)
    _check_numbers(case)


def _check_statements(id_: str, told: Sequence[Observation], hierarchy: Ancestry) -> None:
    excluded: dict[str, list[Observation]] = defaultdict(list)
    for found in told:
        if found.status == "excluded":
            same = excluded[_current(found.given, hierarchy)]
            if not any((o.side, o.severity) == (found.side, found.severity) for o in same):
                same.append(found)
    for found in told if excluded else ():
        if found.status != "present":
            continue
        term = _current(found.given, hierarchy)
        above = hierarchy.ancestors(term) if term in hierarchy else ()
        for candidate in (term, *(ancestor for ancestor, _ in above)):
            for other in excluded.get(candidate, ()):
                if _clash(found, other) and (term, candidate) not in _apart():
                    raise _error(id_, _told(found, other, same=candidate == term))


def _check_assessed(id_: str, told: Sequence[Observation], hierarchy: Ancestry) -> None:
    known = {
        (_current(found.given, hierarchy), found.side): found
        for found in told
        if found.status in {"present", "excluded"}
    }
    for found in told:
        other = known.get((_current(found.given, hierarchy), found.side))
        if other is not None and found.status.startswith("not"):
            raise _error(id_, f"{_name(other)} is {other.status} and yet {found.status}: keep one")


@functools.cache
def _apart() -> frozenset[tuple[str, str]]:
    """Return pairs of a term and one above it that it does not imply; read at the first clash."""
    text = (assets.folder("ontology") / "hpo-apart.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return frozenset((row[0], row[1]) for row in rows)


def _current(term: str, hierarchy: Ancestry) -> str:
    return hierarchy.current(term) or term


def _clash(present: Observation, excluded: Observation) -> bool:
    if excluded.severity not in {"", present.severity}:
        return False
    if excluded.side == "one":  # untold which: it clashes with both sides alone
        return present.side == "both"
    return excluded.side in {"", "both"} or present.side == "both" or present.side == excluded.side


def _told(present: Observation, excluded: Observation, *, same: bool) -> str:
    if same:
        return f"{_name(present)} is both present and excluded: keep one"
    return (
        f"{_name(present)} is present while {_name(excluded)}, which is more general, is excluded: "
        "drop one"
    )


def _name(found: Observation) -> str:
    label = f" ({found.label})" if found.label else ""
    return _place(found.given + label, found.side)


def _error(id_: str, what: str) -> errors.CaseError:
    """Make the error, on one line whatever labels the packet gives."""
    return errors.CaseError(" ".join(f"{id_}: {what}".split()))


def _place(what: str, side: Side) -> str:
    return what + _SIDES[side]


_SIDES: Final[dict[Side, str]] = {
    "R": ", right",
    "L": ", left",
    "one": ", one side",
    "both": ", both sides",
    "": "",
}


def _check_numbers(case: Case) -> None:
    found: dict[str, set[float]] = defaultdict(set)
    for strength in case.strengths:
        for side in _each(strength.side):
            found[f"strength of {_place(strength.term, side)}"].add(strength.grade)
    for item in case.conductions:
        for side in _each(item.side):
            where = _place(f"{item.nerve} {item.segment}".rstrip(), side)
            found[f"{item.quantity} in {item.unit} of {where}"].add(item.value)
    for what, values in found.items():
        if len(values) > 1:
            told = " and ".join(f"{value:g}" for value in sorted(values))
            raise _error(case.id, f"{what} is {told}: give one examination only")


def _each(side: Side) -> tuple[Side, ...]:
    return ("R", "L") if side == "both" else (side,)
