"""
Rank the diseases of the table for one case, and say what to test next.

The differential rests on likelihood ratios: see docs/clinical.md for the model, and
`mmn_kg.clinical.score` for the sums. It teaches and informs; it is not medical advice.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mmn_kg import errors
from mmn_kg.clinical.case import Case
from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.score import Counted, Reading, Settings, count, softmax, total
from mmn_kg.clinical.table import Cell, DifferentialTable, Disease

DISCLAIMER: Final = "This informs and teaches. It is not medical advice, and it is no diagnosis."
#: Draws of the shares within their intervals, for the interval of each posterior.
_DRAWS: Final = 1_000
_SEED: Final = 20_260_701
_LN10: Final = math.log(10)


@dataclass(frozen=True, slots=True)
class Contribution:
    """
    What one finding of the case says of one disease.

    Attributes:
        finding: The finding as the case gives it.
        label: Its label.
        status: ``present`` or ``excluded``.
        log10_lr: Decimal logarithm of its likelihood in the disease over that in the others.
        low: Lower end of the 90% interval.
        high: Upper end of the 90% interval.
        matched: The finding of the table that it was read as.
        how: ``found``, ``taken as`` or ``bounded``.
        weight: How much of it counted, from 0 (implied by another finding) to 1.
        implied_by: The finding that implies it, or "".
        assumed: Whether the share is an assumption, without a source for the figure itself.
        unknown: Whether the share is not known for the disease, so that the finding is neutral.
        evidence: The ids of evidence in the graph for the same disease and finding.
    """

    finding: str
    label: str
    status: str
    log10_lr: float
    low: float
    high: float
    matched: str
    how: str
    weight: float
    implied_by: str
    assumed: bool
    unknown: bool
    evidence: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "finding": self.finding,
            "label": self.label,
            "status": self.status,
            "log10_lr": _round(self.log10_lr),
            "low": _round(self.low),
            "high": _round(self.high),
            "matched": self.matched,
            "how": self.how,
            "weight": _round(self.weight),
            "implied_by": self.implied_by or None,
            "assumed": self.assumed,
            "unknown": self.unknown,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Place:
    """
    One disease in the ranking.

    Attributes:
        disease: The disease.
        rank: 1 for the first.
        posterior: Its probability among the diseases of the table, from 0 to 1.
        low: Lower end of the 90% interval that the uncertainty of the shares leaves.
        high: Upper end of it.
        probability_first: How probably it is the first, given that uncertainty.
        contributions: What each finding says of it, the strongest first.
    """

    disease: Disease
    rank: int
    posterior: float
    low: float
    high: float
    probability_first: float
    contributions: tuple[Contribution, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "disease": self.disease.id,
            "label": self.disease.label,
            "mondo": self.disease.mondo,
            "rank": self.rank,
            "posterior": _round(self.posterior),
            "low": _round(self.low),
            "high": _round(self.high),
            "probability_first": _round(self.probability_first),
            "contributions": [item.to_dict() for item in self.contributions],
        }


@dataclass(frozen=True, slots=True)
class NextTest:
    """
    A finding not yet assessed, and what it would tell.

    Attributes:
        finding: The finding.
        label: Its label.
        bits: Expected information about which disease it is, in bits.
        chance: The probability that it is found, given what is known.
        if_present: The posterior of the first and of the second disease, if it is found.
        if_absent: The same, if it is looked for and not found.
    """

    finding: str
    label: str
    bits: float
    chance: float
    if_present: tuple[float, float]
    if_absent: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "finding": self.finding,
            "label": self.label,
            "expected_information_bits": _round(self.bits),
            "chance": _round(self.chance),
            "if_present": [_round(p) for p in self.if_present],
            "if_absent": [_round(p) for p in self.if_absent],
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """
    The differential of one case.

    Attributes:
        case: The id of the case.
        prior: The prior that was used: ``uniform``, ``casemix`` or ``own``.
        places: The diseases, the most probable first.
        ignored: What was not used, each with its reason.
        next_tests: What to assess next, the most informative first.
    """

    case: str
    prior: str
    places: tuple[Place, ...]
    ignored: tuple[tuple[str, str], ...]
    next_tests: tuple[NextTest, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `mmn-kg rank --format json` prints."""
        return {
            "case": self.case,
            "prior": self.prior,
            "ranking": [place.to_dict() for place in self.places],
            "ignored": [{"finding": what, "reason": why} for what, why in self.ignored],
            "next_tests": [test.to_dict() for test in self.next_tests],
            "disclaimer": DISCLAIMER,
        }


