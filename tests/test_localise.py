"""Localisation: the classical patterns, exactness, ties, and clear words for bad input."""

from __future__ import annotations

import json
import statistics
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import mmn_kg
from benchmarks.brute import brute, relevant
from mmn_kg import errors
from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.given import MOST, _side
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.localisation import Localisation
from mmn_kg.clinical.localise import localise
from mmn_kg.clinical.pattern import PATTERNS, pattern, pattern_costs
from mmn_kg.clinical.search import search
from tests.conftest import ROOT, Run

TABLE = LesionTable.shipped()

NERVE, ROOT_, PLEXUS = "SingleNerveWeakness", "SingleRootWeakness", "PlexusWeakness"
MULTI, SEGMENT = "MultifocalWeakness", "SegmentalLimbWeakness"
#: Name, weak, spared, the places that may come first (one of them does), the pattern. Read from
#: the patterns of ontology/facts/anatomy-lesions.tsv and what a clinician expects of them.
VIGNETTES = [
    # radial nerve
    (
        "radial nerve at the axilla",
        "triceps; wrist drop; finger drop; brachioradialis",
        "deltoid",
        "RadialNerveAtAxilla",
        NERVE,
    ),
    (
        "radial nerve at the spiral groove",
        "brachioradialis; wrist drop; finger drop",
        "triceps",
        "RadialNerveAtSpiralGroove",
        NERVE,
    ),
    (
        "radial palsy that lowers grip, thumb abduction and key pinch",
        "wrist drop; finger drop; brachioradialis; grip; palmar thumb abduction; key pinch",
        "triceps; FPL",
        "RadialNerveAtSpiralGroove",
        NERVE,
    ),
    (
        "posterior interosseous nerve",
        "finger extension; EPL; ECU; radial thumb abduction",
        "ECRL; brachioradialis; triceps",
        "DeepBranchOfRadialNerveAtRadialTunnel",
        NERVE,
    ),
    (
        "posterior interosseous nerve that spares ECRB and supinator",
        "finger drop; radial drift on wrist extension",
        "ECRL; ECRB; supinator; skin of posterior forearm; triceps",
        "DeepBranchOfRadialNerveAtRadialTunnel PosteriorInterosseousNerveAtArcadeOfFrohse",
        NERVE,
    ),
    (
        "C7",
        "triceps; FCR; pronator teres; finger extension",
        "brachioradialis; deltoid; FDI",
        "C7Root",
        ROOT_,
    ),
    # median nerve
    (
        "anterior interosseous nerve",
        "FPL; FDP2; PQ",
        "APB; FCR; pronator teres; FDS",
        "AnteriorInterosseousNerveAtProximalForearm",
        NERVE,
    ),
    (
        "failed pinch alone, middle finger spared",
        "thumb flexion; index finger flexion",
        "middle finger flexion; APB; FDS",
        "AnteriorInterosseousNerveAtProximalForearm",
        NERVE,
    ),
    (
        "carpal tunnel",
        "APB; opponens pollicis; palmar skin of radial digits",
        "FPL; FDI; thenar skin",
        "MedianNerveAtCarpalTunnel",
        NERVE,
    ),
    (
        "median nerve at the elbow",
        "FCR; FDS; FPL; APB; thenar skin",
        "FDI; triceps; pronator teres",
        "MedianNerveAtElbow",
        NERVE,
    ),
    # ulnar nerve, C8, T1, lower trunk
    (
        "ulnar nerve at the elbow",
        "FDI; ADM; FDP4-5; skin of dorsal ulnar hand",
        "APB; FPL; skin of medial forearm",
        "UlnarNerveAtElbow",
        NERVE,
    ),
    (
        "ulnar nerve at the elbow that spares FCU",
        "FDI; ADM; FDP4-5",
        "APB; FPL; FCU",
        "UlnarNerveAtElbow",
        NERVE,
    ),
    (
        "ulnar nerve at the wrist",
        "FDI; ADM; adductor pollicis; ulnar digits",
        "FDP4-5; APB; skin of dorsal ulnar hand",
        "UlnarNerveAtGuyonCanal",
        NERVE,
    ),
    (
        "deep branch of the ulnar nerve at the wrist",
        "FDI; ADM; adductor pollicis",
        "FDP4-5; APB; ulnar digits",
        "DeepBranchOfUlnarNerveAtGuyonCanal",
        NERVE,
    ),
    (
        "deep branch of the ulnar nerve in the palm",
        "FDI; palmar interosseous of hand; adductor pollicis",
        "ADM; APB; FDP4-5",
        "DeepBranchOfUlnarNerveAtPalm",
        NERVE,
    ),
    (
        "C8",
        "FPL; FDP4-5; EI; ED; skin of little finger",
        "triceps; deltoid; biceps; APB",
        "C8Root",
        ROOT_,
    ),
    ("T1", "APB; FDI; skin of medial upper arm", "FDP4-5; EI; ED", "T1Root", ROOT_),
    (
        "lower trunk",
        "FDI; ADM; APB; FPL; FDP4-5; EI; skin of medial forearm",
        "triceps; pronator teres; deltoid",
        "LowerTrunk",
        PLEXUS,
    ),
    (
        "medial cord",
        "APB; FDI; ADM; FPL; FDP4-5",
        "EI; ED; triceps; FCR",
        "MedialCord",
        PLEXUS,
    ),
    # shoulder
    (
        "axillary nerve",
        "deltoid; teres minor; badge patch over deltoid",
        "biceps; infraspinatus; triceps",
        "AxillaryNerveAtQuadrangularSpace",
        NERVE,
    ),
    (
        "C5",
        "deltoid; biceps; infraspinatus; rhomboid",
        "triceps; pronator teres; FDI",
        "C5Root",
        ROOT_,
    ),
    ("C6", "biceps; brachioradialis; ECRL; skin of thumb", "triceps; FDI", "C6Root", ROOT_),
    (
        "upper trunk",
        "deltoid; biceps; infraspinatus; supraspinatus",
        "rhomboid; serratus anterior; triceps; FDI",
        "UpperTrunk",
        PLEXUS,
    ),
    (
        "posterior cord",
        "deltoid; triceps; wrist drop; finger drop; latissimus dorsi",
        "biceps; FDI; FPL",
        "PosteriorCord",
        PLEXUS,
    ),
    (
        "suprascapular nerve",
        "supraspinatus; infraspinatus",
        "deltoid; biceps",
        "SuprascapularNerveAtSuprascapularNotch",
        NERVE,
    ),
    (
        "suprascapular nerve at the spinoglenoid notch",
        "infraspinatus",
        "supraspinatus; deltoid; biceps; teres minor",
        "SuprascapularNerveAtSpinoglenoidNotch",
        NERVE,
    ),
    (
        "musculocutaneous nerve",
        "biceps; brachialis; skin of lateral forearm",
        "deltoid; brachioradialis; pronator teres",
        "MusculocutaneousNerveAtCoracobrachialis MusculocutaneousNerveAtAxilla",
        NERVE,
    ),
    (
        "long thoracic nerve",
        "serratus anterior",
        "deltoid; rhomboid; triceps; biceps; trapezius",
        "LongThoracicNerve",
        NERVE,
    ),
    (
        "accessory nerve",
        "trapezius; sternocleidomastoid",
        "deltoid; serratus anterior",
        "AccessoryNerve",
        NERVE,
    ),
    # leg
    (
        "common fibular nerve at the fibular head",
        "foot drop; ankle eversion; great toe extension",
        "ankle inversion; ankle plantar flexion; hip abduction",
        "CommonFibularNerveAtFibularHead",
        NERVE,
    ),
    (
        "deep fibular nerve",
        "foot drop; EHL; EDL",
        "fibularis longus; tibialis posterior",
        "DeepFibularNerveBelowFibularHead",
        NERVE,
    ),
    (
        "superficial fibular nerve",
        "fibularis longus; fibularis brevis; skin of dorsum of foot",
        "tibialis anterior; EHL; tibialis posterior",
        "SuperficialFibularNerveBelowFibularHead",
        NERVE,
    ),
    (
        "sciatic nerve",
        "foot drop; ankle inversion; ankle plantar flexion; knee flexion",
        "hip abduction; quadriceps; hip adduction; gluteus maximus",
        "SciaticNerveAtHip",
        NERVE,
    ),
    (
        "L5",
        "tibialis anterior; EHL; tibialis posterior; gluteus medius",
        "quadriceps; gastrocnemius",
        "L5Root",
        ROOT_,
    ),
    (
        "S1",
        "gastrocnemius; gluteus maximus; soleus",
        "tibialis anterior; quadriceps",
        "S1Root",
        ROOT_,
    ),
    (
        "tibial nerve at the knee",
        "ankle plantar flexion; FDL; tibialis posterior; toe flexion",
        "tibialis anterior; fibularis longus; knee flexion",
        "TibialNerveAtPoplitealFossa",
        NERVE,
    ),
    (
        "tarsal tunnel",
        "abductor hallucis; interosseous of foot; skin of sole",
        "FDL; FHL; gastrocnemius",
        "TibialNerveAtTarsalTunnel",
        NERVE,
    ),
    (
        "femoral nerve at the inguinal ligament",
        "quadriceps",
        "iliopsoas; adductor longus; tibialis anterior",
        "FemoralNerveAtInguinalLigament",
        NERVE,
    ),
    (
        "femoral nerve in the pelvis",
        "quadriceps; iliacus; sartorius",
        "adductor longus; tibialis anterior; psoas",
        "FemoralNerveAtPelvis",
        NERVE,
    ),
    (
        "lumbar plexus",
        "iliopsoas; quadriceps; adductor longus; adductor brevis; skin of medial thigh",
        "tibialis anterior; hip abduction",
        "LumbarPlexus",
        PLEXUS,
    ),
    (
        "L4",
        "quadriceps; tibialis anterior; hip adduction",
        "EHL; hip abduction; iliopsoas",
        "L4Root",
        ROOT_,
    ),
    (
        "obturator nerve",
        "adductor longus; gracilis",
        "quadriceps; iliopsoas",
        "ObturatorNerveAtObturatorForamen",
        NERVE,
    ),
    (
        "superior gluteal nerve",
        "hip abduction",
        "tibialis anterior; gluteus maximus; tibialis posterior",
        "SuperiorGlutealNerveAtGreaterSciaticForamen",
        NERVE,
    ),
    ("facial nerve", "R. frontalis; R. orbicularis oculi", "L. frontalis", "FacialNerve", NERVE),
    # several nerves, no focus
    (
        "right radial and left ulnar nerve",
        "R. wrist drop; R. finger drop; R. brachioradialis; L. FDI; L. ADM; L. FDP4-5",
        "R. triceps; R. FDI; L. APB; L. FPL",
        "RadialNerveAtSpiralGroove+UlnarNerveAtElbow",
        MULTI,
    ),
    (
        "three nerves in one arm and a leg",
        "R. wrist drop; R. brachioradialis; R. FDI; R. ADM; R. foot drop; R. ankle eversion",
        "R. triceps; R. APB; R. FPL; R. FDP4-5; R. ankle inversion; R. ulnar digits",
        "RadialNerveAtSpiralGroove+DeepBranchOfUlnarNerveAtGuyonCanal"
        "+CommonFibularNerveAtFibularHead",
        MULTI,
    ),
    (
        "carpal tunnel on both sides",
        "R. APB; L. APB",
        "R. FDI; L. FDI; R. FPL; L. FPL",
        "MedianNerveAtCarpalTunnel+MedianNerveAtCarpalTunnel",
        MULTI,
    ),
    (
        "anterior horn",
        "R. FDI; R. APB; R. deltoid; R. biceps; R. TA; R. quadriceps; L. FDI; L. triceps; "
        "L. gastrocnemius; tongue protrusion",
        "L. deltoid",
        "GeneralisedAnteriorHornWeakness",
        "GeneralisedAnteriorHornWeakness",
    ),
    (
        "length dependent",
        "R. foot drop; L. foot drop; R. ankle plantar flexion; L. ankle plantar flexion; R. EHL; "
        "L. EHL",
        "R. deltoid; L. deltoid; R. hip flexion; L. hip flexion",
        "LengthDependentWeakness",
        "LengthDependentWeakness",
    ),
    (
        "proximal on both sides",
        "R. shoulder abduction; L. shoulder abduction; R. hip flexion; L. hip flexion",
        "R. FDI; L. FDI; R. foot drop; L. foot drop",
        "ProximalSymmetricWeakness",
        "ProximalSymmetricWeakness",
    ),
    (
        "lower cervical segments of both arms",
        "R. FDI; R. APB; R. ADM; R. finger extension; L. FDI; L. APB; L. ADM; L. finger extension",
        "R. brachioradialis; L. brachioradialis; R. deltoid",
        "SegmentalLimbWeakness",
        SEGMENT,
    ),
    (
        "bulbar",
        "tongue protrusion; R. orbicularis oculi; L. orbicularis oculi; lip closure",
        "R. deltoid; L. deltoid",
        "BulbarOcularWeakness",
        "BulbarOcularWeakness",
    ),
]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _find(weak: str, spared: str = "", **options: int) -> Localisation:
    return localise(TABLE, _split(weak), _split(spared), **options)


