"""The page in a real browser: pictures, details, search, filter, path, story, print, keyboard."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mmn_kg import views
from mmn_kg.explorer import page as explorer
from mmn_kg.explorer import pictures
from mmn_kg.store import KnowledgeGraph
from tests.chromium import Opener, serious

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

LAPTOP: dict[str, ViewportSize] = {"viewport": {"width": 1366, "height": 768}}
#: A4 across, without its margins, in pixels of 1/96 inch.
PAPER: ViewportSize = {"width": 1054, "height": 725}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLACES = [
    *(f"#{name}" for name in pictures.names()),
    *("#story/5", "#story/mmn%3AIntravenousImmunoglobulin", "#compare", "#about"),
    *("#explore/mmn%3AConductionBlock", "#reference/mmn%3AWristDrop"),
    "#path/mmn%3AIntravenousImmunoglobulin%7Cmmn%3AWristDrop",
]


def details(page: Page) -> str:
    """Return the text of the details, or "" where they are closed."""
    return page.inner_text("#details") if page.is_visible("#details") else ""


@pytest.fixture(scope="module")
def laptop(open_page: Opener) -> Page:
    """Give the page at a laptop's size, shared: each test begins by going to its panel."""
    return open_page("", **LAPTOP)


def go(page: Page, place: str) -> None:
    """Go to a panel, as a link does."""
    page.evaluate("place => { mmn.page.closeDetails(); location.hash = place; }", place)
    page.wait_for_function(
        "id => !document.getElementById('panel-' + id)?.hidden", arg=place[1:].split("/")[0]
    )


@pytest.mark.parametrize("name", pictures.names())
def test_view_is_readable_at_once(kg: KnowledgeGraph, laptop: Page, name: str) -> None:
    """A view shows all its nodes and edges on a laptop, in letters of at least ten pixels."""
    graph = views.view(kg, name)
    go(laptop, f"#{name}")
    panel = laptop.locator(f"#panel-{name}")
    box = panel.locator(".canvas").evaluate(
        "c => [c.scrollWidth - c.clientWidth, c.scrollHeight - c.clientHeight,"
        " c.querySelector('svg').getScreenCTM().a]"
    )

    assert panel.locator(".node").count() >= 20
    assert panel.locator(".edge").count() == graph.number_of_edges()
    assert box[0] <= 0
    assert box[1] <= 0
    assert box[2] * pictures.SIZE >= 10


@pytest.mark.parametrize("name", pictures.names())
def test_letters_stay_in_their_boxes(laptop: Page, name: str) -> None:
    """Each line of a label lies within the outline of its node."""
    go(laptop, f"#{name}")
    outside = laptop.locator(f"#panel-{name} .node").evaluate_all(
        """all => all.filter(n => {
          const shape = n.querySelector('.shape').getBBox();
          const text = n.querySelector('text').getBBox();
          return text.x < shape.x - 1 || text.x + text.width > shape.x + shape.width + 1 ||
            text.y < shape.y - 2 || text.y + text.height > shape.y + shape.height + 2;
        }).map(n => n.getAttribute('aria-label'))"""
    )

    assert outside == []


def test_panels_are_those_that_the_package_names(laptop: Page) -> None:
    """The scripts register the panels that ``mmn-kg view`` can open, each with its own name."""
    found = laptop.evaluate("mmn.panels.map(panel => panel.id)")

    assert sorted(found) == sorted([*pictures.names(), *explorer.PANELS])


def test_a_node_opens_what_explain_tells(laptop: Page) -> None:
    """A click on a node shows definition, synonyms, mappings and its edges."""
    go(laptop, "#nerves")
    laptop.click("#panel-nerves .node[aria-label^='wrist drop']")
    told = details(laptop)

    assert "wrist drop" in told
    assert "HP:0031189" in told
    assert "mmn:WristDrop" in told


