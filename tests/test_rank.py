"""The differential: likelihood ratios from the table, and what a case may do to them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import ranking
from mmn_kg import errors
from mmn_kg.clinical.case import Case, Observation, Strength, build_case, read_case
from mmn_kg.clinical.differential import tabulate
from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.rank import rank, read_prior
from mmn_kg.clinical.ranking import Ranking
from mmn_kg.clinical.score import Settings
from mmn_kg.clinical.table import DifferentialTable
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT, Run

MMN = "mmn:MultifocalMotorNeuropathy"
ALS = "mmn:AmyotrophicLateralSclerosis"
CASES = ROOT / "docs" / "cases"


@pytest.fixture(scope="module")
def table() -> DifferentialTable:
    """Give the compiled table."""
    return DifferentialTable.shipped()


@pytest.fixture(scope="module")
def matcher(table: DifferentialTable) -> Matcher:
    """Give a matcher over the compiled table."""
    return Matcher(table, Hierarchy.shipped())


def case(*features: str, **more: Any) -> Case:
    """Build a case of terms; a leading ``-`` means excluded."""
    return build_case(
        {
            "id": "test",
            "phenotypicFeatures": [
                {"type": {"id": term.lstrip("-")}, "excluded": term.startswith("-")}
                for term in features
            ],
            **more,
        }
    )


def posterior(found: Ranking, disease: str) -> float:
    """Return the posterior of a disease."""
    return next(place.posterior for place in found.places if place.disease.id == disease)


def ratio(found: Ranking, disease: str, finding: str) -> float:
    """Return the log10 likelihood ratio that a finding contributes to a disease."""
    place = next(place for place in found.places if place.disease.id == disease)
    return next(item.log10_lr for item in place.contributions if item.finding == finding)


# --- The table -------------------------------------------------------------------------------


def test_the_shipped_table_is_that_of_the_graph(table: DifferentialTable) -> None:
    """What is compiled is what the graph and its assumptions say."""
    graph = KnowledgeGraph.load(ROOT / "ontology" / "mmn-kg-assumptions.ttl")

    assert tabulate(graph) == table


def test_a_graph_without_assumptions_is_refused(kg: KnowledgeGraph) -> None:
    """The table needs the assumptions, and says which file holds them."""
    with pytest.raises(errors.InputError, match="mmn-kg-assumptions"):
        tabulate(kg)


def test_the_table_holds_25_diseases(table: DifferentialTable) -> None:
    """Each disease of the matrix has an age at onset, a weight in the case-mix and cells."""
    assert len(table.diseases) == 25
    assert None not in table.onset
    assert None not in table.casemix
    for row in table.cells.values():
        assert len(row) == 25
        for cell in row:
            assert cell is None or 0 <= cell.low <= cell.mean <= cell.high <= 1


def test_shares_of_the_patterns_add_up(table: DifferentialTable) -> None:
    """A patient has one pattern of weakness, and a pattern has one extent."""
    for place in range(25):
        shares = [
            cell.mean
            for pattern in table.patterns
            if pattern in table.cells and (cell := table.cells[pattern][place]) is not None
        ]
        assert math.isclose(math.fsum(shares), 1, abs_tol=0.02)
    for extents in table.extents.values():
        assert math.isclose(math.fsum(extents.values()), 1)


def test_tempo_adds_up(table: DifferentialTable) -> None:
    """Onset within 4, over 4 to 12, and over more than 12 weeks are all there is."""
    for place, disease in enumerate(table.diseases):
        shares = [
            cell.mean
            for tempo in ("mmn:AbruptOnset", "mmn:SubacuteOnset", "mmn:ChronicOnset")
            if (cell := table.cells[tempo][place]) is not None
        ]
        assert math.isclose(math.fsum(shares), 1, abs_tol=0.03), disease.id


def test_implications_have_no_circle(table: DifferentialTable) -> None:
    """No finding implies itself by a roundabout way."""
    for start in table.parents:
        seen, queue = set(), [start]
        while queue:
            for parent in table.parents.get(queue.pop(), ()):
                assert parent != start, start
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)


# --- Vocabulary ------------------------------------------------------------------------------


def matched(matcher: Matcher, term: str) -> Match:
    """Return the match of a term that must have one."""
    found = matcher.match(term)
    assert isinstance(found, Match), found
    return found


def test_a_term_of_hpo_is_found(matcher: Matcher) -> None:
    """An identifier that the graph maps is read as our finding, a former one too."""
    assert matched(matcher, "HP:0002380").matched == "mmn:Fasciculation"
    assert matched(matcher, "HP:0002380").how == "found"


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("HP:0031189", "mmn:WristOrFingerDrop"), ("HP:0030192", "mmn:FatigableWeakness")],
)
def test_a_narrower_term_is_bounded_from_above(matcher: Matcher, narrow: str, wide: str) -> None:
    """A term below a known finding is at most as frequent, with a wider interval."""
    found = matched(matcher, narrow)

    assert found.how == "bounded"
    for bound, known in zip(found.cells, matcher.table.cells[wide], strict=True):
        assert (bound is None) == (known is None)
        if bound is not None and known is not None:
            assert bound.mean <= known.mean
            assert bound.low == 0


def test_a_wider_term_is_bounded_from_below(matcher: Matcher) -> None:
    """A term above known findings is at least as frequent as each, at most their union."""
    found = matched(matcher, "HP:0100022")  # abnormality of movement

    below = [
        matcher.table.cells[finding]
        for finding in matcher.table.cells
        if "HP:0100022" in matcher.implied(finding)
    ]
    assert len(below) > 2
    for place, bound in enumerate(found.cells):
        known = [row[place] for row in below if row[place] is not None]
        assert bound is not None
        assert bound.mean >= max(cell.mean for cell in known if cell) - 1e-9
        assert bound.mean <= 1 - math.prod(1 - cell.mean for cell in known if cell) + 1e-9


def test_kin_count_little_and_say_so(matcher: Matcher) -> None:
    """A term that only shares a wider term with known findings is marked as kin."""
    assert matched(matcher, "HP:0025329").how == "kin"  # anti-GAD antibody
    assert Settings().trust["kin"] < Settings().trust["bounded"] < Settings().trust["found"]


def test_what_finds_nothing_is_listed_with_its_reason() -> None:
    """A term without a place near the table, or of no vocabulary of ours, is ignored by name."""
    found = rank(case("HP:0000365", "HP:0031189", "HP:0009999"))

    told = dict(found.ignored)
    assert "no finding of the table" in told["HP:0000365"]
    assert "no such term" in told["HP:0009999"]


@pytest.mark.parametrize("vocabulary", ["annotations", *ranking.BRANCHES])
def test_at_least_nine_terms_in_ten_are_matched(matcher: Matcher, vocabulary: str) -> None:
    """Of what HPO annotates the diseases with, and of each neurological branch, 90% match."""
    if vocabulary == "annotations":
        terms = ranking.annotations()
    else:
        terms = {vocabulary, *matcher.hierarchy.descendants(vocabulary)}
    matched = sum(isinstance(matcher.match(term), Match) for term in terms)

    assert len(terms) > 5
    assert matched / len(terms) >= 0.9


def test_our_hierarchy_repairs_that_of_hpo(matcher: Matcher) -> None:
    """Tingling is no sensory impairment and lively reflexes no pyramidal sign, as HPO has it."""
    hpo = Hierarchy.shipped()

    assert hpo.is_below("HP:0003401", "HP:0003474")
    assert "mmn:SensoryImpairment" not in matcher.implied("mmn:Paresthesia")
    assert "mmn:UpperMotorNeuronSign" not in matcher.implied("mmn:BriskReflexes")
    assert "mmn:UpperMotorNeuronSign" in matcher.implied("mmn:BabinskiSign")
    assert "mmn:MuscleWeakness" in matcher.implied(matcher.node("HP:0030237"))


# --- The score -------------------------------------------------------------------------------


def test_a_typical_case_comes_first() -> None:
    """Wrist drop with block, cramps and no sensory loss is MMN before all others."""
    found = rank(read_case(CASES / "typical-mmn.json"))

    assert found.places[0].disease.id == MMN
    assert found.places[0].posterior > 0.5


def test_posteriors_are_probabilities() -> None:
    """They add up to one, lie in their intervals, and so do the chances to be first."""
    found = rank(case("HP:0031189", "HP:0012078", "-HP:0003474"))

    assert math.isclose(math.fsum(p.posterior for p in found.places), 1)
    assert math.isclose(math.fsum(p.probability_first for p in found.places), 1)
    assert [p.rank for p in found.places] == list(range(1, 26))
    for place in found.places:
        assert 0 <= place.low <= place.high <= 1


def test_presence_and_exclusion_pull_apart() -> None:
    """A Babinski sign speaks for ALS against MMN; its absence the other way, by less."""
    present = rank(case("HP:0003487", "HP:0002380"))
    absent = rank(case("-HP:0003487", "HP:0002380"))

    assert ratio(present, ALS, "HP:0003487") > 0 > ratio(present, MMN, "HP:0003487")
    assert ratio(absent, ALS, "HP:0003487") < 0 < ratio(absent, MMN, "HP:0003487")


def test_an_exclusion_in_part_excludes_no_finding() -> None:
    """What is excluded on one side or for one severity may be there otherwise, in any order."""
    drop, right, left = ({"id": term} for term in ("HP:0031189", "HP:0012834", "HP:0012835"))
    there = {"type": drop, "modifiers": [right]}
    not_left = {"type": drop, "modifiers": [left], "excluded": True}
    not_severe = {"type": drop, "severity": {"id": "HP:0012828"}, "excluded": True}

    def told(*features: dict[str, Any]) -> Ranking:
        packet = {"id": "x", "subject": {"sex": "MALE"}, "phenotypicFeatures": list(features)}
        return rank(build_case(packet))

    assert told(not_left, there).places == told(there, not_left).places
    assert ratio(told(not_left, there), "mmn:RadialNeuropathy", "HP:0031189") > 0
    for partial, word in ((not_left, "side"), (not_severe, "severity")):
        found = told(partial)
        assert not any(c.finding == "HP:0031189" for c in found.places[0].contributions)
        assert f"one {word} alone" in dict(found.ignored)["HP:0031189"]


def test_silence_says_nothing() -> None:
    """A finding not assessed, or not assessable, changes no probability."""
    plain = case("HP:0031189", "HP:0002380")
    silent = replace(
        plain,
        observations=(
            *plain.observations,
            Observation("HP:0003487", "", "not assessed", "", "", None),
            Observation("HP:0012078", "", "not assessable", "", "", None),
        ),
    )

    assert [p.posterior for p in rank(silent).places] == [p.posterior for p in rank(plain).places]
    assert {what for what, _ in rank(silent).ignored} == {"HP:0003487", "HP:0012078"}


def test_what_is_implied_says_nothing_more() -> None:
    """Muscle weakness beside wrist drop, which implies it, changes no probability."""
    narrow = rank(case("HP:0031189"))
    both = rank(case("HP:0031189", "HP:0001324"))

    assert [p.posterior for p in both.places] == pytest.approx([p.posterior for p in narrow.places])
    item = next(c for c in both.places[0].contributions if c.finding == "HP:0001324")
    assert (item.weight, item.implied_by) == (0, "mmn:WristDrop")


def test_findings_of_one_cause_do_not_count_twice() -> None:
    """Three bulbar signs say less than three times one."""
    one = rank(case("HP:0002015"))
    three = rank(case("HP:0002015", "HP:0001260", "HP:0001618"))

    gain_one = math.log(posterior(one, ALS) / posterior(one, MMN))
    gain_three = math.log(posterior(three, ALS) / posterior(three, MMN))
    assert gain_one < gain_three < 2.2 * gain_one


def test_an_unknown_share_is_neutral_and_says_so(table: DifferentialTable) -> None:
    """Where it is not known how often a disease shows a finding, its odds are the average."""
    finding, place = next(
        (finding, row.index(None))
        for finding, row in table.cells.items()
        if None in row and sum(c is not None for c in row) > 5 and finding not in table.patterns
    )
    found = rank(case(finding, "HP:0002380"))
    disease = table.diseases[place].id
    shown = next(p for p in found.places if p.disease.id == disease)
    item = next(c for c in shown.contributions if c.finding == finding)

    assert item.unknown
    assert abs(item.log10_lr) < 0.01


def test_no_finding_alone_is_proof() -> None:
    """The strongest single finding leaves every disease a chance, unlike fixed 1 in 1000."""
    for term in ("HP:0034118", "HP:0025629", "HP:0410399", "HP:0003487", "HP:0012078"):
        for found in (rank(case(term)), rank(case("-" + term, "HP:0001324"))):
            assert min(p.posterior for p in found.places) > 1e-4


def test_each_contribution_carries_its_basis(kg: KnowledgeGraph) -> None:
    """Evidence is named by ids that the graph holds; a share without a source says so."""
    found = rank(read_case(CASES / "typical-mmn.json"))
    items = [item for place in found.places for item in place.contributions]
    named = {e for item in items for e in item.evidence}

    assert any(not item.assumed for item in items)
    assert any(item.assumed for item in items)
    assert len(named) > 10
    for evidence in named:
        assert kg.ask(f"ASK {{ <{kg.find(evidence)}> a <https://w3id.org/mmn-kg/Evidence> }}")


def test_sex_and_age_are_findings() -> None:
    """A boy of sixteen with hand wasting is Hirayama's rather than ALS; a man of 66 is not."""
    wasting = ("HP:0009130", "HP:0030237")
    young = rank(
        case(
            *wasting,
            subject={"sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P17Y"}}},
        )
    )
    old = rank(
        case(
            *wasting,
            subject={"sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P66Y"}}},
        )
    )

    assert posterior(young, "mmn:HirayamaDisease") > 10 * posterior(young, ALS)
    assert posterior(old, ALS) > posterior(old, "mmn:HirayamaDisease")