def _places(found: Localisation) -> list[tuple[str, ...]]:
    """Return the places of the explanations that rank first, in a fixed order."""
    return [tuple(sorted(p.id.removeprefix("mmn:") for p in e.lesions)) for e in found.first]


@pytest.mark.parametrize(
    ("weak", "spared", "places", "shape"),
    [vignette[1:] for vignette in VIGNETTES],
    ids=[vignette[0] for vignette in VIGNETTES],
)
def test_classical_pattern(weak: str, spared: str, places: str, shape: str) -> None:
    """A textbook pattern is told as a clinician would tell it, and first."""
    found = _find(weak, spared)

    expected = {tuple(sorted(place.split("+"))) for place in places.split()}
    assert set(_places(found)) <= expected
    assert pattern(found) == f"mmn:{shape}"


def test_fifty_patterns_are_tested() -> None:
    """The table of vignettes covers every pattern that the differential knows."""
    assert len(VIGNETTES) >= 50
    assert {f"mmn:{vignette[4]}" for vignette in VIGNETTES} == set(PATTERNS)


# --- Exactness ----------------------------------------------------------------------------------


@st.composite
def _cases(draw: st.DrawFn) -> list[Finding]:
    """Draw findings around two places, so that they interact, and some from anywhere."""
    lesions = draw(st.lists(st.sampled_from(TABLE.lesions), min_size=1, max_size=2))
    taken = {i for lesion in lesions for positions in lesion.takes.values() for i in positions}
    near = [
        term
        for term in TABLE.terms.values()
        if taken & {*term.main, *(m for way in term.any for m in TABLE.terms[way].main)}
    ]
    anything = list(TABLE.terms.values())
    found: dict[tuple[str, str], Finding] = {}
    for _ in range(draw(st.integers(1, 5))):
        term = draw(st.sampled_from(near if draw(st.integers(0, 3)) else anything))
        side = draw(st.sampled_from(("R", "R", "L")))
        weak = draw(st.booleans())
        found[term.id, side] = Finding(term, side, weak, weak and draw(st.booleans()))
    return list(found.values())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(_cases())
