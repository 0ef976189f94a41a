"""What the graph says of a term, or of two terms together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from mmn_kg import terms
from mmn_kg.answers import Cell
from mmn_kg.store import KnowledgeGraph

_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{terms.PREFIXES[name]}>\n" for name in ("mmn", "rdfs", "skos", "IAO", "rdf")
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What one source says about an assertion.

    Attributes:
        id: The evidence, as a CURIE; so are ``reference``, ``measure``, ``band``, ``regimen``.
        title: The title of the source.
        design: The label of the study design.
        direction: ``supports``, ``disputes`` or ``neutral``.
        read_as: How the source was read.
        control: The comparison arm, or None.
        note: A note in our own words, or "".
        caution: Why not to build on it alone, or None.
    """

    id: str
    reference: str
    title: str
    pmid: str | None
    doi: str | None
    url: str | None
    design: str
    direction: str
    read_as: str
    measure: str | None
    count: int | None
    total: int | None
    percent: float | None
    value: float | None
    low: float | None
    high: float | None
    interval: str | None
    unit: str | None
    band: str | None
    control: dict[str, Any] | None
    p_value: str | None
    population: str | None
    country: str | None
    year: int | None
    status: str | None
    regimen: str | None
    note: str
    caution: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """
    One edge of the graph with everything behind it.

    Attributes:
        id: The assertion or the derivation, as a CURIE.
        polarity: ``present`` or ``absent``.
        derived: Whether a rule made it.
        contested: Whether sources both support and dispute it.
        conflicts_with: Assertions that cannot hold together with it.
        evidence: What each source says.
        derivation: The edges from which a derived edge follows.
        rule: The rule of a derived edge, or None.
        article: The article's sentences that say so, in our words.
    """

    id: str
    subject: str
    predicate: str
    object: str
    scope: str | None
    polarity: str
    derived: bool
    contested: bool
    conflicts_with: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    derivation: tuple[dict[str, str], ...]
    rule: str | None
    article: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    What the graph says of a term, or of a pair of terms.

    Attributes:
        term: The term, as a CURIE.
        other: The second term of a pair, or None.
        mappings: Terms of other vocabularies: ``{"id": …, "predicate": …}``.
        edges: Every edge at the term, or between the two; claims first, then derived ones.
    """

    term: str
    other: str | None
    label: str
    definition: str
    synonyms: tuple[str, ...]
    mappings: tuple[dict[str, str], ...]
    edges: tuple[Edge, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `mmn-kg explain --format json` prints."""
        return asdict(self)

    def to_text(self, label: Callable[[str], str | None]) -> str:
        """Return the explanation for people; ``label`` gives the label of an IRI."""

        def name(curie: str) -> str:
            return label(terms.expand(curie) or curie) or curie

        lines = [f"{self.label} ({self.term})"]
        lines += [f"  {text}" for text in (self.definition, "; ".join(self.synonyms)) if text]
        if self.mappings:
            pairs = (f"{item['id']} ({item['predicate'][5:]})" for item in self.mappings)
            lines.append(f"  mappings: {', '.join(pairs)}")
        for edge in self.edges:
            lines += ["", *_edge_lines(edge, name)]
        return "\n".join(lines)


def figure(item: Evidence) -> str:
    """
    Write the figure of a piece of evidence in one short text, "" where it has none.

    Counts come with their percentage and total, intervals with what they delimit.
    """
    shown = ""
    if item.count is not None:
        share = "" if item.percent is None else f" ({item.percent:g}%)"
        shown = f"{item.count}/{item.total or '?'}{share}"
    elif item.value is not None:
        unit = "%" if item.unit == "percent" else f" {item.unit}"
        shown = f"{item.value:g}{'' if item.unit == 'pure number' else unit}"
    if item.low is not None or item.high is not None:
        low, high = ("…" if end is None else f"{end:g}" for end in (item.low, item.high))
        unit = f" {item.unit}" if item.unit and item.value is None else ""
        shown += f" [{low} to {high}{unit}{'; ' + item.interval if item.interval else ''}]"
    if item.control and item.control["count"] is not None:
        shown += f" against {item.control['count']}/{item.control['total']}"
    elif item.control and item.control["value"] is not None:
        shown += f" against {item.control['value']:g}"
    if item.band and not shown:
        shown = re.sub(r"(?<=.)(?=[A-Z])", " ", item.band.removeprefix("mmn:")).lower()
    return shown.strip()


