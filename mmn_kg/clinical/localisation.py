"""What a localisation says: the findings as read, and the explanations of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.lesions import NOTICE, Lesion, LesionTable
from mmn_kg.clinical.part import Placed

#: So many lesions of nerves are one process: several single nerves.
_SERIES: Final = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    One way to explain the findings.

    Attributes:
        rank: 1 for the cheapest; equal ranks are ties.
        cost: What it costs, in hundredths; see `costs`.
        lesions: The lesions with their side; one pattern where there is no focus.
        explains: Of each lesion, the weak findings that it weakens.
        unexplained: The weak findings that none does.
        contradicted_by: The spared findings that count against it.
        settled_by: CURIEs of the muscles that would best tell it from those it ties with.
    """

    rank: int
    cost: int
    lesions: tuple[Placed, ...]
    explains: tuple[tuple[Finding, ...], ...]
    unexplained: tuple[Finding, ...]
    contradicted_by: tuple[Finding, ...]
    settled_by: tuple[str, ...] = ()

    @property
    def focal(self) -> bool:
        """Tell whether it names places, not a pattern without a focus."""
        return all(placed.lesion.kind in costs.LESION for placed in self.lesions)

    @property
    def nerves(self) -> frozenset[tuple[str, str]]:
        """The whole nerves that it names, with their side."""
        return frozenset((p.lesion.nerve, p.side) for p in self.lesions if p.lesion.nerve)

    def to_dict(self) -> dict[str, Any]:
        """Return its part of the JSON of ``localise``."""
        several = self.focal and len(self.nerves) >= _SERIES
        return {
            "rank": self.rank,
            "cost": self.cost / 100,
            "kind": "multifocal" if several else self.lesions[0].lesion.kind,
            "lesions": [
                {
                    "site": placed.id,
                    "label": placed.lesion.label,
                    "kind": placed.lesion.kind,
                    "side": placed.side or None,
                    "explains": _curies(found),
                }
                for placed, found in zip(self.lesions, self.explains, strict=True)
            ],
            "unexplained": _curies(self.unexplained),
            "contradicted_by": _curies(self.contradicted_by),
            "settled_by": list(self.settled_by),
        }


@dataclass(frozen=True)
class Localisation:
    """
    What `localise` found.

    Attributes:
        findings: What was given, read.
        explanations: The cheapest first; equal ranks are ties.
        count: How many explanations there are within the margin, told or not.
        table: The table that it rests on.
    """

    findings: tuple[Finding, ...]
    explanations: tuple[Explanation, ...]
    count: int
    table: LesionTable

    @property
    def first(self) -> tuple[Explanation, ...]:
        """The explanations that tie for the first place."""
        return tuple(item for item in self.explanations if item.rank == 1)

    def why(self, lesion: Lesion, term: str) -> tuple[str, ...]:
        """Return the CURIEs of the claims by which a lesion weakens a muscle or numbs skin."""
        position = self.table.positions.get(term)
        if position is None:
            return ()
        return tuple(
            claim if ":" in claim else f"assertion:{claim}"
            for claim in (self.table.claims[i] for i in lesion.why.get(position, ()))
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``localise``."""
        from mmn_kg.clinical.pattern import pattern

        return {
            "weak": _curies(f for f in self.findings if f.weak),
            "spared": _curies(f for f in self.findings if not f.weak),
            "given": [
                {
                    "term": finding.term.id,
                    "label": finding.term.label,
                    "kind": finding.term.kind,
                    "side": finding.side or None,
                    "status": "weak" if finding.weak else "spared",
                    "partial": finding.partial,
                }
                for finding in self.findings
            ],
            "pattern": pattern(self),
            "explanations": [item.to_dict() for item in self.explanations],
            "explanations_in_all": self.count,
            "notice": NOTICE,
        }

    def to_text(self) -> str:
        """Return it for a reader."""
        from mmn_kg.clinical.render import render

        return render(self)


def _curies(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.term.id for finding in findings))