def test_an_onset_told_as_a_term_counts_as_age() -> None:
    """Juvenile onset and an onset at ten years pull the same way; the term is no finding."""
    term = rank(case("HP:0003621", "HP:0030237"))

    labels = [c.label for c in term.places[0].contributions]
    assert "onset from 5 to 15 years" in labels
    assert posterior(term, "mmn:HirayamaDisease") > posterior(term, ALS)


def test_one_side_makes_it_asymmetric() -> None:
    """Weakness told of one side is asymmetric weakness; of both sides it is not."""

    def sided(*sides: str) -> list[str]:
        packet = {
            "phenotypicFeatures": [
                {"type": {"id": "HP:0030237"}, "modifiers": [{"id": side}]} for side in sides
            ]
        }
        found = rank(build_case(packet))
        return [c.finding for c in found.places[0].contributions]

    assert "mmn:AsymmetricLimbWeakness" in sided("HP:0012834")
    assert "mmn:AsymmetricLimbWeakness" in sided("HP:0012833")
    assert "mmn:AsymmetricLimbWeakness" not in sided("HP:0012832")
    assert "mmn:AsymmetricLimbWeakness" not in sided("HP:0012834", "HP:0012835")


@pytest.mark.parametrize(
    ("features", "extent"),
    [
        (["HP:0030237"], "both arms involved or one limb involved"),
        (["HP:0030237", "HP:0009027"], "arms and legs involved"),
        (["HP:0002015"], "head involved"),
        (["HP:0002015", "HP:0009027"], "head and limbs involved"),
    ],
)
def test_the_extent_of_weakness_is_a_finding(features: list[str], extent: str) -> None:
    """How far the weakness extends is read from the regions that are told."""
    labels = [c.label for c in rank(case(*features)).places[0].contributions]

    assert extent in labels