def _edge_lines(edge: Edge, name: Callable[[str], str]) -> list[str]:
    scope = f" ({name(edge.scope)})" if edge.scope else ""
    absent = "NOT: " if edge.polarity == "absent" else ""
    marks = "  [contested]" if edge.contested else ""
    head = f"{name(edge.subject)} {name(edge.predicate)} {name(edge.object)}{scope}"
    lines = [f"{absent}{head}{marks}"]
    lines += [f"    the article: {text}" for text in edge.article]
    lines += [f"    conflicts with {other}" for other in edge.conflicts_with]
    for item in edge.evidence:
        link = f"PMID {item.pmid}" if item.pmid else item.doi or item.url or ""
        parts = [item.direction, figure(item), item.population or "", item.country or ""]
        told = "; ".join(part for part in parts if part)
        lines.append(f"    {told} — {item.title} ({item.design}, read as {item.read_as}; {link})")
        lines += [f"        note: {item.note}"] if item.note else []
        lines += [f"        caution: {item.caution}"] if item.caution else []
    if edge.rule:
        steps = (
            " ".join(name(step[part]) for part in ("subject", "predicate", "object"))
            for step in edge.derivation
        )
        lines.append(f"    derived by {edge.rule}: {'; '.join(steps)}")
    return lines


def explain_terms(graph: KnowledgeGraph, term: str, other: str | None = None) -> Explanation:
    """
    Gather what the graph says of a term, or of the pair of two.

    Derived edges appear where the graph was reasoned over first (`reason.infer`).

    Args:
        graph: The graph.
        term: A CURIE, IRI, label or synonym; an assertion's CURIE explains that one edge.
        other: The second term of a pair.

    Raises:
        UnknownTermError: A term is not in the graph.

    Example:
        >>> kg = KnowledgeGraph.load()
        >>> found = explain_terms(kg, "MMN", "wrist drop")
        >>> found.edges[0].predicate
        'mmn:hasFinding'
    """
    first = graph.find(term)
    second = graph.find(other) if other is not None else None
    return Explanation(
        term=terms.curie(first),
        other=terms.curie(second) if second else None,
        label=graph.label(first) or terms.curie(first),
        definition=_one(graph, first, "IAO:0000115"),
        synonyms=tuple(_all(graph, first, "skos:altLabel")),
        mappings=_mappings(graph, first),
        edges=(*_claims(graph, first, second), *_derived(graph, first, second)),
    )


def _select(graph: KnowledgeGraph, body: str) -> list[dict[str, Cell]]:
    answer = graph.select(_PREFIXES + body)
    return [
        {name: cell for name, cell in zip(answer.columns, row, strict=True) if cell is not None}
        for row in answer.rows
    ]


def _all(graph: KnowledgeGraph, iri: str, path: str) -> list[str]:
    rows = _select(graph, f"SELECT ?v WHERE {{ <{iri}> {path} ?v }} ORDER BY ?v")
    return [row["v"].value for row in rows]


def _one(graph: KnowledgeGraph, iri: str, path: str) -> str:
    return next(iter(_all(graph, iri, path)), "")


def _mappings(graph: KnowledgeGraph, iri: str) -> tuple[dict[str, str], ...]:
    rows = _select(
        graph,
        f"""SELECT ?id ?predicate WHERE {{
          VALUES ?predicate {{ skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch
                               skos:relatedMatch }}
          <{iri}> ?predicate ?id }} ORDER BY ?predicate ?id""",
    )
    return tuple({"id": str(row["id"]), "predicate": str(row["predicate"])} for row in rows)


def _pattern(node: str, first: str, second: str | None) -> str:
    """Return the group that finds the records at a term, or between two terms."""
    if second is None:
        return (
            f"{{ {node} mmn:subject <{first}> }} UNION {{ {node} mmn:object <{first}> }} "
            f"UNION {{ {node} mmn:scope <{first}> }} "
            f"UNION {{ VALUES {node} {{ <{first}> }} {node} mmn:subject ?any }}"
        )
    ways = [
        f"{{ {node} mmn:{a} <{x}> ; mmn:{b} <{y}> }}"
        for a, b in (("subject", "object"), ("subject", "scope"), ("object", "scope"))
        for x, y in ((first, second), (second, first))
    ]
    return " UNION ".join(ways)


def _claims(graph: KnowledgeGraph, first: str, second: str | None) -> list[Edge]:
    found = _select(
        graph,
        f"""SELECT DISTINCT ?a ?s ?p ?o ?scope ?polarity WHERE {{
          {_pattern("?a", first, second)}
          ?a a mmn:Assertion ; mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o ;
             mmn:polarity ?polarity
          OPTIONAL {{ ?a mmn:scope ?scope }} }} ORDER BY ?p ?o ?s ?a""",
    )
    return [_claim(graph, row) for row in found]


