"""
The cost model of localisation: what a lesion, an unexplained and a contradicted finding cost.

Integers in hundredths, so that ties are ties on every machine; docs/clinical.md, section "How a
lesion is found", gives the reasons. The figures are choices of ours, not frequencies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mmn_kg.clinical.effects import LEVELS
from mmn_kg.clinical.lesions import Lesion, Term

#: One lesion more, by kind.
LESION: Final = {"nerve": 1000, "branch": 1000, "root": 1000, "plexus": 1300}
#: On top, where no source describes a lesion at the place.
UNDESCRIBED: Final = 50
#: A weak finding that no lesion touches; where it is only partly weak.
UNEXPLAINED: Final = 1500
UNEXPLAINED_PARTIAL: Final = 1400
#: A weak muscle below a lesion, by level; where it is only partly weak.
WEAK: Final = (0, 0, 100, 0, 200)
WEAK_PARTIAL: Final = (0, 0, 0, 0, 100)
#: A weak movement whose muscles are not supplied from the lesion, but need what is.
ALSO: Final = 100
#: A main mover that is not weakened, of a weak movement whose other main movers are.
MISSING_MOVER: Final = 400
#: A spared muscle below a lesion, by level; where all that is weak on its side is so only partly.
SPARED: Final = (600, 300, 100, 0, 0)
SPARED_PARTIAL: Final = (400, 200, 50, 0, 0)
#: The pattern that takes neighbouring roots.
SEGMENTAL: Final = "mmn:SegmentalLimbWeakness"
#: Pattern without a focus → its kind, its cost, and whether it takes both sides alike.
PATTERNS: Final = {
    "mmn:BulbarOcularWeakness": ("diffuse", 1200, False),
    "mmn:DiffuseSymmetricWeakness": ("diffuse", 2400, True),
    "mmn:GeneralisedAnteriorHornWeakness": ("anterior horn", 2600, False),
    "mmn:LengthDependentWeakness": ("length dependent", 1500, True),
    "mmn:ProximalSymmetricWeakness": ("diffuse", 1400, True),
    SEGMENTAL: ("anterior horn", 1800, False),
}
#: A pattern that none of the weak findings leads: it takes the others only after those.
NOT_LED: Final = 1500
#: A weak finding of a symmetric pattern whose other side is spared, or was not told.
ASYMMETRY: Final = 600
OTHER_SIDE_UNTOLD: Final = 400
#: A segmental pattern where one nerve a side would do.
ONE_NERVE_A_SIDE: Final = 800
#: What each nerve of a series beyond the second adds to every pattern without a focus.
SERIES: Final = (0, 0, 0, 300, 700, 1200, 1800)
#: Explanations that cost no more than the best one and this are told.
MARGIN: Final = 800


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A term that was found weak or spared.

    Attributes:
        term: What; see `LesionTable.terms`.
        side: ``"R"``, ``"L"``, or "" where none was told.
        weak: Weak, or spared.
        partial: Of a weak one: it still moves against resistance.
    """

    term: Term
    side: str
    weak: bool
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """
    What a set of lesions on one side takes: bit masks over `LesionTable.targets`.

    Attributes:
        masks: One mask for each of `LEVELS`; a muscle may be in several.
        also: The CURIEs of terms that grow weak without their muscles.
    """

    masks: tuple[int, ...] = (0,) * len(LEVELS)
    also: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lesion: Lesion) -> Reach:
        """Return what one lesion takes."""
        masks = tuple(sum(1 << i for i in lesion.takes.get(level, ())) for level in LEVELS)
        return cls(masks, frozenset(lesion.also))

    def __or__(self, other: Reach) -> Reach:
        """Return what both take together."""
        (a, b, c, d, e), (f, g, h, i, j) = self.masks, other.masks
        return Reach((a | f, b | g, c | h, d | i, e | j), self.also | other.also)

    def within(self, mask: int, also: frozenset[str]) -> Reach:
        """Return only what concerns some targets and terms."""
        return Reach(tuple(own & mask for own in self.masks), self.also & also)

    @property
    def any(self) -> int:
        """The mask of all that is taken at any level."""
        a, b, c, d, e = self.masks
        return a | b | c | d | e


def of_lesion(lesion: Lesion) -> int:
    """Return what one more lesion at a place costs."""
    return LESION[lesion.kind] + (0 if lesion.described else UNDESCRIBED)


def of_finding(
    finding: Finding, reach: Reach, terms: dict[str, Term], *, partial_side: bool = False
) -> int:
    """
    Return what a finding costs under the lesions of its side.

    Args:
        finding: The finding.
        reach: What the lesions of its side take.
        terms: Those of the table; a sign names them.
        partial_side: All that is weak on its side is so only partly.
    """
    if finding.weak:
        return _weak(finding.term, reach, terms, partial=finding.partial)
    return _spared(finding.term, reach, terms, SPARED_PARTIAL if partial_side else SPARED)