def test_the_order_of_findings_does_not_matter() -> None:
    """Neither order nor repetition changes a ranking."""
    one = rank(case("HP:0031189", "HP:0002380", "-HP:0003474"))
    two = rank(case("-HP:0003474", "HP:0002380", "HP:0031189", "HP:0002380"))

    assert [p.posterior for p in one.places] == pytest.approx([p.posterior for p in two.places])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_case_ranks(table: DifferentialTable, matcher: Matcher, data: st.DataObject) -> None:
    """Whatever findings are given, the outcome is probabilities and names what was not used."""
    terms = data.draw(
        st.lists(st.sampled_from(sorted(matcher.hierarchy)), max_size=30, unique=True)
    )
    marks = data.draw(st.lists(st.booleans(), min_size=len(terms), max_size=len(terms)))
    features = [("-" if mark else "") + term for mark, term in zip(marks, terms, strict=True)]
    try:
        found = rank(case("HP:0001324", *features), table=table, hierarchy=matcher.hierarchy)
    except errors.CaseError:  # a term present whose ancestor is excluded: refused, as promised
        return

    assert math.isclose(math.fsum(p.posterior for p in found.places), 1)
    used = {c.finding for c in found.places[0].contributions} | {what for what, _ in found.ignored}
    onset = {t for t in terms if "HP:0003674" in dict(matcher.hierarchy.ancestors(t))}
    assert set(terms) - used <= onset | {
        t for t in terms if matcher.node(t) in map(matcher.node, used)
    }


