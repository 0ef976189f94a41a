"""
The table behind `rank`: how often each disease shows each finding, and how findings hang together.

It is computed from graph and assumptions alone (`differential.tabulate`). Because that takes
a second, the compiler writes it to ``ontology/differential.json`` (`DifferentialTable.shipped`).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Any, Final

from mmn_kg import assets, errors

#: The compiled table, below ``ontology/``.
FILE: Final = "differential.json"


@dataclass(frozen=True, slots=True)
class Cell:
    """
    How often one disease shows one finding.

    Attributes:
        mean: Share of patients, from 0 to 1.
        low: Lower end of the 90% interval.
        high: Upper end of the 90% interval.
        basis: What the figure leans on: ``measured``, ``proxy``, ``band``, ``definition``,
            ``judgement`` (of the curators, without a source) or ``bounded`` (by other findings).
        evidence: The ids of the evidence in the graph for the same disease and finding.
        assumption: The id of the assumption that states the figure.
    """

    mean: float
    low: float
    high: float
    basis: str
    evidence: tuple[str, ...] = ()
    assumption: str = ""

    @property
    def is_assumed(self) -> bool:
        """Whether no source gives the figure itself."""
        return self.basis != "measured"


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease of the table: its CURIE, label, MONDO identifier or None, and synonyms."""

    id: str
    label: str
    mondo: str | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """
    A threshold: the finding is there where a number lies beyond it.

    Attributes:
        id: The threshold's CURIE.
        of: The finding that it defines, alone or with other limits.
        quantity: What is measured, or "" where the graph names no quantity.
        unit: The unit's CURIE.
        low: The number that must be reached, or None.
        low_inclusive: Whether the number itself counts.
        high: The number that must not be exceeded, or None.
        high_inclusive: Whether the number itself counts.
    """

    id: str
    of: str
    quantity: str
    unit: str
    low: float | None
    low_inclusive: bool
    high: float | None
    high_inclusive: bool

    def holds(self, value: float) -> bool:
        """
        Tell whether a value lies within.

        >>> Limit("a", "b", "", "mmn:Percent", 50, True, None, False).holds(50)
        True
        """
        above = self.low is None or value > self.low or (self.low_inclusive and value == self.low)
        below = (
            self.high is None or value < self.high or (self.high_inclusive and value == self.high)
        )
        return above and below


@dataclass(frozen=True)
class DifferentialTable:
    """
    What `rank` computes on.

    Attributes:
        diseases: The diseases, by CURIE.
        labels: Label of each finding of the graph.
        cells: Finding → one cell a disease, in the order of ``diseases``; None is unknown.
        parents: Finding → the findings that it implies, nearest first.
        groups: Finding → the dependence groups it belongs to.
        patterns: The patterns of weakness, of which a patient has one.
        extents: Pattern of weakness → extent → its share among patients with the pattern.
        mappings: Foreign id → (finding, ``exact``, ``close``, ``broad`` or ``narrow``); broad
            means that the foreign term is the broader.
        onset: Mean and standard deviation of the age at onset, in years, one pair a disease.
        onset_classes: Finding → the ages at onset, in years, that it stands for.
        casemix: New cases a year in 100 000 people, one a disease.
        limits: The thresholds that define findings.
        tests: Test → the finding that it looks for.
    """

    diseases: tuple[Disease, ...]
    labels: Mapping[str, str]
    cells: Mapping[str, tuple[Cell | None, ...]]
    parents: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    patterns: tuple[str, ...]
    extents: Mapping[str, Mapping[str, float]]
    mappings: Mapping[str, tuple[tuple[str, str], ...]]
    onset: tuple[tuple[float, float] | None, ...]
    onset_classes: Mapping[str, tuple[float, float]]
    casemix: tuple[float | None, ...]
    limits: tuple[Limit, ...]
    tests: Mapping[str, str]

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Finding → the findings that imply it."""
        found: dict[str, list[str]] = defaultdict(list)
        for child, parents in self.parents.items():
            for parent in parents:
                found[parent].append(child)
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def richness(self) -> tuple[float, ...]:
        """The mean share of the findings that a disease shows, over that of all diseases."""
        means = []
        for place in range(len(self.diseases)):
            known = [cell.mean for row in self.cells.values() if (cell := row[place]) is not None]
            means.append(math.fsum(known) / len(known))
        whole = math.fsum(means) / len(means)
        return tuple(mean / whole for mean in means)

    # --- Making -------------------------------------------------------------------------------

    @classmethod
    def shipped(cls) -> DifferentialTable:
        """Read the compiled table."""
        path = assets.folder("ontology") / FILE
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise errors.EnvironmentLacksError(f"{path} is missing: run mmn-kg compile") from error

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain lists and texts, small enough to read in milliseconds."""
        return {
            "diseases": [[d.id, d.label, d.mondo, list(d.names)] for d in self.diseases],
            "labels": dict(self.labels),
            "cells": {
                finding: [
                    cell
                    and [
                        *(cell.mean, cell.low, cell.high, cell.basis),
                        *(list(cell.evidence), cell.assumption),
                    ]
                    for cell in row
                ]
                for finding, row in self.cells.items()
            },
            "parents": {child: list(found) for child, found in self.parents.items()},
            "groups": {finding: list(found) for finding, found in self.groups.items()},
            "patterns": list(self.patterns),
            "extents": {pattern: dict(found) for pattern, found in self.extents.items()},
            "mappings": {
                key: [list(pair) for pair in found] for key, found in self.mappings.items()
            },
            "onset": [pair and list(pair) for pair in self.onset],
            "onset_classes": {key: list(pair) for key, pair in self.onset_classes.items()},
            "casemix": list(self.casemix),
            "limits": [list(astuple(limit)) for limit in self.limits],
            "tests": dict(self.tests),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DifferentialTable:
        """Read what `to_dict` wrote."""
        return cls(
            diseases=tuple(
                Disease(id_, label, mondo, tuple(names))
                for id_, label, mondo, names in data["diseases"]
            ),
            labels=data["labels"],
            cells={
                finding: tuple(_cell(cell) for cell in row)
                for finding, row in data["cells"].items()
            },
            parents={child: tuple(found) for child, found in data["parents"].items()},
            groups={finding: tuple(found) for finding, found in data["groups"].items()},
            patterns=tuple(data["patterns"]),
            extents=data["extents"],
            mappings={
                key: tuple((term, how) for term, how in found)
                for key, found in data["mappings"].items()
            },
            onset=tuple(pair and (pair[0], pair[1]) for pair in data["onset"]),
            onset_classes={key: (low, high) for key, (low, high) in data["onset_classes"].items()},
            casemix=tuple(data["casemix"]),
            limits=tuple(Limit(*item) for item in data["limits"]),
            tests=data["tests"],
        )


def _cell(found: list[Any] | None) -> Cell | None:
    if found is None:
        return None
    mean, low, high, basis, evidence, assumption = found
    return Cell(mean, low, high, basis, tuple(evidence), assumption)
