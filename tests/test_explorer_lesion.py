"""The panel "Where is the lesion?": the drawing, and the same answers as ``mmn-kg localise``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mmn_kg import errors
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.localise import locate
from mmn_kg.explorer import anatomy
from mmn_kg.store import KnowledgeGraph
from tests.chromium import Opener, serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = LesionTable.shipped()
CASES = 240
#: Muscles of the head, the neck and the trunk: they are in the list, not in the drawing.
NOT_DRAWN = {
    *("AbdominalMuscle", "CervicalParaspinalMuscle", "Diaphragm", "Frontalis", "Genioglossus"),
    *("IntercostalMuscle", "IntrinsicMuscleOfTongue", "LongusCapitis", "LongusColli"),
    *("LumbosacralParaspinalMuscle", "OrbicularisOculi", "OrbicularisOris", "Scalene"),
    *("Semispinalis", "Splenius", "Sternocleidomastoid"),
    *("FlexorDigitorumProfundus", "Iliopsoas"),  # wholes: their parts are drawn
}
SAME = """async (cases) => {
  const data = await mmn.inflateJson(mmn.page.data("anatomy"));
  const table = mmn.lesionCosts.ready(data.table);
  return cases.map((findings) => mmn.localise(table, findings));
}"""


@pytest.fixture(scope="module")
def drawn(open_page: Opener) -> Page:
    """Give the panel, opened once; tests leave nothing marked."""
    page = open_page("#lesion")
    page.wait_for_selector(".limb")
    return page


@pytest.fixture(scope="module")
def drawings(kg: KnowledgeGraph) -> list[dict[str, Any]]:
    """Give every drawing as the page has it."""
    return [
        anatomy.drawing(kg, limb, name)
        for limb, names in anatomy.DRAWINGS.items()
        for name in names
    ]


def _terms(drawings: list[dict[str, Any]], layer: str) -> set[str]:
    return {
        shape["term"]
        for drawing in drawings
        for shape in drawing["shapes"]
        if shape["layer"] == layer
    }


def _click(page: Page, name: str, times: int = 1) -> None:
    for _ in range(times):
        page.locator(f".limb [data-term='mmn:{name}']").first.dispatch_event("click")


def _clear(page: Page) -> None:
    if page.locator("button:has-text('Clear all')").count():
        page.click("button:has-text('Clear all')")


# --- The drawing ---------------------------------------------------------------------------------


def test_every_muscle_of_the_limbs_is_drawn(drawings: list[dict[str, Any]]) -> None:
    """Each muscle shape is a muscle of the table, and no muscle of a limb is missing."""
    muscles = {term.id for term in TABLE.terms.values() if term.kind == "muscle"}
    shapes = _terms(drawings, "muscles")

    assert shapes <= muscles
    assert {term.removeprefix("mmn:") for term in muscles - shapes} == NOT_DRAWN


def test_nerves_and_sites_are_those_of_the_graph(
    drawings: list[dict[str, Any]], kg: KnowledgeGraph
) -> None:
    """Each nerve and site shape is a nerve, root, plexus part or site; each site is drawn."""
    kinds = {}
    for name in ("Nerve", "PlexusPart", "NerveSite", "SpinalNerveRoot"):
        rows = kg.select(
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
            f"SELECT ?x {{ ?x rdfs:subClassOf+ <https://w3id.org/mmn-kg/{name}> }}"
        )
        kinds[name] = {row["x"] for row in rows}

    assert _terms(drawings, "nerves") <= kinds["Nerve"] | kinds["PlexusPart"]
    assert _terms(drawings, "sites") <= kinds["NerveSite"] | kinds["SpinalNerveRoot"]
    places = {lesion.id for lesion in TABLE.lesions}
    assert places & kinds["NerveSite"] <= _terms(drawings, "sites")


def test_a_shape_without_a_term_of_the_graph_is_refused() -> None:
    """A drawing that names what the graph does not know is an error."""
    with pytest.raises(errors.SourceError, match="no term of the graph"):
        anatomy.drawing(KnowledgeGraph.of([]), "arm", "arm-front")


def test_the_left_side_is_the_mirror_image(drawn: Page) -> None:
    """On the left each shape lies where the mirror puts it, and names say so."""
    box = """(shape) => {
      const [own, all] = [shape, shape.closest("svg")].map((item) => item.getBoundingClientRect());
      return [own.left - all.left, all.right - own.right];
    }"""
    thenar = ".limb.hand-palm [data-term='mmn:AbductorPollicisBrevis']"
    right = drawn.eval_on_selector(thenar, box)
    drawn.check("#lesion-side-L")
    left = drawn.eval_on_selector(thenar, box)
    title = drawn.get_attribute(".limb.hand-palm svg", "aria-label") or ""
    drawn.check("#lesion-side-R")

    assert right[1] > right[0] + 20
    assert left == pytest.approx(right[::-1], abs=1)
    assert title.endswith("left")


# --- The same answers ----------------------------------------------------------------------------


def _random_findings(rng: random.Random) -> list[Finding]:
    """Draw findings at random, or what one to three lesions would show, with gaps and noise."""
    terms = list(TABLE.terms.values())
    found: dict[tuple[str, str], Finding] = {}

    def give(term: Any, side: str, weak_share: float) -> None:
        weak = rng.random() < weak_share
        partial = weak and rng.random() < 0.2
        found.setdefault((term.id, side), Finding(term, side, weak, partial))

    if rng.random() < 0.5:
        for _ in range(rng.randint(1, 7)):
            give(rng.choice(terms), rng.choice(["R", "L", ""]), 0.6)
    else:
        for lesion in rng.sample(TABLE.lesions, rng.randint(1, 3)):
            taken = {position for level in lesion.takes.values() for position in level}
            side = rng.choice(["R", "L"])
            for term in terms:
                if taken & set(term.main) and rng.random() < 0.3:
                    give(term, side, 0.8)
    return list(found.values())[:12]


def _cases() -> Iterator[list[Finding]]:
    rng = random.Random(2026)  # noqa: S311 - no secret
    while True:
        findings = _random_findings(rng)
        if any(finding.weak for finding in findings):
            yield findings


def test_the_page_localises_as_the_command_does(drawn: Page) -> None:
    """On 240 random cases the page gives the same explanations, ranks, costs and next muscles."""
    cases = [findings for findings, _ in zip(_cases(), range(CASES), strict=False)]
    found = drawn.evaluate(
        SAME,
        [
            [
                {"term": f.term.id, "side": f.side, "weak": f.weak, "partial": f.partial}
                for f in findings
            ]
            for findings in cases
        ],
    )

    assert len(found) == CASES
    for findings, answer in zip(cases, found, strict=True):
        wanted = locate(TABLE, findings).to_dict()
        assert answer["explanations"] == wanted["explanations"], findings
        assert answer["explanations_in_all"] == wanted["explanations_in_all"]


# --- Using it ------------------------------------------------------------------------------------


def test_weak_and_spared_muscles_lead_to_the_lesion(drawn: Page) -> None:
    """A click marks weak, a second one spared; the lesion is named and shown on its nerve."""
    for name in ("ExtensorDigitorum", "ExtensorCarpiUlnaris", "ExtensorIndicis"):
        _click(drawn, name)
    _click(drawn, "Brachioradialis", 2)
    findings = [
        *(
            Finding(TABLE.terms[f"mmn:{name}"], "R", weak=True)
            for name in ("ExtensorDigitorum", "ExtensorCarpiUlnaris", "ExtensorIndicis")
        ),
        Finding(TABLE.terms["mmn:Brachioradialis"], "R", weak=False),
    ]
    best = locate(TABLE, findings).first[0].lesions[0]

    assert best.lesion.label in drawn.inner_text(".explanation >> nth=0")
    shape = drawn.locator(f".sites [data-term='{best.id}']")
    assert "found" in (shape.get_attribute("class") or "")
    assert "not medical advice" in drawn.inner_text(".lesion-result")
    _click(drawn, "Brachioradialis")
    assert "brachioradialis" not in drawn.inner_text(".chips")
    _clear(drawn)


def test_the_list_does_what_the_drawing_does(drawn: Page) -> None:
    """In the list each muscle, movement, sign and area of skin can be given by the keyboard."""
    drawn.locator(".given-terms summary").focus()
    drawn.keyboard.press("Enter")
    counts = {}
    for kind in ("movement", "sign", "skin", "muscle"):
        drawn.select_option("#lesion-kind", kind)
        counts[kind] = drawn.locator(".given-list select").count()
    drawn.select_option(".given-list [data-given='mmn:Deltoid']", "partial")

    for kind, count in counts.items():
        assert count == len([term for term in TABLE.terms.values() if term.kind == kind])
    assert "right deltoid: partly weak" in drawn.inner_text(".chips")
    name = drawn.locator(".limb [data-term='mmn:Deltoid']").first.get_attribute("aria-label")
    assert name == "deltoid, partly weak"
    drawn.select_option(".given-list [data-given='mmn:Deltoid']", "")
    assert drawn.locator(".chips").count() == 0
    drawn.click(".given-terms summary")


def test_a_place_shows_what_it_weakens(open_page: Opener) -> None:
    """A click on a site lists what a lesion there takes, by how surely, and paints it."""
    page = open_page("#lesion/mmn:UlnarNerveAtElbow")
    page.wait_for_selector(".place")
    page.locator(".sites [data-term='mmn:RadialNerveAtSpiralGroove']").dispatch_event("click")
    lesion = next(x for x in TABLE.lesions if x.id == "mmn:RadialNerveAtSpiralGroove")
    text = page.inner_text(".lesion-result")

    assert page.input_value("#lesion-place") == lesion.id
    for level, positions in lesion.takes.items():
        for position in positions:
            term = TABLE.terms[TABLE.targets[position]]
            assert term.label in text
            shapes = page.locator(f".limb [data-term='{term.id}']").all()
            if term.kind == "muscle":
                assert shapes
                for shape in shapes:
                    assert f"level-{level}" in (shape.get_attribute("class") or "")
    stated = [x for found in lesion.why.values() for x in found if ":" not in TABLE.claims[x]]
    assert stated
    page.locator(".lesion-result button:has-text('why')").first.click()
    assert "lesion weakens" in page.inner_text("#details")


def test_the_keyboard_walks_the_drawing(drawn: Page) -> None:
    """One tab stop a drawing, arrows from shape to shape, Enter to mark."""
    stops = drawn.locator(".limb svg").count()
    assert drawn.locator(".limb [tabindex='0']").count() == stops
    drawn.locator(".limb [tabindex='0']").first.focus()
    drawn.keyboard.press("ArrowRight")
    name = drawn.evaluate("document.activeElement.getAttribute('aria-label')")
    drawn.keyboard.press("Enter")

    assert f"right {name.split(',')[0]}: weak" in drawn.inner_text(".chips")
    assert drawn.evaluate("document.activeElement.getAttribute('aria-label')").endswith(", weak")
    _clear(drawn)


def test_nothing_serious_for_screen_readers(drawn: Page) -> None:
    """axe-core finds nothing serious, either way round and on the leg."""
    _click(drawn, "Deltoid")
    found = serious(drawn)
    drawn.check("#lesion-limb-leg")
    drawn.check("#lesion-way-nerve")
    found += serious(drawn)
    drawn.check("#lesion-way-muscles")
    drawn.check("#lesion-limb-arm")
    _clear(drawn)

    assert found == []
