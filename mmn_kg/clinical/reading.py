"""From a case to readings: what its findings, sides and results say, and what sex and age do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from mmn_kg.clinical.case import Case, Conduction, Laboratory, Observation
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.score import Counted, Reading, Settings, Status
from mmn_kg.clinical.table import DifferentialTable

_SEX: Final = "mmn:MaleSex"
_AGE: Final = "mmn:AgeAtOnset"
_ASYMMETRY: Final = "mmn:AsymmetricLimbWeakness"
#: What a finding on one side alone must imply to count as asymmetry.
_SIDED: Final = frozenset({"mmn:LimbMuscleWeakness", "mmn:SkeletalMuscleAtrophy"})

#: Unit of a number set against the range of the laboratory → whether it lies outside.
_RANGES: Final[dict[str, Callable[[float], bool]]] = {
    "mmn:PercentOfUpperLimit": lambda value: value > _WHOLE,
    "mmn:PercentOfLowerLimit": lambda value: value < _WHOLE,
}
_WHOLE: Final = 100.0


class Readings:
    """
    All that a case states, matched to the table.

    Attributes:
        found: The readings, in the order of the case.
        ignored: What is not used, and why.
    """

    def __init__(self, case: Case, matcher: Matcher) -> None:
        self.found: list[Reading] = []
        self.ignored = list(case.ignored)
        self._matcher = matcher
        self._seen: set[str] = set()
        # What is there on one side and not on the other is there, whichever the case tells first.
        for item in sorted(case.observations, key=lambda item: item.status != "present"):
            if item.status in {"present", "excluded"}:
                self._observe(item)
            else:
                self.ignored.append((item.given, f"is {item.status}: nothing follows from it"))
        self._results(case.laboratory)
        for number in case.conductions:
            self._conduction(number)
        if _is_one_sided(case, matcher) and matcher.node(_ASYMMETRY) not in self._seen:
            self._take(_ASYMMETRY, "weakness or wasting on one side", "present")
        self._drop_contradicted()

    def _drop_contradicted(self) -> None:
        """Leave out an exclusion that a finding present contradicts by our own hierarchy."""
        present = [reading for reading in self.found if reading.status == "present"]
        for reading in [r for r in self.found if r.status == "excluded"]:
            clash = [p for p in present if reading.node in self._matcher.implied(p.node)]
            if clash:
                self.found.remove(reading)
                self.ignored.append(
                    (reading.match.given, f"is excluded, yet {clash[0].match.label} is one of it")
                )

    def _observe(self, item: Observation) -> None:
        if onset_class(item, self._matcher) is not None:
            return
        if item.status == "present":
            self._take(item.given, item.label, "present")
        elif item.severity or item.side not in {"", "both"}:
            what = "severity" if item.severity else "side"
            self.ignored.append(
                (item.given, f"is excluded for one {what} alone: it may be there otherwise")
            )
        else:
            self._take(item.given, item.label, "excluded")

    def _results(self, results: Sequence[Laboratory]) -> None:
        """Take the results of the laboratory; one number may come several times, in other units."""
        table = self._matcher.table
        verdicts: dict[str, set[Status]] = {}
        for result in results:
            node = self._matcher.node(result.test)
            told = verdicts.setdefault(table.tests.get(node, node), set())
            if result.interpretation in {"present", "excluded"}:
                told.add("present" if result.interpretation == "present" else "excluded")
            elif result.value is not None:
                told |= _by_limit(result.value, result.unit, table.tests.get(node, node), table)
        for finding, told in verdicts.items():
            if told:  # beyond one limit is beyond, whatever the others say
                self._take(finding, "", "present" if "present" in told else "excluded")
            else:
                self.ignored.append((finding, "the graph has no limit for this number and unit"))

    def _conduction(self, number: Conduction) -> None:
        """Take what a number beyond its limit defines; one within it tells of this nerve alone."""
        limits = [
            limit
            for limit in self._matcher.table.limits
            if limit.quantity == number.quantity and limit.unit == number.unit
        ]
        reached = [limit for limit in limits if limit.holds(number.value)]
        where = " ".join(filter(None, (number.nerve, number.segment)))
        for limit in reached:
            self._take(limit.of, f"{self._matcher.table.labels[limit.of]}, {where}", "present")
        if not reached:
            why = "is within the limits of the graph" if limits else "has no limit in the graph"
            self.ignored.append((number.quantity, f"{number.value:g} at {where} {why}"))

    def _take(self, given: str, label: str, status: Status) -> None:
        node = self._matcher.node(given)
        if node in self._seen:
            return
        match = self._matcher.match(given, label)
        if isinstance(match, str):
            self.ignored.append((given, match))
        elif all(cell is None for cell in match.cells):
            self.ignored.append((given, "it is not known how often any of the diseases shows it"))
        else:
            self._seen.add(node)
            self.found.append(Reading(match, status, node))


def _by_limit(value: float, unit: str, finding: str, table: DifferentialTable) -> set[Status]:
    """Judge a number by the limits of a finding, else by the range of the laboratory."""
    outside = [
        limit.holds(value) for limit in table.limits if (limit.of, limit.unit) == (finding, unit)
    ]
    if not outside and unit in _RANGES:
        outside = [_RANGES[unit](value)]
    return {"present" if beyond else "excluded" for beyond in outside}


def onset_class(item: Observation, matcher: Matcher) -> tuple[float, float] | None:
    """Return the years that a term for the age at onset stands for, or None for another term."""
    node = matcher.node(item.given)
    ranges = [
        years
        for term, years in matcher.table.onset_classes.items()
        if term == node or term in matcher.implied(node)
    ]
    return min(ranges, key=lambda years: years[1] - years[0], default=None)


def _is_one_sided(case: Case, matcher: Matcher) -> bool:
    """Tell whether some weakness or wasting of a limb is told of one side, and none of both."""
    sides: dict[str, set[str]] = {}
    for item in case.observations:
        node = matcher.node(item.given)
        if item.status == "present" and _SIDED & {node, *matcher.implied(node)}:
            sides.setdefault(node, set()).add(item.side)
    return bool(sides) and all(
        len(told) == 1 and told <= {"R", "L", "one"} for told in sides.values()
    )


# --- The person ------------------------------------------------------------------------------


def person(case: Case, matcher: Matcher, settings: Settings) -> Iterator[Counted]:
    """Yield what sex and age say."""
    table = matcher.table
    if case.sex and _SEX in table.cells:
        yield _sex(case.sex, table, settings)
    age = _age(case, matcher, settings)
    if age is not None:
        yield age


def _sex(sex: str, table: DifferentialTable, settings: Settings) -> Counted:
    cells = table.cells[_SEX]
    likelihoods: list[float | None] = []
    for cell in cells:
        if cell is None:
            likelihoods.append(None)
        else:
            share = cell.mean if sex == "male" else 1 - cell.mean
            likelihoods.append((1 - settings.noise) * share + settings.noise / 2)
    status: Status = "present" if sex == "male" else "excluded"
    match = Match(_SEX, f"{sex} sex", _SEX, "found", cells, ())
    return Counted(Reading(match, status, _SEX), likelihoods, [0.0] * len(cells))


def _age(case: Case, matcher: Matcher, settings: Settings) -> Counted | None:
    """Weigh the age at onset; where only the age at the visit is known, onset lies before it."""
    blur = delay = 0.0
    ranges = [
        years
        for item in case.observations
        if item.status == "present" and (years := onset_class(item, matcher)) is not None
    ]
    if case.onset is not None:
        label, low, high = f"onset at {case.onset:g} years", case.onset - 2.5, case.onset + 2.5
    elif ranges:
        low, high = min(ranges, key=lambda years: years[1] - years[0])
        label = f"onset from {low:g} to {high:g} years"
    elif case.age is not None:
        label, low, high = f"seen at {case.age:g} years", case.age - 2.5, case.age + 2.5
        delay, blur = settings.delay
    else:
        return None
    even = settings.age_noise * (high - low) / settings.span
    likelihoods: list[float | None] = []
    for pair in matcher.table.onset:
        if pair is None:
            likelihoods.append(None)
            continue
        mean, narrow = pair[0] + delay, math.hypot(pair[1], blur)
        shares = [
            _normal(high, mean, deviation) - _normal(low, mean, deviation)
            for deviation in (narrow, settings.age_stretch * narrow)
        ]
        likelihoods.append((1 - settings.age_noise) * math.fsum(shares) / 2 + even)
    match = Match(_AGE, label, _AGE, "found", (), ())
    return Counted(Reading(match, "present", _AGE), likelihoods, [0.0] * len(likelihoods))


def _normal(x: float, mean: float, deviation: float) -> float:
    """Return the share of a normal distribution below a value."""
    return 0.5 * math.erfc((mean - x) / (deviation * math.sqrt(2)))