def test_an_edge_opens_its_evidence(laptop: Page) -> None:
    """A claim shows figures with counts, sources with links, the article's sentence and its id."""
    go(laptop, "#symptoms")
    laptop.click("#panel-symptoms .node[aria-label^='sensory impairment']")
    told = details(laptop)
    links = laptop.locator("#details a[href^='https://']").evaluate_all(
        "all => all.map(a => [a.href, a.rel])"
    )

    assert "2/5 (40%)" in told
    assert "DISPUTES" in told
    assert "contested" in told
    assert "in our words" in told
    assert any(href.startswith("https://pubmed.ncbi.nlm.nih.gov/") for href, _ in links)
    assert all("noopener" in rel for _, rel in links)
    assert laptop.input_value("#details input").startswith("assertion:MultifocalMotorNeuropathy-")


def test_conflicting_claims_point_to_each_other(laptop: Page) -> None:
    """A claim that cannot hold together with another leads to the other."""
    laptop.evaluate(
        "mmn.page.show('assertion:MultifocalMotorNeuropathy-classifiedAs-MuscleDisorder')"
    )
    laptop.click("#details .conflict button >> text=nerve disorder")

    assert "nerve disorder" in details(laptop)
    laptop.click("#details .actions button >> text=Back")
    assert "muscle disorder" in details(laptop)


def test_a_derived_edge_shows_how_it_follows(laptop: Page) -> None:
    """A derived edge is dotted, names its rule, and leads to the claims it follows from."""
    go(laptop, "#explore/mmn%3AMultifocalMotorNeuropathy")
    laptop.check("#panel-explore .ask input[type=checkbox]")
    edge = laptop.evaluate(
        """() => { const graph = mmn.page.graph;
          const found = graph.between(graph.place('mmn:MultifocalMotorNeuropathy'),
            graph.place('mmn:WristDrop')).find(edge => edge.derived);
          mmn.page.show(found.id);
          return mmn.page.edgeLook(found).tone; }"""
    )
    told = details(laptop)

    assert edge == "derived"
    assert "disease-may-show-sign" in told
    assert "affects nerve radial nerve" in told
    laptop.click("#details .derivation ol button")
    assert "evidence" in details(laptop)


def test_keys_alone_lead_everywhere(open_page: Opener) -> None:
    """Tab reaches the picture, arrows walk, Enter opens, E walks lines, Escape comes back."""
    page = open_page("#nerves", **LAPTOP)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.node')"):
            break
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    opened = details(page)
    page.keyboard.press("Escape")
    closed = details(page)
    back = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("e")
    edge = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")

    assert first
    assert second not in {first, None}
    assert second.split(",")[0] in opened
    assert closed == ""
    assert back == second
    assert second.split(",")[0] in edge
    assert "evidence" in details(page)
    page.context.close()


def test_the_browsers_back_closes_the_details(open_page: Opener) -> None:
    """Back closes open details and stays in the panel; the next one leaves it; Forward reopens."""
    page = open_page("#mechanism", **LAPTOP)
    go(page, "#nerves")
    for term in ("wrist drop", "foot drop"):
        page.fill("#search input", term)
        page.press("#search input", "Enter")
    page.go_back()
    page.wait_for_selector("#details", state="hidden")
    stayed = page.is_visible("#panel-nerves")
    page.go_forward()
    page.wait_for_selector("#details", state="visible")
    reopened = page.inner_text("#details h2")
    page.keyboard.press("Escape")
    page.go_back()
    page.go_back()
    page.wait_for_selector("#panel-mechanism", state="visible")

    assert stayed
    assert reopened == "foot drop"
    assert details(page) == ""
    page.context.close()


def test_the_first_stop_skips_to_the_content(open_page: Opener) -> None:
    """The first Tab offers a way past the bar."""
    page = open_page("#nerves", **LAPTOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    assert page.is_visible("#panel-nerves")
    page.context.close()


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("IVIg", "intravenous immunoglobulin"),
        ("HP:0031189", "wrist drop"),
        ("MMN", "multifocal"),
        ("mmn:WristDrop", "wrist drop"),
        ("guillain barre", "Guillain-Barré"),
        ("Lewis Sumner", "multifocal CIDP"),
        ("wrist-drop", "wrist drop"),
        ("foot  drop", "foot drop"),
        ("anti gm1 igm", "anti-GM1 IgM"),
    ],
)
def test_search_knows_synonyms_and_identifiers(laptop: Page, typed: str, label: str) -> None:
    """A term is found by label, synonym or identifier; accents and hyphens do not matter."""
    go(laptop, "#mechanism")
    laptop.fill("#search input", typed)
    laptop.keyboard.press("Enter")

    assert laptop.inner_text("#details h2").startswith(label)