# --- Next tests ------------------------------------------------------------------------------


def test_next_tests_are_not_yet_known() -> None:
    """No finding is proposed that was assessed, is implied, or is ruled out with a wider one."""
    found = rank(case("HP:0031189", "-HP:0003474"))
    proposed = {test.finding for test in found.next_tests}

    assert not proposed & {"mmn:WristDrop", "mmn:WristOrFingerDrop", "mmn:MuscleWeakness"}
    assert not proposed & {"mmn:SensoryImpairment", "mmn:DistalSensoryImpairment", "mmn:MaleSex"}
    bits = [test.bits for test in found.next_tests]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > bits[-1] >= 0


def test_the_best_next_test_helps() -> None:
    """Told either way, the first proposal sharpens the differential more than a late one."""
    start = ("HP:0031189", "HP:0002380")
    found = rank(case(*start))
    best, late = found.next_tests[0], found.next_tests[-1]

    def entropy(found: Ranking) -> float:
        return -sum(p.posterior * math.log2(p.posterior) for p in found.places)

    def after(test: Any) -> float:
        yes, no = (rank(case(*start, mark + test.finding)) for mark in ("", "-"))
        return test.chance * entropy(yes) + (1 - test.chance) * entropy(no)

    assert after(best) < after(late)


def test_a_next_test_tells_what_it_would_do() -> None:
    """What a proposal foretells of the first two diseases moves their odds the way it is told."""
    found = rank(case("HP:0031189", "HP:0002380"))
    test = found.next_tests[0]
    first, second = (place.posterior for place in found.places[:2])

    odds = [pair[0] / pair[1] for pair in (test.if_present, test.if_absent)]
    assert min(odds) <= first / second <= max(odds)