def test_up_to_three_lesions_the_search_equals_brute_force(case: list[Finding]) -> None:
    """Every set of lesions within the margin is found, at its cost, and no other."""
    assume(any(finding.weak for finding in case))
    assume(len(relevant(TABLE, case)) <= 45)

    found, counts = search(TABLE, case, total=3, limit=1_000_000)

    told = {(f.cost, frozenset((p.id, p.side) for p in f.lesions)) for f in found}
    assert told == brute(TABLE, case)
    assert len(told) == len(found) == sum(counts.values())
    assert [f.cost for f in found] == sorted(f.cost for f in found)


@settings(max_examples=60, deadline=None)
@given(_cases(), st.randoms(use_true_random=False))
def test_order_and_side_do_not_matter(case: list[Finding], random: st.random_module) -> None:
    """Findings in another order, or on the other side, give the same explanations."""
    assume(any(finding.weak for finding in case))
    shuffled = list(case)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    mirrored = [Finding(f.term, {"R": "L", "L": "R"}[f.side], f.weak, f.partial) for f in case]

    def told(findings: list[Finding], *, flip: bool = False) -> list[object]:
        sides = {"R": "L", "L": "R"} if flip else {"R": "R", "L": "L"}
        found, _ = search(TABLE, findings, limit=10_000)
        return sorted((f.cost, sorted((p.id, sides[p.side]) for p in f.lesions)) for f in found)

    assert told(case) == told(shuffled) == told(mirrored, flip=True)


