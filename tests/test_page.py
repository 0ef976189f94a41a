"""The page as text: what holds without a browser."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from mmn_kg import explain, reason
from mmn_kg.explorer import columns, data, page
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT


class _Reader(HTMLParser):
    """Collects tags, attributes and what stands inside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text with the tag before it."""
        self.texts.append((self.tags[-1][0] if self.tags else "", data))


@pytest.fixture(scope="module")
def text(kg: KnowledgeGraph) -> str:
    """Give the page of the shipped graph."""
    return page.render(kg)


@pytest.fixture(scope="module")
def reader(text: str) -> _Reader:
    """Give the page, read."""
    found = _Reader()
    found.feed(text)
    return found


def test_page_asks_nobody(reader: _Reader) -> None:
    """The page is one file: nothing is loaded from elsewhere, and no element runs a handler."""
    for tag, attributes in reader.tags:
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        assert not [name for name in attributes if name in {"src", "style"} or name[:2] == "on"]
        assert (attributes.get("href") or "#")[0] == "#"


def test_policy_lets_in_our_own_style_and_script_alone(text: str, reader: _Reader) -> None:
    """The policy names the hashes of the one style and the one script, and shuts all else out."""
    metas = [attributes for tag, attributes in reader.tags if tag == "meta"]
    policy = next(m["content"] or "" for m in metas if "Content-Security-Policy" in m.values())

    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy
    assert not re.search(r"https?:|data:|\*", policy)
    for tag in ("style", "script"):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(body) == 1
        digest = base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_data_cannot_end_their_element() -> None:
    """JSON in the page has no ``<``, and no line end that a script takes for one."""
    found = page.to_json({"label": "</script><!--\u2028\u2029"})

    assert not set(found) & set("<\u2028\u2029")
    assert json.loads(found) == {"label": "</script><!--\u2028\u2029"}


def test_every_section_is_in_the_page(text: str) -> None:
    """Each section of the data stands in the page once, as JSON."""
    for name in data.SECTIONS:
        found = re.findall(
            rf'<script type="application/json" id="data-{name}">(.*?)</script>', text, re.DOTALL
        )
        assert len(found) == 1
        assert json.loads(found[0])


def test_it_says_that_it_is_no_advice(text: str) -> None:
    """The page says what it is not."""
    assert "not medical advice" in text


def test_columns_say_what_rows_said() -> None:
    """Packed rows unpack to what they were."""
    rows = [{"a": 1, "b": "x"}, {"a": None}, {"a": 3, "b": "x", "c": [1, 2]}, {"b": "x"}]

    assert _unpacked(columns.pack(rows)) == [
        {k: v for k, v in row.items() if v is not None} for row in rows
    ]


def _unpacked(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Undo `columns.pack`, as ``scripts/table.js`` does."""
    rows: list[dict[str, Any]] = [{} for _ in range(table["rows"])]
    for name, column in table["columns"].items():
        values = [column["v"][d] for d in column["d"]] if "d" in column else column["v"]
        place = 0
        for number, value in enumerate(values):
            place = place + column["r"][number] if "r" in column else number
            rows[place][name] = value
    return rows


@pytest.fixture(scope="module")
def tables(text: str) -> dict[str, Any]:
    """Give the tables as they stand in the page."""
    block = re.search(r'id="data-graph">(.*?)</script>', text, re.DOTALL)
    assert block
    return dict(json.loads(block[1]))


@pytest.fixture(scope="module")
def reasoned(kg: KnowledgeGraph) -> KnowledgeGraph:
    """Give a copy of the graph with derived edges."""
    graph = KnowledgeGraph.of(kg.triples())
    reason.infer(graph)
    return graph


@pytest.mark.parametrize("term", ["MMN", "wrist drop", "rituximab"])
def test_the_page_says_what_explain_says(
    tables: dict[str, Any], reasoned: KnowledgeGraph, term: str
) -> None:
    """The tables hold each edge of a term with polarity, evidence, figures, links and rules."""
    found = tables
    told = explain.explain_terms(reasoned, term)
    terms = [row["id"] for row in _unpacked(found["terms"])]
    references = _unpacked(found["references"])
    evidence = _unpacked(found["evidence"])
    here = terms.index(told.term.removeprefix("mmn:"))

    def name(row: dict[str, Any]) -> str:
        parts = [terms[row["s"]], found["relations"][row["p"]]["id"], terms[row["o"]]]
        return "assertion:" + "-".join(parts + ([terms[row["scope"]]] if "scope" in row else []))

    claims = {
        row.get("id") or name(row): (place, row)
        for place, row in enumerate(_unpacked(found["assertions"]))
        if here in {row["s"], row["o"], row.get("scope")}
    }
    assert set(claims) == {edge.id for edge in told.edges if not edge.derived}
    for edge in told.edges:
        if edge.derived:
            continue
        place, row = claims[edge.id]
        assert ("absent" in row) == (edge.polarity == "absent")
        assert len(row.get("conflicts", ())) == len(edge.conflicts_with)
        items = [item for item in evidence if item["a"] == place]
        assert ["evidence:" + item["id"] for item in items] == [e.id for e in edge.evidence]
        for item, known in zip(items, edge.evidence, strict=True):
            source = references[item["source"]]
            assert item.get("figure", "") == explain.figure(known)
            assert (item["direction"], item.get("note", "")) == (known.direction, known.note)
            assert (source.get("pmid"), source.get("doi")) == (known.pmid, known.doi)
    derived = {
        (terms[row["s"]], found["relations"][row["p"]]["id"], terms[row["o"]], row["rule"])
        for row in _unpacked(found["derivations"])
        if here in {row["s"], row["o"]}
    }
    assert derived == {
        tuple(
            part.removeprefix("mmn:") for part in (e.subject, e.predicate, e.object, e.rule or "")
        )
        for e in told.edges
        if e.derived and e.predicate != "rdfs:subClassOf"
    }


def test_the_page_is_small(text: str) -> None:
    """Without the engine the page stays below 1.5 MB."""
    engine = re.search(r'id="data-engine">(.*?)</script>', text, re.DOTALL)

    assert len(text.encode()) - len(engine[1] if engine else "") < 1_500_000


def test_the_graph_is_left_as_it_is(kg: KnowledgeGraph, text: str) -> None:
    """The page shows derived edges, and adds none to the graph that it was given."""
    assert '"derivations"' in text
    assert not kg.ask("ASK { ?d a <https://w3id.org/mmn-kg/Derivation> }")


def test_the_tests_use_the_axe_that_the_table_names() -> None:
    """What is vendored for the tests has the version, licence and checksum of its table."""
    folder = ROOT / "tests" / "vendor"
    with (folder / "VERSIONS.tsv").open(encoding="utf-8") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream, delimiter="\t")}

    assert set(rows) == {path.name for path in folder.iterdir()} - {"VERSIONS.tsv"}
    for name, row in rows.items():
        assert row["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert row["version"] in (folder / "axe.min.js").read_text(encoding="utf-8")[:200]
        assert row["licence"] == "MPL-2.0"