def unexplained(finding: Finding) -> int:
    """Return what a weak finding costs that no lesion touches."""
    return UNEXPLAINED_PARTIAL if finding.partial else UNEXPLAINED


def _weak(term: Term, reach: Reach, terms: dict[str, Term], *, partial: bool) -> int:
    found = UNEXPLAINED_PARTIAL if partial else UNEXPLAINED
    if term.any:
        for way in term.any:
            part = terms[way]
            if not term.together or all(reach.any >> i & 1 for i in part.main):
                found = min(found, _weak(part, reach, terms, partial=partial))
    elif any(reach.any >> i & 1 for i in term.main):
        table = WEAK_PARTIAL if partial else WEAK
        prices = [_price(position, reach, table, min, MISSING_MOVER) for position in term.main]
        found = min(found, sum(prices) // len(prices))
    return min(found, ALSO) if term.id in reach.also else found


def _spared(term: Term, reach: Reach, terms: dict[str, Term], table: Sequence[int]) -> int:
    if term.any:
        return max(_spared(terms[way], reach, terms, table) for way in term.any)
    prices = [_price(position, reach, table, max, 0) for position in term.main]
    lost = sum(price > 0 for price in prices)
    found = sum(prices) * lost // len(prices) ** 2
    helped = not all(reach.any >> position & 1 for position in term.accessory)
    return found // 2 if helped else found


def _price(
    position: int,
    reach: Reach,
    table: Sequence[int],
    choose: Callable[[Iterable[int]], int],
    missing: int,
) -> int:
    """Return what a muscle costs at the levels at which it is taken; `missing` if at none."""
    taken = [price for price, mask in zip(table, reach.masks, strict=True) if mask >> position & 1]
    return choose(taken) if taken else missing


def of_pattern(
    pattern: Lesion, findings: Sequence[Finding], terms: dict[str, Term], *, one_nerve_a_side: bool
) -> int:
    """Return what all findings cost under a pattern without a focus, with its own cost."""
    _, cost, symmetric = PATTERNS[pattern.id]
    if pattern.roots and one_nerve_a_side:
        cost += ONE_NERVE_A_SIDE
    reach = Reach.of(pattern)
    partial = partial_sides(findings)
    weak_sides = {finding.side for finding in findings if finding.weak}
    led = pattern.takes.get("mostly") is None
    for finding in findings:
        if pattern.roots and finding.side not in weak_sides:
            continue
        cost += of_finding(finding, reach, terms, partial_side=finding.side in partial)
        if finding.weak:
            led = led or mask_of(finding.term, terms) & reach.masks[1] != 0
            cost += _asymmetry(finding, findings, terms) if symmetric else 0
    return cost if led else cost + NOT_LED


def _asymmetry(finding: Finding, findings: Iterable[Finding], terms: dict[str, Term]) -> int:
    """Return what a weak finding costs a symmetric pattern by what the other side shows."""
    other = {"R": "L", "L": "R"}.get(finding.side)
    own = mask_of(finding.term, terms)
    seen = [x.weak for x in findings if x.side == other and mask_of(x.term, terms) & own]
    if any(seen):
        return 0
    return ASYMMETRY if seen else OTHER_SIDE_UNTOLD


def mask_of(term: Term, terms: dict[str, Term]) -> int:
    """Return the mask of the muscles or areas that make a term weak: its main movers."""
    found = 0
    for position in term.main:
        found |= 1 << position
    for way in term.any:
        found |= mask_of(terms[way], terms)
    return found


def partial_sides(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the sides where all that is weak is so only partly."""
    found: dict[str, bool] = {}
    for finding in findings:
        if finding.weak:
            found[finding.side] = found.get(finding.side, True) and finding.partial
    return frozenset(side for side, partial in found.items() if partial)


def figures() -> dict[str, object]:
    """Return the figures of the model, for the JSON of the table."""
    return {
        "lesion": LESION,
        "undescribed": UNDESCRIBED,
        "unexplained": [UNEXPLAINED, UNEXPLAINED_PARTIAL],
        "weak": [list(WEAK), list(WEAK_PARTIAL)],
        "levels": list(LEVELS),
        "also": ALSO,
        "missing_mover": MISSING_MOVER,
        "spared": [list(SPARED), list(SPARED_PARTIAL)],
        "patterns": {key: list(value) for key, value in PATTERNS.items()},
        "not_led": NOT_LED,
        "asymmetry": ASYMMETRY,
        "other_side_untold": OTHER_SIDE_UNTOLD,
        "one_nerve_a_side": ONE_NERVE_A_SIDE,
        "series": list(SERIES),
        "margin": MARGIN,
    }