def _claim(graph: KnowledgeGraph, row: dict[str, Cell]) -> Edge:
    iri = row["a"].value
    evidence = tuple(_evidence(graph, iri))
    directions = {item.direction for item in evidence}
    return Edge(
        id=str(row["a"]),
        subject=str(row["s"]),
        predicate=str(row["p"]),
        object=str(row["o"]),
        scope=str(row["scope"]) if "scope" in row else None,
        polarity=str(row["polarity"]).removeprefix("mmn:"),
        derived=False,
        contested={"supports", "disputes"} <= directions,
        conflicts_with=tuple(terms.curie(v) for v in _all(graph, iri, "mmn:conflictsWith")),
        evidence=evidence,
        derivation=(),
        rule=None,
        article=tuple(_all(graph, iri, "^mmn:carriedBy/mmn:paraphrase")),
    )


def _evidence(graph: KnowledgeGraph, assertion: str) -> list[Evidence]:
    rows = _select(
        graph,
        f"""SELECT ?e ?p ?v WHERE {{
          <{assertion}> mmn:hasEvidence ?e .
          {{ ?e ?p ?v }} UNION {{ ?e mmn:source ?source . ?source ?p ?v
             FILTER(?p IN (mmn:title, mmn:pmid, mmn:doi, mmn:url)) }} }}""",
    )
    table: dict[str, dict[str, Cell]] = defaultdict(dict)
    for row in rows:
        table[str(row["e"])][row["p"].value.removeprefix(terms.BASE)] = row["v"]
    return [read_evidence(graph, name, fields) for name, fields in sorted(table.items())]


def read_evidence(graph: KnowledgeGraph, name: str, fields: Mapping[str, Cell]) -> Evidence:
    """
    Put one piece of evidence together.

    Args:
        graph: The graph, for labels.
        name: Its CURIE.
        fields: Its values by local name (``mmn:count`` as ``count``), with those of its source.
    """

    def text(key: str) -> str | None:
        return str(fields[key]) if key in fields else None

    def shown(key: str) -> str | None:
        return graph.label(fields[key].value) if key in fields else None

    def number(key: str) -> float | None:
        return float(fields[key].value) if key in fields else None

    def whole(key: str) -> int | None:
        return int(fields[key].value) if key in fields else None

    control = {
        "name": text("control"),
        "count": whole("controlCount"),
        "total": whole("controlTotal"),
        "percent": number("controlPercent"),
        "value": number("controlValue"),
    }
    return Evidence(
        id=name,
        reference=text("source") or "",
        title=text("title") or "",
        pmid=text("pmid"),
        doi=text("doi"),
        url=text("url"),
        design=shown("design") or "",
        direction=(text("direction") or "").removeprefix("mmn:"),
        read_as=shown("readAs") or "",
        measure=text("measure"),
        count=whole("count"),
        total=whole("total"),
        percent=number("percent"),
        value=number("value"),
        low=number("low"),
        high=number("high"),
        interval=shown("interval"),
        unit=shown("unit"),
        band=text("band"),
        control=control if any(value is not None for value in control.values()) else None,
        p_value=text("pValue"),
        population=text("population"),
        country=text("country"),
        year=whole("year"),
        status=shown("status"),
        regimen=text("regimen"),
        note=text("note") or "",
        caution=text("caution"),
    )


def _derived(graph: KnowledgeGraph, first: str, second: str | None) -> list[Edge]:
    found = _select(
        graph,
        f"""SELECT DISTINCT ?d ?s ?p ?o ?rule WHERE {{
          {_pattern("?d", first, second)}
          ?d a mmn:Derivation ; mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o ; mmn:rule ?rule
        }} ORDER BY ?p ?o ?s ?d""",
    )
    return [
        Edge(
            id=str(row["d"]),
            subject=str(row["s"]),
            predicate=str(row["p"]),
            object=str(row["o"]),
            scope=None,
            polarity="present",
            derived=True,
            contested=False,
            conflicts_with=(),
            evidence=(),
            derivation=tuple(_premises(graph, row["d"].value)),
            rule=row["rule"].value,
            article=(),
        )
        for row in found
    ]


def _premises(graph: KnowledgeGraph, derivation: str) -> list[dict[str, str]]:
    rows = _select(
        graph,
        f"""SELECT ?s ?p ?o WHERE {{ <{derivation}> mmn:derivedFrom ?edge .
          ?edge mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o }} ORDER BY ?s ?p ?o""",
    )
    return [
        {"subject": str(row["s"]), "predicate": str(row["p"]), "object": str(row["o"])}
        for row in rows
    ]