def rank(
    case: Case,
    *,
    prior: str | Mapping[str, float] = "uniform",
    table: DifferentialTable | None = None,
    hierarchy: Hierarchy | None = None,
    settings: Settings | None = None,
) -> Ranking:
    """
    Rank the diseases for a case.

    Args:
        case: The case, as `read_case` reads it.
        prior: ``uniform``, ``casemix`` (new cases a year, as far as known), or a weight by CURIE
            of the disease; the key ``other`` stands for the diseases left out.
        table: The differential table; the shipped one by default.
        hierarchy: The slice of HPO; the shipped one by default.
        settings: What the score assumes beyond the table.

    Raises:
        InputError: Nothing in the case can be used, or the prior does not fit.
    """
    table = table or DifferentialTable.shipped()
    matcher = Matcher(table, hierarchy or Hierarchy.shipped())
    settings = settings or Settings()
    readings, ignored = read(case, matcher)
    counted = count(readings, matcher, settings) + list(_person(case, readings, table, settings))
    if not counted:
        raise errors.InputError(
            f"case {case.id!r}: nothing in it can be used: give findings that are present or "
            "excluded, sex or age"
        )
    name, priors = _priors(prior, table)
    scores = total(counted, priors, settings)
    posterior = scores.posterior()
    low, high, first = _uncertainty(scores.logs, scores.variances)
    order = sorted(range(len(posterior)), key=lambda d: (-posterior[d], table.diseases[d].id))
    places = tuple(
        Place(
            table.diseases[d],
            number,
            posterior[d],
            low[d],
            high[d],
            first[d],
            tuple(_contributions(counted, d, priors, settings)),
        )
        for number, d in enumerate(order, 1)
    )
    tests = next_tests(counted, posterior, order, matcher, settings)
    return Ranking(case.id, name, places, tuple(ignored), tuple(tests))


# --- From the case to readings ---------------------------------------------------------------


def read(case: Case, matcher: Matcher) -> tuple[list[Reading], list[tuple[str, str]]]:
    """Match what the case states; return the readings, and what is ignored with its reason."""
    readings: dict[tuple[str, str], Reading] = {}
    ignored = list(case.ignored)
    for item in case.observations:
        node = matcher.node(item.given)
        if item.status not in {"present", "excluded"}:
            ignored.append((item.given, f"{item.status}: nothing follows from it"))
            continue
        if node in matcher.table.onset_classes and item.status == "present":
            continue  # an age at onset, not a finding
        found = matcher.match(item.given, item.label)
        if isinstance(found, str):
            ignored.append((item.given, found))
        elif any(cell is not None for cell in found.cells):
            status = "present" if item.status == "present" else "excluded"
            readings.setdefault((node, status), Reading(found, status, node))
    return list(readings.values()), ignored


def _person(
    case: Case, readings: Sequence[Reading], table: DifferentialTable, settings: Settings
) -> Iterator[Counted]:
    """Yield what sex and age say."""
    del readings
    if case.sex and "mmn:MaleSex" in table.cells:
        cells = table.cells["mmn:MaleSex"]
        match = Match("mmn:MaleSex", f"{case.sex} sex", "mmn:MaleSex", "found", cells, ())
        status = "present" if case.sex == "male" else "excluded"
        likelihoods = [
            None if c is None else c.mean if status == "present" else 1 - c.mean for c in cells
        ]
        yield Counted(
            Reading(match, status, "mmn:MaleSex"),
            [p and min(max(p, 0.01), 0.99) for p in likelihoods],
            [0.0] * len(cells),
        )
    ages = _ages(case, table)
    if ages is not None:
        label, low, high, blur, delay = ages
        likelihoods = []
        for pair in table.onset:
            if pair is None:
                likelihoods.append(None)
                continue
            mean, deviation = pair[0] + delay, math.hypot(pair[1], blur)
            share = _normal(high, mean, deviation) - _normal(low, mean, deviation)
            even = (high - low) / 90
            likelihoods.append((1 - settings.age_noise) * share + settings.age_noise * even)
        match = Match("mmn:AgeAtOnset", label, "mmn:AgeAtOnset", "found", (), ())
        yield Counted(
            Reading(match, "present", "mmn:AgeAtOnset"), likelihoods, [0.0] * len(table.onset)
        )