def test_search_by_keys(laptop: Page) -> None:
    """Arrows walk through what was found, and a screen reader is told which one is chosen."""
    laptop.fill("#search input", "drop")
    first = laptop.get_attribute("#search input", "aria-activedescendant")
    laptop.keyboard.press("ArrowDown")
    second = laptop.get_attribute("#search input", "aria-activedescendant")
    chosen = laptop.inner_text(f"#{second}").split("\n")[0]
    laptop.keyboard.press("Enter")

    assert first != second
    assert laptop.inner_text("#details h2") == chosen
    laptop.fill("#search input", "zzzz")
    assert "Nothing of that name" in laptop.inner_text("#search")
    laptop.keyboard.press("Escape")


def test_filter_by_relation_kind_and_strength(laptop: Page) -> None:
    """What is filtered out leaves the picture and its list; the button says how much is set."""
    go(laptop, "#mechanism")
    panel = laptop.locator("#panel-mechanism")
    every = panel.locator(".edge:not(.out)").count()
    panel.locator(".filter summary").click()
    panel.locator(".filter label", has_text="disrupts").click()
    fewer = panel.locator(".edge:not(.out)").count()
    panel.locator(".filter label", has_text="treatment").click()
    panel.locator(".filter select").select_option("observed")
    fewest = panel.locator(".edge:not(.out)").count()
    treatments = panel.locator(".node:not(.out)[aria-label$=', treatment']").count()
    items = panel.locator(".as-list li:not([hidden])").count()

    assert every > fewer > fewest > 0
    assert treatments == 0
    assert items == fewest
    assert panel.locator(".filter .count").inner_text() == "3"
    laptop.reload()


def test_path_between_two_terms(laptop: Page) -> None:
    """The page finds the shortest way, over present claims, each step with its claim."""
    go(laptop, "#path/mmn%3AMedianNerve%7Cmmn%3APincerFailure")
    steps = laptop.locator("#panel-path .way").first.locator(".chip").all_inner_texts()
    laptop.locator("#panel-path .step button").first.click()

    assert steps[0].strip() == "median nerve"
    assert steps[-1].strip() == "pincer failure"
    assert "evidence" in details(laptop)
    go(laptop, "#path/mmn%3AMedianNerve%7Cmmn%3AMedianNerve")
    assert "one term" in laptop.inner_text("#panel-path")


def test_path_never_leads_over_what_is_denied(laptop: Page) -> None:
    """A claim of absence joins nothing."""
    absent = laptop.evaluate(
        """() => { const graph = mmn.page.graph;
          const paths = mmn.page.paths(graph.place('mmn:MultifocalMotorNeuropathy'),
            graph.place('mmn:UpperMotorNeuronSign'), () => true);
          return paths.flat().flatMap(step => step.edges).filter(edge => edge.absent).length; }"""
    )

    assert absent == 0


def test_the_story_walks_the_chain(kg: KnowledgeGraph, laptop: Page) -> None:
    """Each step tells what it leads to and which treatments act on it, as the view has it."""
    go(laptop, "#story/1")
    total = int(re.findall(r"Step 1 of (\d+)", laptop.inner_text("#panel-story"))[0])
    told = []
    for number in range(1, total + 1):
        go(laptop, f"#story/{number}")
        told.append(laptop.inner_text("#panel-story .chapter"))
    everything = "\n".join(told)
    view = views.view(kg, "mechanism")

    assert total >= 10
    assert "trigger" in told[0]
    for source, target, data in view.edges(data=True):
        assert view.nodes[target]["label"] in everything
        if data["kind"] == "mmn:inhibits" and view.out_degree(target):
            assert view.nodes[source]["label"] in everything
    assert laptop.locator("#panel-story .node.lit").count() >= 2