@pytest.mark.parametrize("muscle", ["ECRB", "supinator", "FCU", "FPB", "FDP3", "EDB", "PL"])
def test_a_spared_variable_muscle_refutes_nothing(muscle: str) -> None:
    """No explanation costs more because a muscle of variable supply is spared."""
    for _, weak, spared, _, _ in VIGNETTES:
        if "R." not in weak and muscle not in f"{weak}; {spared}":
            before = {tuple(_places(_find(weak, spared))): _find(weak, spared).first[0].cost}
            after = _find(weak, f"{spared}; {muscle}")
            assert {tuple(_places(after)): after.first[0].cost} == before


def test_it_is_fast() -> None:
    """Once the table is loaded, a case takes less than 50 ms (median over the vignettes)."""
    times = []
    for _, weak, spared, _, _ in VIGNETTES:
        start = time.perf_counter()
        _find(weak, spared)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.05


# --- What it says -------------------------------------------------------------------------------


def test_each_lesion_says_what_it_covers() -> None:
    """Of several lesions each names its own weak findings, and none the other's."""
    found = _find("R. wrist drop; R. finger drop; L. FDI; L. ADM", "R. triceps; L. APB")
    first = found.explanations[0]

    pairs = zip(first.lesions, first.explains, strict=True)
    covered = {placed.side: {f.term.id for f in explained} for placed, explained in pairs}
    assert covered == {
        "R": {"mmn:WristDrop", "mmn:FingerDrop"},
        "L": {"mmn:FirstDorsalInterosseous", "mmn:AbductorDigitiMinimiOfHand"},
    }


