"""What to assess next: the information that is expected of each finding not yet assessed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from mmn_kg.clinical.match import Matcher
from mmn_kg.clinical.ranking import NextTest
from mmn_kg.clinical.score import Counted, Settings
from mmn_kg.clinical.table import Cell, DifferentialTable

#: Findings that are asked of a person, not looked for.
_PERSONAL: Final = frozenset({"mmn:MaleSex", "mmn:AgeAtOnset"})


def next_tests(
    counted: Sequence[Counted],
    posterior: Sequence[float],
    order: Sequence[int],
    matcher: Matcher,
    settings: Settings,
) -> list[NextTest]:
    """Return the findings not yet assessed, by the information that is expected of each."""
    table = matcher.table
    present = {c.reading.node for c in counted if c.reading.status == "present"}
    assessed = {c.reading.node for c in counted} | {c.reading.match.matched for c in counted}
    settled = set(assessed).union(*(matcher.implied(node) for node in present))
    excluded = {c.reading.node for c in counted if c.reading.status == "excluded"}
    used: dict[str, int] = {}
    for item in counted:
        for group in {g for t in item.reading.match.group for g in table.groups.get(t, ())}:
            used[group] = used.get(group, 0) + 1
    found = []
    for finding, cells in table.cells.items():
        if finding in settled or finding in table.patterns or finding in _PERSONAL:
            continue
        if matcher.implied(finding) & excluded:
            continue
        rank = max((used.get(g, 0) for g in table.groups.get(finding, ())), default=0)
        weight = settings.temper / (1 + settings.dependence * rank)
        found.append(_test(finding, cells, posterior, order, weight, table, settings))
    return sorted(found, key=lambda t: (-t.bits, t.finding))


def _test(
    finding: str,
    cells: Sequence[Cell | None],
    posterior: Sequence[float],
    order: Sequence[int],
    weight: float,
    table: DifferentialTable,
    settings: Settings,
) -> NextTest:
    known = [cell.mean for cell in cells if cell is not None]
    base = math.fsum(known) / len(known)
    noise = settings.judged_noise
    shares = [(1 - noise) * (base if cell is None else cell.mean) + noise * base for cell in cells]
    chance = math.fsum(p * s for p, s in zip(posterior, shares, strict=True))
    after_present = _update(posterior, shares, weight)
    after_absent = _update(posterior, [1 - s for s in shares], weight)
    bits = _entropy(posterior) - (
        chance * _entropy(after_present) + (1 - chance) * _entropy(after_absent)
    )
    first, second = order[0], order[1]
    return NextTest(
        finding,
        table.labels.get(finding, finding),
        max(bits, 0.0),
        chance,
        (after_present[first], after_present[second]),
        (after_absent[first], after_absent[second]),
    )


def _update(posterior: Sequence[float], shares: Sequence[float], weight: float) -> list[float]:
    raw = [p * max(s, 1e-4) ** weight for p, s in zip(posterior, shares, strict=True)]
    whole = math.fsum(raw)
    return [value / whole for value in raw]


def _entropy(shares: Sequence[float]) -> float:
    return -math.fsum(p * math.log2(p) for p in shares if p > 0)
