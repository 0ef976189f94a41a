"""
Score the diseases of the table against what was found in a patient.

For each disease, the likelihood of a finding is the expected share of patients who show it, or do
not. A small part of every report is noise, so no finding alone can prove or refute. Findings that
follow from another one found say nothing more, and those that share a cause count less and less.
What a disease's share is not known for is neutral: it counts as the average of the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from mmn_kg.clinical.match import How, Match, Matcher

Status = Literal["present", "excluded"]

#: The distance from the middle of a normal distribution to either end of its 90% interval.
_Z90: Final = 1.6448536


_TRUST: Final[dict[How, float]] = {"found": 1.0, "bounded": 0.8, "kin": 0.1}


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What the score assumes beyond the table; none of it is about one disease or finding.

    Attributes:
        noise: The share of reports that say no more than how common a finding is in all diseases.
        judged_noise: The same where a share is the curators' judgement.
        dependence: How fast further findings of one group lose weight: the r-th counts
            ``1 / (1 + dependence * r)``.
        excluded: The weight of an absence, less than that of a presence: reports state the
            absence of what was asked about, and few say how it was looked for.
        richness: How much it counts against a disease that it shows many findings, so that it has
            more chances to show any of them: a report tells what was found, not all that was not.
            0 is not at all; 1 takes the findings of a case as drawn from all that the disease
            shows.
        temper: The weight of the whole, below one because findings hang together in more ways
            than the groups know.
        trust: The weight of a finding by how it was matched.
        age_noise: The share of cases whose age says nothing.
        age_stretch: Half of the patients are taken to spread over so many times the deviation of
            the table, which comes from the centres that reported.
        span: The years over which such ages are spread.
        pattern_noise: The share of reports that do not tell how far the weakness extends.
        pattern_cost: The cost in the localiser that makes a pattern e times less probable.
        pattern_floor: The least weight of a pattern that the localiser does not tell.
        delay: Mean and standard deviation of the years from onset to visit, where only the age
            at the visit is known.
    """

    noise: float = 0.03
    judged_noise: float = 0.05
    dependence: float = 0.5
    excluded: float = 0.8
    richness: float = 0.5
    temper: float = 0.8
    trust: Mapping[How, float] = field(default_factory=lambda: dict(_TRUST))
    age_noise: float = 0.1
    age_stretch: float = 2.5
    span: float = 90.0
    pattern_noise: float = 0.25
    pattern_cost: float = 4.0
    pattern_floor: float = 0.1
    delay: tuple[float, float] = (3.0, 6.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A matched term of the case, present or excluded, with the node that it stands for."""

    match: Match
    status: Status
    node: str


@dataclass(slots=True)
class Counted:
    """
    What one reading says, one number a disease.

    Attributes:
        reading: The reading.
        likelihoods: The probability of what was found, given the disease; None is unknown.
        variances: The variance of the logarithm of each.
        weight: How much of it counts: 0 where another finding implies it.
        implied_by: The finding that implies it, or "".
    """

    reading: Reading
    likelihoods: list[float | None]
    variances: list[float]
    weight: float = 1.0
    implied_by: str = ""

    @property
    def spread(self) -> float:
        """How far the reading sets the diseases apart: the deviation of the logarithms."""
        logs = [math.log(p) for p in self.likelihoods if p is not None]
        mean = math.fsum(logs) / len(logs)
        return math.sqrt(math.fsum((x - mean) ** 2 for x in logs) / len(logs))

    @property
    def neutral(self) -> float:
        """The logarithm that stands for an unknown share: the average of the known ones."""
        known = [p for p in self.likelihoods if p is not None]
        return math.log(math.fsum(known) / len(known))

    def log(self, place: int) -> float:
        """Return the logarithm of the likelihood for one disease."""
        p = self.likelihoods[place]
        return self.neutral if p is None else math.log(p)


def count(readings: Sequence[Reading], matcher: Matcher, settings: Settings) -> list[Counted]:
    """Turn readings into likelihoods, with the weight of each after what implies it is found."""
    present = {r.node for r in readings if r.status == "present"}
    excluded = {r.node for r in readings if r.status == "excluded"}
    implied = {node: matcher.implied(node) for node in present | excluded}
    richness = matcher.table.richness
    counted = []
    for reading in readings:
        parent = None
        if reading.status == "excluded":
            parent = _nearest_present(reading, implied, readings)
        item = _likelihoods(reading, parent, settings)
        if reading.status == "present":
            item.likelihoods = [
                p and p / share**settings.richness
                for p, share in zip(item.likelihoods, richness, strict=True)
            ]
        counted.append(item)
    for item in counted:
        node = item.reading.node
        if item.reading.status == "present":
            item.implied_by = next((o for o in sorted(present) if node in implied[o]), "")
        else:
            item.implied_by = next((o for o in sorted(implied[node]) if o in excluded), "")
        item.weight = 0.0 if item.implied_by else 1.0
    _depend(counted, matcher.table.groups, settings)
    return counted


def _nearest_present(
    reading: Reading, implied: Mapping[str, frozenset[str]], readings: Sequence[Reading]
) -> Match | None:
    """Return the narrowest present finding that the excluded one would imply."""
    above = [r for r in readings if r.status == "present" and r.node in implied[reading.node]]
    if not above:
        return None
    return max(above, key=lambda r: len(implied[r.node])).match


def _likelihoods(reading: Reading, parent: Match | None, settings: Settings) -> Counted:
    known = [cell.mean for cell in reading.match.cells if cell is not None]
    base = math.fsum(known) / len(known)
    likelihoods: list[float | None] = []
    variances = []
    for place, cell in enumerate(reading.match.cells):
        if cell is None:
            likelihoods.append(None)
            variances.append(0.0)
            continue
        noise = settings.judged_noise if cell.is_assumed else settings.noise
        share, deviation = cell.mean, (cell.high - cell.low) / (2 * _Z90)
        wider = parent.cells[place] if parent else None
        if wider is not None and wider.mean > 0:
            # Given that the wider finding is there: the share of those who have the narrower too.
            share = min(share / wider.mean, 0.98)
            deviation = min(deviation / wider.mean, 0.3)
        share = (1 - noise) * share + noise * base
        p = share if reading.status == "present" else 1 - share
        p = min(max(p, 0.002), 0.998)
        likelihoods.append(p)
        variances.append(min((deviation / p) ** 2, 1.0))
    return Counted(reading, likelihoods, variances)


def _depend(
    counted: Sequence[Counted], groups: Mapping[str, Sequence[str]], settings: Settings
) -> None:
    """Lower the weight of findings that share a group with one that says more."""
    seen: dict[str, int] = {}
    for item in sorted(counted, key=lambda c: (-c.spread, c.reading.node)):
        if item.weight == 0:
            continue
        own = {group for term in item.reading.match.group for group in groups.get(term, ())}
        rank = max((seen.get(group, 0) for group in own), default=0)
        item.weight /= 1 + settings.dependence * rank
        item.weight *= settings.trust[item.reading.match.how]
        if item.reading.status == "excluded":
            item.weight *= settings.excluded
        for group in own:
            seen[group] = seen.get(group, 0) + 1


@dataclass(slots=True)
class Scores:
    """The sum for each disease: the logarithm of the score, and its variance."""

    logs: list[float]
    variances: list[float]

    def posterior(self) -> list[float]:
        """Return the probabilities."""
        return softmax(self.logs)


def total(counted: Sequence[Counted], priors: Sequence[float], settings: Settings) -> Scores:
    """Add up what was found, on top of the prior probabilities."""
    logs = [math.log(prior) for prior in priors]
    variances = [0.0] * len(priors)
    for item in counted:
        weight = item.weight * settings.temper
        for place in range(len(priors)):
            logs[place] += weight * item.log(place)
            variances[place] += weight**2 * item.variances[place]
    return Scores(logs, variances)


def softmax(logs: Sequence[float]) -> list[float]:
    """
    Return probabilities in proportion to the exponentials.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(logs)
    weights = [math.exp(x - top) for x in logs]
    whole = math.fsum(weights)
    return [weight / whole for weight in weights]