def test_what_two_lesions_explain_together_is_told_of_both() -> None:
    """A sign that needs all movers may take two lesions; it is covered by them, not left over."""
    found = _find("R. wrist drop; R. biceps; R. finger drop", "R. brachialis; R. deltoid", limit=99)
    for explanation in found.explanations:
        covered = {f.term.id for some in explanation.explains for f in some}
        left = {f.term.id for f in explanation.unexplained}
        assert covered | left == {"mmn:WristDrop", "mmn:BicepsBrachii", "mmn:FingerDrop"}
        assert not covered & left


def test_one_text_is_one_finding() -> None:
    """A single term may be given without a list."""
    assert (
        localise(TABLE, "R. wrist drop").to_dict() == localise(TABLE, ["R. wrist drop"]).to_dict()
    )


def test_contradictions_are_named() -> None:
    """An explanation that a spared muscle speaks against says so, and ranks behind."""
    found = _find("brachioradialis; wrist drop; finger drop", "triceps")

    axilla = next(e for e in found.explanations if e.lesions[0].id == "mmn:RadialNerveAtAxilla")
    assert axilla.rank > 1
    assert [f.term.id for f in axilla.contradicted_by] == ["mmn:TricepsBrachii"]


def test_what_no_lesion_explains_is_named() -> None:
    """A weak muscle that nothing in the table supplies is left over, not explained away."""
    found = _find("FDI; ADM; longus colli", "APB; FDP4-5")

    assert [f.term.id for f in found.explanations[0].unexplained] == ["mmn:LongusColli"]
    assert pattern(found) is None


def test_ties_are_ties_and_say_what_would_settle_them() -> None:
    """Equal costs share a rank; the muscle that is named then splits the tie."""
    found = _find("R. foot drop")

    assert len(found.first) > 1
    assert {e.rank for e in found.first} == {1}
    (muscle,) = found.first[0].settled_by
    weak = localise(TABLE, ["R. foot drop", f"R. {muscle}"])
    spared = localise(TABLE, ["R. foot drop"], [f"R. {muscle}"])
    assert set(_places(weak)) != set(_places(spared))
    assert max(len(weak.first), len(spared.first)) < len(found.first)
    assert pattern(found) is None


def test_the_muscle_that_settles_separates_most_pairs() -> None:
    """No muscle that leads a movement is promised weak by some and normal by others more often."""
    found = _find("R. APB")
    tied = [e.lesions[0].lesion for e in found.first]
    assert len(tied) > 2

    def pairs(position: int) -> int:
        sure = [position in x.takes.get("certain", ()) for x in tied]
        none = [all(position not in some for some in x.takes.values()) for x in tied]
        return sum(sure) * sum(none)

    (muscle,) = found.first[0].settled_by
    leading = {i for t in TABLE.terms.values() if t.kind == "movement" for i in t.main}
    others = leading - set(TABLE.terms["mmn:AbductorPollicisBrevis"].main)
    chosen = pairs(TABLE.positions[muscle])
    assert chosen > min(filter(None, map(pairs, others)))
    assert chosen == max(map(pairs, others))


