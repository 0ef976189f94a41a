"""
Rank the diseases of the table for one case, and say what to test next.

The differential rests on likelihood ratios: see docs/clinical.md for the model, and
`mmn_kg.clinical.score` for the sums. It teaches and informs; it is not medical advice.
"""

from __future__ import annotations

import difflib
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mmn_kg import errors
from mmn_kg.clinical.case import Case
from mmn_kg.clinical.consistency import check_consistency
from mmn_kg.clinical.distribution import distribution, signs_of_weakness, unplaced
from mmn_kg.clinical.document import read_document
from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.information import next_tests
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.match import Matcher
from mmn_kg.clinical.ranking import Contribution, Place, Ranking
from mmn_kg.clinical.reading import Readings, person
from mmn_kg.clinical.score import Counted, Settings, count, softmax, total
from mmn_kg.clinical.table import DifferentialTable

#: Draws of the shares within their intervals, for the interval of each posterior.
_DRAWS: Final = 1_000
_SEED: Final = 20_260_701
_LN10: Final = math.log(10)
#: The weights that a prior may give, so that no sum of them loses a disease.
_LEAST: Final = 1e-12
_MOST: Final = 1e12


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
    check_consistency(case, matcher.hierarchy)
    settings = settings or Settings()
    case = _with_signs(case)
    readings = Readings(case, matcher)
    counted = count(readings.found, matcher, settings)
    counted += [*person(case, matcher, settings), *distribution(case, matcher, settings)]
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
    ignored = (*readings.ignored, *unplaced(case, matcher))
    return Ranking(case.id, name, places, ignored, tuple(tests))


def _with_signs(case: Case) -> Case:
    """Add the signs that the grades of strength show."""
    if not case.strengths:
        return case
    told = {item.given for item in case.observations}
    found = dict.fromkeys(
        sign for sign in signs_of_weakness(case, LesionTable.shipped()) if sign.given not in told
    )
    return replace(case, observations=(*case.observations, *found))


def read_prior(path: str | Path) -> dict[str, float]:
    """
    Read a prior of the user's own, JSON or YAML: weight by CURIE or label of the disease.

    Raises:
        InputError: The file cannot be read, or holds no such object.
    """
    try:
        document = read_document(Path(path))
    except errors.InputError as error:
        raise errors.InputError(
            f"{error}: a prior is uniform, casemix or a file with a weight by disease"
        ) from error
    if not isinstance(document, dict) or not all(
        isinstance(weight, int | float) and not isinstance(weight, bool)
        for weight in document.values()
    ):
        raise errors.InputError(f"{path}: a prior is an object with a number by disease")
    return document


def _priors(prior: str | Mapping[str, float], table: DifferentialTable) -> tuple[str, list[float]]:
    if prior == "uniform":
        return "uniform", [1 / len(table.diseases)] * len(table.diseases)
    if prior == "casemix":
        weights = [weight or 0.0 for weight in table.casemix]
    elif isinstance(prior, str):
        raise errors.ParameterError(f"no prior {prior!r}: use uniform, casemix or a file")
    else:
        weights = _own_weights(prior, table)
    for disease, weight in zip(table.diseases, weights, strict=True):
        if not weight > 0:
            raise errors.ParameterError(
                f"the prior gives {disease.id} no weight above zero: "
                "name it, or give 'other' a weight"
            )
        if not _LEAST <= weight <= _MOST:
            raise errors.ParameterError(
                f"the prior gives {disease.id} a weight of {weight:g}: use {_LEAST:g} to {_MOST:g}"
            )
    whole = math.fsum(weights)
    return ("casemix" if prior == "casemix" else "own"), [weight / whole for weight in weights]


def _own_weights(prior: Mapping[str, float], table: DifferentialTable) -> list[float]:
    """Return the weights of the diseases, named by CURIE, label, synonym or MONDO identifier."""
    named: dict[str, float] = {}
    places = {
        name.casefold(): disease.id
        for disease in table.diseases
        for name in (disease.id, disease.label, disease.mondo or "", *disease.names)
    }
    for name, weight in prior.items():
        if name != "other" and name.casefold() not in places:
            near = difflib.get_close_matches(name.casefold(), places, n=3, cutoff=0.0)
            raise errors.ParameterError(
                f"the prior names {name!r}, no disease of the table: the nearest are "
                f"{', '.join(places[match] for match in near)}"
            )
        place = places.get(name.casefold(), "other")
        if place in named:
            raise errors.ParameterError(
                f"the prior names {place} twice, at last as {name!r}: keep one weight of each"
            )
        named[place] = weight
    return [named.get(disease.id, named.get("other", 0.0)) for disease in table.diseases]


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
        drawn = softmax([x + source.gauss(0, 1) * s for x, s in zip(logs, deviations, strict=True)])
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
