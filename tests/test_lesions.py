"""The lesion table: it follows from the graph, says why, and is shipped as it is computed."""

from __future__ import annotations

import json
import time

import pytest
from pyoxigraph import RdfFormat, parse

from mmn_kg import assets, errors, terms
from mmn_kg.clinical.effects import LEVELS
from mmn_kg.clinical.lesions import ASSUMPTIONS, FILE, Lesion, LesionTable
from mmn_kg.reader import read_graph
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

#: The muscles whose supply the sources call variable: sparing them refutes nothing.
VARIABLE = (
    *("ExtensorCarpiRadialisBrevis", "Supinator", "FlexorCarpiUlnaris", "FlexorPollicisBrevis"),
    *("FlexorDigitorumProfundusToMiddleFinger", "ExtensorDigitorumBrevis", "PalmarisLongus"),
)
SMALL = """
@prefix mmn: <https://w3id.org/mmn-kg/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
mmn:N rdfs:subClassOf mmn:Nerve ; rdfs:label "nerve" .
mmn:High rdfs:subClassOf mmn:NerveSite ; rdfs:label "high" ; mmn:partOf mmn:N .
mmn:Low rdfs:subClassOf mmn:NerveSite ; rdfs:label "low" ; mmn:partOf mmn:N .
mmn:Low mmn:distalTo mmn:High .
mmn:A rdfs:subClassOf mmn:Muscle ; rdfs:label "a" .
mmn:B rdfs:subClassOf mmn:Muscle ; rdfs:label "b" .
"""


@pytest.fixture(scope="module")
def table() -> LesionTable:
    """Give the shipped table."""
    return LesionTable.shipped()


@pytest.fixture(scope="module")
def anatomy() -> KnowledgeGraph:
    """Give the shipped graph with its assumptions."""
    return KnowledgeGraph.load(ROOT / "ontology" / ASSUMPTIONS)


def _level(table: LesionTable, place: str, target: str) -> str | None:
    lesion = _lesion(table, place)
    position = table.positions[f"mmn:{target}"]
    return next((level for level, taken in lesion.takes.items() if position in taken), None)


def _lesion(table: LesionTable, place: str) -> Lesion:
    return next(lesion for lesion in table.lesions if lesion.id == f"mmn:{place}")


def _small(*claims: tuple[str, str, str]) -> LesionTable:
    text = SMALL
    for subject, predicate, object_ in claims:
        text += (
            f"<{terms.BASE}assertion/{subject}-{predicate}-{object_}> a mmn:Assertion ; "
            f"mmn:subject mmn:{subject} ; mmn:predicate mmn:{predicate} ; "
            f"mmn:object mmn:{object_} ; mmn:polarity mmn:present .\n"
        )
    return LesionTable.of(
        KnowledgeGraph.of(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))
    )


def test_shipped_table_is_what_the_graph_says(table: LesionTable, anatomy: KnowledgeGraph) -> None:
    """The compiled file equals the table computed from the graph and its assumptions."""
    assert LesionTable.of(anatomy) == table
    assert LesionTable.from_dict(json.loads(table.to_json())) == table
    assert table.to_json() == (ROOT / "ontology" / FILE).read_text(encoding="utf-8")


def test_file_is_small_and_loads_at_once() -> None:
    """The page can carry the file, and the command line does not wait for it."""
    assert (ROOT / "ontology" / FILE).stat().st_size < 150_000
    start = time.perf_counter()
    LesionTable.shipped()
    assert time.perf_counter() - start < 0.1


def test_each_effect_names_claims_of_the_graph(table: LesionTable, anatomy: KnowledgeGraph) -> None:
    """Whatever a lesion takes follows from assertions or assumptions that exist."""
    prefix = "PREFIX mmn: <https://w3id.org/mmn-kg/> "
    rows = anatomy.select(
        prefix + "SELECT ?c { { ?c a mmn:Assertion } UNION { ?c a mmn:Assumption } }"
    )
    known = {row["c"].removeprefix("assertion:") for row in rows}
    assert set(table.claims) <= known
    for lesion in table.lesions:
        taken = {position for positions in lesion.takes.values() for position in positions}
        assert taken == set(lesion.why), lesion.id
        assert all(lesion.why.values()), lesion.id


def test_each_claim_about_a_lesion_is_heeded(table: LesionTable, anatomy: KnowledgeGraph) -> None:
    """What a source says of a lesion stands in the table: taken, or spared."""
    rows = anatomy.select(
        "PREFIX mmn: <https://w3id.org/mmn-kg/> SELECT ?place ?target ?polarity "
        "{ ?c a mmn:Assertion ; mmn:predicate mmn:lesionWeakens ; mmn:subject ?place ; "
        "mmn:object ?target ; mmn:polarity ?polarity }"
    )
    assert len(rows) > 200
    for row in rows:
        level = _level(table, row["place"][4:], row["target"][4:])
        if row["polarity"] == "mmn:present":
            assert level not in {None, "rarely"}, row
        else:
            assert level in {None, "rarely"}, row


def test_every_site_with_something_below_it_is_a_place(table: LesionTable) -> None:
    """No nerve site is missing but one from which nothing is supplied that can be examined."""
    sites = KnowledgeGraph.load().select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX mmn: <https://w3id.org/mmn-kg/>"
        " SELECT ?site { ?site rdfs:subClassOf mmn:NerveSite }"
    )
    missing = {row["site"] for row in sites} - {lesion.id for lesion in table.lesions}
    assert missing == {"mmn:PosteriorInterosseousNerveAtWrist"}