def test_no_tie_needs_no_settling() -> None:
    """Where one explanation is first, nothing is asked for."""
    assert _find("FPL; FDP2; PQ", "APB; FCR; FDS").explanations[0].settled_by == ()


def test_a_spared_accessory_muscle_lets_a_movement_pass() -> None:
    """Spared elbow flexion, which other muscles help, counts less than a spared biceps."""
    place = next(x for x in TABLE.lesions if x.id == "mmn:MusculocutaneousNerveAtCoracobrachialis")
    reach = costs.Reach.of(place)

    def price(name: str) -> int:
        finding = Finding(TABLE.terms[f"mmn:{name}"], "R", weak=False)
        return costs.of_finding(finding, reach, TABLE.terms)

    assert 0 < price("ElbowFlexion") < price("BicepsBrachii")


def test_a_movement_passes_while_a_main_mover_is_left() -> None:
    """Spared wrist extension hardly speaks against the posterior interosseous nerve."""
    place = next(x for x in TABLE.lesions if x.id == "mmn:DeepBranchOfRadialNerveAtRadialTunnel")
    finding = Finding(TABLE.terms["mmn:WristExtension"], "R", weak=False)

    assert costs.of_finding(finding, costs.Reach.of(place), TABLE.terms) <= 100


def test_partial_weakness_softens_contradictions() -> None:
    """Where all is weak only partly, a spared muscle below the lesion counts for less."""
    full = _find("brachioradialis; wrist drop; finger drop", "triceps")
    partial = _find("brachioradialis=4; wrist drop=4; finger drop=partial", "triceps")

    def axilla(found: Localisation) -> int:
        return next(
            e.cost for e in found.explanations if e.lesions[0].id == "mmn:RadialNerveAtAxilla"
        )

    assert axilla(partial) < axilla(full)


def test_wrist_drop_is_more_than_weak_wrist_extension() -> None:
    """The posterior interosseous nerve weakens wrist extension, but does not drop the wrist."""
    weak = _find("wrist extension; finger drop", "brachioradialis; triceps; ECRL")
    drop = _find("wrist drop; finger drop", "triceps", limit=200)

    tunnel = "mmn:DeepBranchOfRadialNerveAtRadialTunnel"
    assert weak.explanations[0].lesions[0].id == tunnel
    assert drop.explanations[0].lesions[0].id == "mmn:RadialNerveAtSpiralGroove"
    for explanation in drop.explanations:
        for placed, explained in zip(explanation.lesions, explanation.explains, strict=True):
            assert placed.id != tunnel or "mmn:WristDrop" not in {f.term.id for f in explained}


@pytest.mark.parametrize(
    "name",
    ["HP:0031189", "mmn:WristDrop", "https://w3id.org/mmn-kg/WristDrop", "Drop Wrist", "WristDrop"],
)
def test_terms_are_given_in_any_way(name: str) -> None:
    """HPO id, CURIE, IRI, synonym and local name mean the same."""
    assert _find(name).findings[0].term.id == "mmn:WristDrop"


@pytest.mark.parametrize(
    "name",
    [
        "R. APB",
        "r.APB",
        "right APB",
        "R APB",
        "APB right",
        "APB (R.)",
        "APB (R)",
        "APB, R.",
        "APB R",
    ],
)
def test_sides_are_given_in_any_way(name: str) -> None:
    """A side may stand before or behind the term."""
    (finding,) = _find(name).findings
    assert (finding.term.id, finding.side) == ("mmn:AbductorPollicisBrevis", "R")


def test_an_untold_side_is_that_of_the_others() -> None:
    """Where only one side is told, a term without one is taken to be on it."""
    found = _find("R. FPL; FDP2", "APB")
    assert {f.side for f in found.findings} == {"R"}
    mixed = _find("R. FPL; L. FDI; APB")
    assert {f.side for f in mixed.findings} == {"R", "L", ""}


def test_names_of_sides_do_not_eat_terms() -> None:
    """A term that begins like a side, such as rhomboid, stays whole."""
    assert _find("rhomboid").findings[0].term.id == "mmn:Rhomboid"
    assert _find("levator scapulae").findings[0].side == ""
    assert all(_side(name) == ("", name) for name in TABLE.by_name)