# --- Priors ----------------------------------------------------------------------------------


def test_the_case_mix_favours_the_common() -> None:
    """In the case-mix, carpal tunnel syndrome gains on MMN, and the prior is named."""
    features = ("HP:0003401", "HP:0030237")
    even, mix = rank(case(*features)), rank(case(*features), prior="casemix")
    carpal = "mmn:CarpalTunnelSyndrome"

    assert mix.prior == "casemix"
    assert posterior(mix, carpal) / posterior(mix, MMN) > 100 * (
        posterior(even, carpal) / posterior(even, MMN)
    )


def test_a_prior_of_ones_own(tmp_path: Path) -> None:
    """A file gives weights by CURIE, label or MONDO identifier; ``other`` stands for the rest."""
    path = tmp_path / "prior.json"
    path.write_text('{"mmn:MultifocalMotorNeuropathy": 50, "MONDO:0004976": 2, "other": 1}')
    same = tmp_path / "prior.yaml"
    same.write_text("mmn:MultifocalMotorNeuropathy: 50\nMONDO:0004976: 2\nother: 1\n")
    own = rank(case("HP:0030237"), prior=read_prior(path))
    even = rank(case("HP:0030237"))

    assert own.prior == "own"
    assert read_prior(same) == read_prior(path)
    assert posterior(own, MMN) / posterior(own, ALS) == pytest.approx(
        25 * posterior(even, MMN) / posterior(even, ALS)
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"mmn:Nonsense": 1, "other": 1}', "no disease of the table: the nearest are"),
        ('{"mmn:MultifocalMotorNeuropathy": 1}', "no weight above zero"),
        ('{"mmn:MultifocalMotorNeuropathy": -1, "other": 1}', "no weight above zero"),
        ('{"other": true}', "a number by disease"),
        ("[1]", "a number by disease"),
        ("{", r"prior\.json:1: malformed JSON .* a prior is uniform, casemix"),
        ('{"MMN": 1e999, "other": 1}', "a weight of inf: use"),
        ('{"MMN": 1e308, "ALS": 1e308, "other": 1}', "a weight of 1e.308: use"),
        ('{"MMN": 5e-324, "other": 1}', "a weight of 4.94.*: use"),
        ('{"MMN": NaN, "other": 1}', "NaN is no number"),
        ('{"MMN": 1, "mmn:MultifocalMotorNeuropathy": 2, "other": 1}', "twice"),
        ('{"other": 1, "other": 2}', "twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"other": ' + "9" * 5000 + "}", "a number is too long"),
    ],
    ids=lambda value: value[:30],
)
def test_a_bad_prior_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    """A prior that does not fit is told, with what to do."""
    path = tmp_path / "prior.json"
    path.write_text(text)

    with pytest.raises(errors.MmnError, match=told) as caught:
        rank(case("HP:0030237"), prior=read_prior(path))
    assert "\n" not in str(caught.value)