def test_the_story_shows_what_a_treatment_blocks(laptop: Page) -> None:
    """A treatment lights what it inhibits and what follows from there."""
    go(laptop, "#story/1")
    laptop.click("#panel-story .choice >> text=empasiprubart")
    laptop.wait_for_selector("#panel-story .choice[aria-current]")
    lit = laptop.locator("#panel-story .node.lit").evaluate_all(
        "all => all.map(n => n.getAttribute('aria-label'))"
    )

    assert "empasiprubart, treatment" in lit
    assert "classical complement pathway, process" in lit
    assert "membrane attack complex, molecule" in lit
    assert not [label for label in lit if label.startswith("unknown trigger")]


def test_two_diseases_side_by_side(laptop: Page) -> None:
    """The comparison opens on the two diseases of the view, with figures of both and absences."""
    go(laptop, "#compare")
    head = laptop.locator("#panel-compare thead th").all_inner_texts()
    row = laptop.locator("#panel-compare tr", has_text="hyperreflexia").first.inner_text()

    assert head[1:3] == ["multifocal motor neuropathy", "amyotrophic lateral sclerosis"]
    assert "69.2%" in row or "favours amyotrophic" in row
    assert laptop.locator("#panel-compare .absent").count() > 3
    assert laptop.locator("#panel-compare svg.bar-figure").count() > 10


def test_the_glossary_holds_every_term(kg: KnowledgeGraph, laptop: Page) -> None:
    """Every term of a kind stands in the glossary, and a word narrows it."""
    kinds = "?t a ?k . ?k a <https://w3id.org/mmn-kg/Kind>"
    terms = kg.select(f"SELECT (COUNT(DISTINCT ?t) AS ?n) WHERE {{ {kinds} }}")
    go(laptop, "#reference")
    entries = laptop.locator("#panel-reference .entry").count()
    laptop.fill("#panel-reference input", "froment")

    assert entries >= int(next(iter(terms))["n"])
    assert laptop.locator("#panel-reference .entry:visible").count() == 1