def test_the_claims_behind_a_lesion_can_be_asked_for() -> None:
    """Each weak muscle leads to the assertions by which the lesion weakens it."""
    found = _find("brachioradialis; finger drop", "triceps")
    groove = found.explanations[0].lesions[0].lesion

    assert found.why(groove, "mmn:Brachioradialis") == (
        "assertion:RadialNerveAtSpiralGroove-lesionWeakens-Brachioradialis",
    )
    assert found.why(groove, "mmn:Nothing") == ()


def test_pattern_costs_order_the_patterns() -> None:
    """The patterns that are told come with their cheapest cost, the first one first."""
    found = _find("deltoid; biceps; infraspinatus", "triceps")
    prices = pattern_costs(found)

    assert set(prices) <= set(PATTERNS)
    assert list(prices.values()) == sorted(prices.values())


def test_one_side_alone_is_no_symmetric_pattern() -> None:
    """Weak feet on one side are not length dependent."""
    found = _find("R. foot drop; R. ankle plantar flexion; R. EHL", "L. foot drop")
    assert all(e.lesions[0].id != "mmn:LengthDependentWeakness" for e in found.first)


# --- JSON, text and command line ------------------------------------------------------------------


def test_json_has_the_promised_shape() -> None:
    """The keys that integrators rely on are there, with the types that they expect."""
    found = mmn_kg.localise(weak=["R. FDI", "R. ADM"], spared=["R. APB"]).to_dict()

    assert found["weak"] == ["mmn:FirstDorsalInterosseous", "mmn:AbductorDigitiMinimiOfHand"]
    assert found["spared"] == ["mmn:AbductorPollicisBrevis"]
    assert "no medical advice" in found["notice"] or "not medical advice" in found["notice"]
    kinds = {"nerve", "branch", "plexus", "root", "multifocal", "anterior horn"}
    kinds |= {"length dependent", "diffuse"}
    for item in found["explanations"]:
        assert set(item) >= {
            *("rank", "cost", "lesions", "unexplained", "contradicted_by", "settled_by"),
        }
        for lesion in item["lesions"]:
            assert set(lesion) == {"site", "label", "kind", "side", "explains"}
            assert lesion["kind"] in kinds
            assert lesion["side"] in {"R", "L", None}
    assert json.loads(json.dumps(found)) == found


def test_three_nerves_are_told_as_multifocal() -> None:
    """Three single nerves are one process, and the JSON says so."""
    found = _find(
        "R. wrist drop; L. FDI; R. foot drop", "R. triceps; L. APB; R. tibialis posterior"
    )
    assert found.to_dict()["explanations"][0]["kind"] == "multifocal"


def test_graph_and_shipped_table_agree() -> None:
    """A table computed from the graph gives what the shipped one gives."""
    graph = mmn_kg.load(ROOT / "ontology" / "mmn-kg-assumptions.ttl")
    arguments = (["R. FDI", "R. ADM"], ["R. APB"])
    assert mmn_kg.localise(graph, *arguments).to_dict() == localise(None, *arguments).to_dict()


def test_command_prints_text_and_json(run: Run) -> None:
    """The command tells places, pattern and disclaimer, and the same as JSON."""
    arguments = ("localise", "--weak", "R. FPL", "--weak", "R. FDP2", "--spared", "R. APB")
    text = run(*arguments)
    assert text.returncode == 0
    assert "anterior interosseous nerve" in text.stdout
    assert "not medical advice" in text.stdout
    found = json.loads(run(*arguments, "--format", "json").stdout)
    assert found["explanations"][0]["lesions"][0]["side"] == "R"