@pytest.mark.parametrize("muscle", VARIABLE)
def test_variable_supply_is_never_sure(table: LesionTable, muscle: str) -> None:
    """A muscle whose supply varies is nowhere taken so that sparing it would count."""
    position = table.positions[f"mmn:{muscle}"]
    for lesion in table.lesions:
        for level in ("certain", "mostly", "partly"):
            assert position not in lesion.takes.get(level, ()), lesion.id


@pytest.mark.parametrize(
    ("place", "muscle", "level"),
    [
        ("RadialNerveAtSpiralGroove", "Brachioradialis", "certain"),
        ("RadialNerveAtSpiralGroove", "TricepsBrachii", "rarely"),
        ("RadialNerveAtElbow", "ExtensorCarpiRadialisLongus", None),
        ("MedianNerveAtProximalForearm", "FlexorPollicisLongus", "certain"),
        ("MedianNerveAtProximalForearm", "FlexorDigitorumSuperficialis", None),
        ("UlnarNerveAtElbow", "FlexorDigitorumProfundusToRingAndLittleFinger", "mostly"),
        ("UlnarNerveAtForearm", "FlexorDigitorumProfundusToRingAndLittleFinger", None),
        ("ObturatorNerveAtObturatorForamen", "AdductorMagnus", "partly"),
        ("SciaticNerveAtThigh", "BicepsFemorisLongHead", None),
        ("SciaticNerveAtThigh", "BicepsFemorisShortHead", "certain"),
        ("UpperTrunk", "Deltoid", "certain"),
        ("UpperTrunk", "Rhomboid", None),
        ("LateralCord", "Supraspinatus", None),
        ("MedialCord", "ExtensorIndicis", None),
        ("LowerTrunk", "ExtensorIndicis", "partly"),
        ("C7Root", "TricepsBrachii", "mostly"),
        ("C6Root", "TricepsBrachii", "rarely"),
        ("L5Root", "TibialisAnterior", "partly"),
    ],
)
def test_how_surely_a_place_takes_a_muscle(
    table: LesionTable, place: str, muscle: str, level: str | None
) -> None:
    """Sites go by the order of branches, plexus parts by nerves and roots, roots by main roots."""
    assert _level(table, place, muscle) == level


def test_order_of_branches_decides_where_no_lesion_is_described() -> None:
    """A muscle is taken where its branch leaves at the site or beyond, and spared before."""
    table = _small(
        ("N", "innervates", "A"),
        ("N", "innervates", "B"),
        ("A", "leavesAt", "High"),
        ("B", "leavesAt", "Low"),
    )

    assert [_level(table, "High", muscle) for muscle in "AB"] == ["certain", "certain"]
    assert [_level(table, "Low", muscle) for muscle in "AB"] == [None, "certain"]


def test_described_lesion_outweighs_the_order_of_branches() -> None:
    """What a source says of a lesion stands, whatever the branches would let expect."""
    table = _small(
        ("N", "innervates", "A"), ("A", "leavesAt", "High"), ("Low", "lesionWeakens", "A")
    )

    assert _level(table, "Low", "A") == "certain"


def test_general_muscles_stand_for_their_parts(table: LesionTable) -> None:
    """Iliopsoas and the deep finger flexor, which have no supply of their own, are known."""
    for name, parts in (("Iliopsoas", 2), ("FlexorDigitorumProfundus", 3)):
        assert len(table.terms[f"mmn:{name}"].main) == parts


def test_levels_are_disjoint(table: LesionTable) -> None:
    """A place takes a muscle at one level."""
    for lesion in (*table.lesions, *table.patterns):
        taken = [position for level in LEVELS for position in lesion.takes.get(level, ())]
        assert len(taken) == len(set(taken))
        assert set(lesion.takes) <= set(LEVELS)


def test_a_radial_palsy_fakes_median_and_ulnar_weakness(table: LesionTable) -> None:
    """Grip, key pinch and palmar thumb abduction fall with the radial nerve alone."""
    also = set(_lesion(table, "RadialNerveAtSpiralGroove").also)

    assert {"mmn:Grip", "mmn:ThumbAdduction", "mmn:PalmarThumbAbduction"} <= also
    assert not _lesion(table, "MedianNerveAtElbow").also


def test_wrist_drop_needs_the_wrist_extensors_together(table: LesionTable) -> None:
    """The sources deny wrist drop to each wrist extensor alone."""
    assert [term.id for term in table.terms.values() if term.together] == ["mmn:WristDrop"]


def test_user_graphs_change_the_table(anatomy: KnowledgeGraph) -> None:
    """The table of a graph is that graph's own, also of the bare one without assumptions."""
    bare = LesionTable.of(KnowledgeGraph.load())

    assert bare != LesionTable.shipped()
    assert not any(claim.startswith("assumption:") for claim in bare.claims)
    assert len(list(read_graph(ROOT / "ontology" / ASSUMPTIONS))) < len(anatomy)


def test_broken_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """A missing or foreign table is one line that says what to do."""
    monkeypatch.setattr(assets, "folder", lambda _: tmp_path)
    with pytest.raises(errors.EnvironmentLacksError, match="run mmn-kg compile"):
        LesionTable.shipped()
    (tmp_path / FILE).write_text('{"form": 99}')  # type: ignore[operator]
    with pytest.raises(errors.EnvironmentLacksError, match="run mmn-kg compile"):
        LesionTable.shipped()