@pytest.mark.parametrize(
    "word", ["likelihood ratio positive", "polarity", "case series", "second-hand", "occasional"]
)
def test_the_glossary_explains_the_words_of_a_record(
    kg: KnowledgeGraph, laptop: Page, word: str
) -> None:
    """What evidence is written in stands in the glossary with the definition of the graph."""
    text = f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      PREFIX IAO: <http://purl.obolibrary.org/obo/IAO_>
      SELECT ?d {{ ?t rdfs:label ?label ; IAO:0000115 ?d FILTER(STR(?label) = "{word}") }}"""
    definition = next(iter(kg.select(text)))["d"]
    go(laptop, "#reference")
    laptop.fill("#panel-reference input", word)

    assert definition in laptop.locator("#terms-word .entry:visible").all_inner_texts()[0]


@pytest.mark.parametrize("name", pictures.names())
def test_a_view_prints_on_one_page(laptop: Page, name: str) -> None:
    """A view on paper is one page that is not empty, and the picture is whole."""
    go(laptop, f"#{name}")
    paper = laptop.pdf(prefer_css_page_size=True, print_background=True)
    laptop.set_viewport_size(PAPER)
    laptop.emulate_media(media="print")
    box = laptop.locator(f"#panel-{name} .drawing").bounding_box()
    laptop.emulate_media(media="null")
    laptop.set_viewport_size(LAPTOP["viewport"])

    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PAPER["width"]
    assert box["y"] + box["height"] <= PAPER["height"]
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert len(paper) > 15_000


def test_no_panel_scrolls_sideways_on_a_phone(open_page: Opener) -> None:
    """At 390 pixels no panel is wider than the screen, details open or closed."""
    page = open_page("", **PHONE)
    wide = []
    for place, shown in itertools.product(PLACES, ("", "mmn:MultifocalMotorNeuropathy")):
        go(page, place)
        if shown:
            page.evaluate("id => mmn.page.show(id)", shown)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append((place, shown))

    assert wide == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Opener, scheme: str) -> None:
    """In both colours no panel has a serious accessibility violation, with details open."""
    page = open_page("", color_scheme=scheme, **LAPTOP)
    found = {}
    alike = {"#nerves", "#differential", "#treatment", "#evidence"}  # as other pictures
    places = [place for place in PLACES if place not in alike][:: 1 if scheme == "light" else 2]
    for place in places:
        go(page, place)
        page.evaluate("mmn.page.show('assertion:Demyelination-leadsTo-ConductionBlock')")
        found[place] = serious(page)

    assert found == {place: [] for place in places}
    page.context.close()


def test_colours_follow_the_system_and_the_button(open_page: Opener) -> None:
    """The page is dark where the system is, and the button turns it over."""
    page = open_page("#mechanism", color_scheme="dark", **LAPTOP)
    shade = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(shade)
    page.click("#tools button >> nth=0")
    light = page.evaluate(shade)

    assert sum(map(int, re.findall(r"\d+", dark))) < 150
    assert sum(map(int, re.findall(r"\d+", light))) > 600
    page.context.close()


def test_untrusted_text_shows_as_text(tmp_path: Path, open_page: Opener) -> None:
    """Markup in a merged graph is shown and runs nothing; its links that are not https are text."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        """@prefix mmn: <https://w3id.org/mmn-kg/> . @prefix x: <http://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix IAO: <http://purl.obolibrary.org/obo/IAO_> .
        x:Evil a mmn:Finding ; rdfs:subClassOf mmn:Sign ;
          IAO:0000115 "</script><script>window.hit = 1</script>" ;
          rdfs:label "<img src=x onerror=window.hit=1> </script><script>window.hit = 1</script>" .
        x:Claim a mmn:Assertion ; mmn:subject mmn:MultifocalMotorNeuropathy ;
          mmn:predicate mmn:hasFinding ; mmn:object x:Evil ; mmn:polarity mmn:absent ;
          mmn:hasEvidence x:E .
        x:E a mmn:Evidence ; mmn:direction mmn:supports ; mmn:source x:R ; mmn:note "<b>bold</b>" .
        x:R a mmn:Reference ; mmn:title "<i>title</i>" ; mmn:url "javascript:window.hit=1" .
        """,
        encoding="utf-8",
    )
    text = explorer.render(KnowledgeGraph.load(file), leave_out={"engine"})
    page = open_page("#symptoms", text=text, **LAPTOP)
    page.evaluate("mmn.page.show('http://example.org/Evil')")
    term = details(page)
    page.evaluate("mmn.page.show('http://example.org/Claim')")
    claim = details(page)
    go(page, "#reference/http%3A%2F%2Fexample.org%2FEvil")

    assert "<img src=x onerror=window.hit=1>" in term
    assert "</script><script>window.hit = 1</script>" in term
    assert "<b>bold</b>" in claim
    assert "<i>title</i>" in claim
    assert "javascript:window.hit=1" in claim
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.locator("#panel-symptoms .node[aria-label*='<img']").count() == 1
    assert page.evaluate("window.hit") is None
    page.context.close()


def test_a_notebook_shows_a_view(kg: KnowledgeGraph, open_page: Opener) -> None:
    """A view is its own picture in a notebook, and stays a networkx graph."""
    graph = views.view(kg, "treatment")
    shown = graph._repr_html_()
    page = open_page("", text=f"<!DOCTYPE html><title>notebook</title>{shown}")

    assert page.locator("svg").count() == 1
    assert "first line" in (page.text_content("svg") or "")
    assert type(graph.subgraph(list(graph)[:5]).copy())._repr_html_
    page.context.close()


def test_a_page_opens_on_the_view_asked_for(page_text: str, open_page: Opener) -> None:
    """``mmn-kg view treatment -o page.html`` opens there; the address still wins."""
    text = page_text.replace('data-start=""', 'data-start="treatment"')
    page = open_page("", text=text)
    there = page.is_visible("#panel-treatment")
    page.context.close()
    page = open_page("#nerves", text=text)

    assert there
    assert page.is_visible("#panel-nerves")
    page.context.close()