def test_command_takes_a_graph_of_the_user(run: Run, tmp_path: object) -> None:
    """A claim in a file of the user's changes what is found."""
    path = tmp_path / "mine.ttl"  # type: ignore[operator]
    path.write_text(
        "@prefix mmn: <https://w3id.org/mmn-kg/> . "
        "<https://w3id.org/mmn-kg/assertion/x> a mmn:Assertion ; mmn:polarity mmn:present ; "
        "mmn:subject mmn:LongThoracicNerve ; mmn:predicate mmn:innervates ; "
        "mmn:object mmn:Deltoid ."
    )
    arguments = ("localise", "--weak", "serratus anterior", "--weak", "deltoid", "--format", "json")
    first = json.loads(run(*arguments, "--graph", path).stdout)["explanations"][0]
    assert first["lesions"][0]["site"] == "mmn:LongThoracicNerve"
    other = json.loads(run(*arguments).stdout)["explanations"][0]
    assert [lesion["site"] for lesion in other["lesions"]] != ["mmn:LongThoracicNerve"]


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weak", "spared", "told"),
    [
        ([], [], "nothing is given as weak"),
        ([], ["APB"], "nothing is given as weak"),
        (["APB"], ["APB"], "abductor pollicis brevis is given as weak and as spared"),
        (["R. APB"], ["APB"], "R. abductor pollicis brevis is given as weak and as spared"),
        (["R. foot drop"], ["ankle dorsiflexion"], "foot drop is given as weak, and ankle"),
        (["wrist drop"], ["wrist extension"], "whose weakness it shows, as spared"),
        (["bicepz"], [], "the nearest are mmn:BicepsBrachii"),
        (["ulnar nerve"], [], "mmn:UlnarNerve (ulnar nerve) is a nerve"),
        (["MMN"], [], "is a disease"),
        (["muscle weakness"], [], "tells no place or too many"),
        ([""], [], "an empty term"),
        (["R."], [], "unknown muscle"),
        (["APB=6"], [], "the grade after '=' is 0 to 5"),
        (["APB=5"], [], "give what is normal as spared"),
        (["FDI"], ["APB=4"], "give what is normal as spared"),
        (["x" * 100_000], [], "unknown muscle"),
        (["a\nb\x00\ud800"], [], "unknown muscle"),
        (["APB"] * 1000, [], "1000 findings are too many"),
    ],
)
def test_bad_input_is_one_clear_line(weak: list[str], spared: list[str], told: str) -> None:
    """What cannot be used is told in one line that says what to do."""
    with pytest.raises(errors.InputError) as caught:
        localise(TABLE, weak, spared)
    message = str(caught.value)
    assert told in message
    assert "\n" not in message
    assert len(message) < 400


def test_opposite_findings_on_the_two_sides_are_fine() -> None:
    """Weak on one side and spared on the other is what asymmetry means."""
    assert _find("R. APB", "L. APB").first
    assert _find("R. foot drop", "L. ankle dorsiflexion").first


def test_weakness_that_does_not_show_a_sign_is_no_contradiction() -> None:
    """A weak movement needs no sign: the wrist may be weak and yet not drop."""
    assert _find("wrist extension", "wrist drop").first


@pytest.mark.parametrize(
    "arguments", [(), ("--weak", "nonsense"), ("--weak", "APB", "--spared", "APB")]
)
def test_command_ends_with_2_on_bad_input(run: Run, arguments: tuple[str, ...]) -> None:
    """The command says one line on stderr, prints nothing else and ends with 2."""
    done = run("localise", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_everything_weak_at_once_is_answered() -> None:
    """A case that names every muscle on both sides comes to an end, and is diffuse."""
    muscles = [t.id for t in TABLE.terms.values() if t.kind == "muscle"]
    weak = [f"{side}. {muscle}" for side in "RL" for muscle in muscles][:MOST]
    start = time.perf_counter()
    found = localise(TABLE, weak)

    assert time.perf_counter() - start < 5
    assert pattern(found) == "mmn:ProximalSymmetricWeakness"


@pytest.mark.parametrize("partial", [False, True])
def test_a_weak_finding_is_worth_a_lesion(partial: bool) -> None:
    """One lesion more costs less than to leave a finding unexplained: the pattern is explained."""
    finding = Finding(TABLE.terms["mmn:Deltoid"], "R", weak=True, partial=partial)
    assert max(costs.LESION.values()) <= costs.unexplained(finding)


def test_nerves_of_two_arms_are_no_segment() -> None:
    """Wrist extension and FDI weak on the right, thumb abduction on the left: several places."""
    found = localise(
        weak=[
            *("R. wrist extension", "R. finger extension", "R. finger abduction"),
            "L. palmar thumb abduction",
        ],
        spared=[
            *("R. palmar thumb abduction", "L. finger abduction", "R. triceps"),
            "L. wrist extension",
        ],
    )

    assert pattern(found) == "mmn:MultifocalWeakness"