def _ages(
    case: Case, table: DifferentialTable
) -> tuple[str, float, float, float, float] | None:
    """Return label, range of years, blur and delay for the age at onset, or None if unknown."""
    if case.onset is not None:
        return f"onset at {case.onset:g} years", case.onset - 2.5, case.onset + 2.5, 0, 0
    for item in case.observations:
        if item.status == "present" and item.given in {}:
            pass
    if case.age is not None:
        return f"age {case.age:g} years", case.age - 2.5, case.age + 2.5, 8, 4
    return None


def _normal(x: float, mean: float, deviation: float) -> float:
    return 0.5 * math.erfc((mean - x) / (deviation * math.sqrt(2)))


def _priors(
    prior: str | Mapping[str, float], table: DifferentialTable
) -> tuple[str, list[float]]:
    if prior == "uniform":
        return "uniform", [1 / len(table.diseases)] * len(table.diseases)
    if prior == "casemix":
        weights = [weight or 0.0 for weight in table.casemix]
    elif isinstance(prior, str):
        raise errors.ParameterError(f"no prior {prior!r}: use uniform, casemix or a file")
    else:
        unknown = set(prior) - {d.id for d in table.diseases} - {"other"}
        if unknown:
            raise errors.ParameterError(
                f"the prior names {sorted(unknown)[0]!r}, no disease of the table"
            )
        weights = [prior.get(d.id, prior.get("other", 0.0)) for d in table.diseases]
    if any(not (weight > 0 and math.isfinite(weight)) for weight in weights):
        missing = next(
            d.id for d, weight in zip(table.diseases, weights, strict=True) if not weight > 0
        )
        raise errors.ParameterError(
            f"the prior gives {missing} no weight above zero: name it, or give 'other' a weight"
        )
    whole = math.fsum(weights)
    return ("casemix" if prior == "casemix" else "own"), [weight / whole for weight in weights]


# --- What the scores mean --------------------------------------------------------------------


def _uncertainty(
    logs: Sequence[float], variances: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Draw the scores within their uncertainty; return 5% and 95% points and shares of firsts."""
    source = random.Random(_SEED)  # noqa: S311 -- a simulation, no secret
    deviations = [math.sqrt(v) for v in variances]
    draws: list[list[float]] = [[] for _ in logs]
    firsts = [0] * len(logs)
    for _ in range(_DRAWS):
        drawn = softmax(
            [x + source.gauss(0, 1) * s for x, s in zip(logs, deviations, strict=True)]
        )
        firsts[drawn.index(max(drawn))] += 1
        for place, value in enumerate(drawn):
            draws[place].append(value)
    ends = [(ordered[_DRAWS // 20], ordered[-_DRAWS // 20]) for ordered in map(sorted, draws)]
    return [e[0] for e in ends], [e[1] for e in ends], [n / _DRAWS for n in firsts]


def _contributions(
    counted: Sequence[Counted], place: int, priors: Sequence[float], settings: Settings
) -> Iterator[Contribution]:
    found = []
    for item in counted:
        others = math.fsum(
            prior * math.exp(item.log(d)) for d, prior in enumerate(priors) if d != place
        ) / (1 - priors[place])
        weight = item.weight * settings.temper
        ratio = weight * (item.log(place) - math.log(others)) / _LN10
        margin = 1.645 * weight * math.sqrt(item.variances[place]) / _LN10
        cell = item.reading.match.cells[place] if item.reading.match.cells else None
        found.append(
            Contribution(
                finding=item.reading.match.given,
                label=item.reading.match.label,
                status=item.reading.status,
                log10_lr=ratio,
                low=ratio - margin,
                high=ratio + margin,
                matched=item.reading.match.matched,
                how=item.reading.match.how,
                weight=item.weight,
                implied_by=item.implied_by,
                assumed=cell is None or cell.is_assumed,
                unknown=item.likelihoods[place] is None,
                evidence=cell.evidence if cell else (),
            )
        )
    return iter(sorted(found, key=lambda c: (-abs(c.log10_lr), c.finding)))


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
        weight = settings.temper / (
            1 + settings.dependence * max((used.get(g, 0) for g in table.groups.get(finding, ())), default=0)
        )
        found.append(_test(finding, cells, posterior, order, weight, table, settings))
    return sorted(found, key=lambda t: (-t.bits, t.finding))


#: Findings that are asked of a person, not looked for.
_PERSONAL: Final = frozenset({"mmn:MaleSex", "mmn:AgeAtOnset"})


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
    shares = [
        (1 - noise) * (base if cell is None else cell.mean) + noise * base for cell in cells
    ]
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


def _round(value: float) -> float:
    return round(value, 4)