def test_a_prior_that_is_no_number_is_refused() -> None:
    """From Python a weight may be NaN; it is refused, not ranked with."""
    with pytest.raises(errors.ParameterError, match="no weight above zero"):
        rank(case("HP:0030237"), prior={MMN: float("nan"), "other": 1})


# --- The command -----------------------------------------------------------------------------


def test_rank_prints_the_promised_json(run: Run) -> None:
    """``rank --format json`` has the keys that others build on."""
    found = run("rank", CASES / "typical-mmn.json", "--format", "json")
    document = json.loads(found.stdout)

    assert found.returncode == 0, found.stderr
    assert {"case", "ranking", "ignored", "next_tests"} <= document.keys()
    place = document["ranking"][0]
    assert {
        *("disease", "label", "mondo", "rank", "posterior", "low", "high"),
        *("probability_first", "contributions"),
    } <= place.keys()
    assert {
        *("finding", "label", "status", "log10_lr", "low", "high", "matched", "evidence"),
    } <= place["contributions"][0].keys()
    assert {"finding", "label", "expected_information_bits"} <= document["next_tests"][0].keys()
    assert "not medical advice" in document["notice"]


def test_rank_tells_people(run: Run) -> None:
    """The text names the diseases, the findings, the next tests, and that it is no advice."""
    found = run("rank", CASES / "typical-mmn.yaml")

    assert "multifocal motor neuropathy" in found.stdout
    assert "What to assess next" in found.stdout
    assert "not medical advice" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.json"], "nowhere.json"),
        ([str(CASES / "typical-mmn.json"), "--prior", "nowhere.json"], "no such file"),
        ([str(CASES / "typical-mmn.json"), "--prior", "casmix"], "a prior is uniform, casemix"),
    ],
)
def test_bad_input_is_one_line(run: Run, arguments: list[str], told: str) -> None:
    """A file that cannot be read ends with 2 and one line."""
    found = run("rank", *arguments)

    assert found.returncode == 2
    assert told in found.stderr
    assert found.stderr.count("\n") == 1
    assert not found.stdout


def test_texts_of_a_case_cannot_drive_the_terminal() -> None:
    """Line breaks and escape sequences in an id or a label are printed as spaces."""
    drop = {"id": "HP:0031189", "label": "Wrist\n\x1b[2J drop"}
    text = rank(
        build_case({"id": "a\x1b[31m\nb", "phenotypicFeatures": [{"type": drop}]})
    ).to_text()

    assert text.startswith("a [31m b (prior: uniform)")
    assert "Wrist [2J drop" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_contradictory_findings_are_refused(run: Run, tmp_path: Path) -> None:
    """A term present while its ancestor is excluded is one line and 2."""
    path = tmp_path / "case.json"
    features = [
        {"type": {"id": "HP:0031189"}},
        {"type": {"id": "HP:0001324"}, "excluded": True},
    ]
    path.write_text(json.dumps({"id": "x", "phenotypicFeatures": features}))
    found = run("rank", path)

    assert found.returncode == 2
    assert "HP:0001324" in found.stderr
    assert found.stderr.count("\n") == 1


def test_rank_loads_no_heavy_library(run: Run) -> None:
    """A ranking needs neither the graph nor rdflib, so that it starts at once."""
    code = (
        "import sys; from mmn_kg.clinical.case import read_case; "
        "from mmn_kg.clinical.rank import rank; "
        f"rank(read_case({str(CASES / 'typical-mmn.json')!r})); "
        "sys.exit(bool({'rdflib', 'networkx', 'numpy', 'pyshacl'} & set(sys.modules)))"
    )
    import subprocess
    import sys

    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
    assert run("rank", "--help").returncode == 0


# --- Measurements ----------------------------------------------------------------------------


def measured(assay: str, value: dict[str, Any], description: str = "") -> dict[str, Any]:
    """Return one measurement of a packet."""
    found: dict[str, Any] = {"assay": {"id": assay}, "value": value}
    return found | ({"description": description} if description else {})


def test_a_result_beyond_the_range_is_a_finding() -> None:
    """Protein above the laboratory's upper limit is raised protein; below it, it is not raised."""

    def status(value: float) -> str:
        quantity = {
            "quantity": {
                "unit": {"id": "mmn:GramPerLitre"},
                "value": value,
                "referenceRange": {"unit": {"id": "mmn:GramPerLitre"}, "low": 0.15, "high": 0.45},
            }
        }
        found = rank(case("HP:0001324", measurements=[measured("mmn:RaisedCSFProtein", quantity)]))
        items = found.places[0].contributions
        return next(c.status for c in items if c.finding == "mmn:RaisedCSFProtein")

    assert status(0.9) == "present"
    assert status(0.3) == "excluded"


def test_an_antibody_result_is_a_finding() -> None:
    """Positive anti-GM1 IgM raises MMN, a negative one lowers it."""

    def chance(word: str) -> float:
        value = {"ontologyClass": {"id": "mmn:x", "label": word}}
        return posterior(
            rank(case("HP:0030237", measurements=[measured("mmn:AntiGM1IgMPositivity", value)])),
            MMN,
        )

    assert chance("Positive") > chance("Negative")


def test_a_drop_of_half_the_area_is_block() -> None:
    """A CMAP area that halves is a block; a smaller drop in one nerve rules nothing out."""

    def found(drop: float) -> Ranking:
        quantity = {"quantity": {"unit": {"id": "mmn:Percent"}, "value": drop}}
        packet = measured("mmn:CmapAreaReduction", quantity) | {
            "procedure": {
                "code": {"id": "mmn:NerveConductionStudy"},
                "bodySite": {"id": "mmn:UlnarNerve"},
            }
        }
        return rank(case("HP:0030237", measurements=[packet]))

    assert posterior(found(55), MMN) > posterior(found(20), MMN)
    assert "mmn:CmapAreaReduction" in dict(found(20).ignored)


@pytest.mark.parametrize("site", ["mmn:Nonsense", "mmn:UlnarNerve", "UBERON:0000955"])
def test_a_strength_without_a_place_is_listed(site: str) -> None:
    """A grade of something that is no muscle or movement is not dropped in silence."""
    grade = measured(
        "mmn:MuscleStrength",
        {"quantity": {"unit": {"id": "mmn:MrcGrade"}, "value": 2}},
        "side: right",
    )
    grades = []
    for place in (site, "mmn:Deltoid"):
        procedure = {"code": {"id": "mmn:ClinicalExamination"}, "bodySite": {"id": place}}
        grades.append(grade | {"procedure": procedure})
    found = rank(build_case({"id": "x", "subject": {"sex": "MALE"}, "measurements": grades}))

    assert [what for what, _ in found.ignored] == [site]
    assert "no muscle or movement" in found.ignored[0][1]


def test_a_weak_muscle_is_a_finding() -> None:
    """A grade below 5 of the first dorsal interosseous is its weakness, on its side."""

    def found(grade: float) -> list[str]:
        strength = Strength("mmn:FirstDorsalInterosseous", "", "R", grade)
        items = rank(replace(case("HP:0002380"), strengths=(strength,))).places[0].contributions
        return [item.finding for item in items]

    assert "mmn:FirstDorsalInterosseousWeakness" in found(2)
    assert "mmn:AsymmetricLimbWeakness" in found(2)
    assert "mmn:FirstDorsalInterosseousWeakness" not in found(5)
