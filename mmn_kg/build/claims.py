"""Turn the tables into assertions, evidence, references, sentences and conflicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from mmn_kg import terms
from mmn_kg.answers import canonical_number
from mmn_kg.build.sources import Problems, Row, literal, read_table
from mmn_kg.build.vocabulary import Vocabulary

#: Cells that name a controlled value → the class of the value.
_CONTROLLED: Final = {
    "direction": "Direction",
    "measure": "Measure",
    "unit": "Unit",
    "interval": "Interval",
    "band": "Band",
    "design": "StudyDesign",
    "status": "Status",
    "read_as": "ReadingDepth",
}
#: Cells that hold a number or a text → the property and its type.
_PLAIN: Final = {
    "count": ("count", "integer"),
    "total": ("total", "integer"),
    "value": ("value", "decimal"),
    "low": ("low", "decimal"),
    "high": ("high", "decimal"),
    "control": ("control", "string"),
    "control_count": ("controlCount", "integer"),
    "control_total": ("controlTotal", "integer"),
    "control_value": ("controlValue", "decimal"),
    "p_value": ("pValue", "string"),
    "population": ("population", "string"),
    "country": ("country", "string"),
    "year": ("year", "integer"),
    "second_read": ("secondRead", "string"),
    "note": ("note", "string"),
    "caution": ("caution", "string"),
}
FACT_COLUMNS: Final = (
    *("row", "subject", "predicate", "object", "scope", "polarity"),
    *_CONTROLLED,
    *_PLAIN,
    *("regimen", "source"),
)
_REFERENCE_COLUMNS: Final = {
    "ref_id": "",
    "pmid": "pmid",
    "doi": "doi",
    "pmcid": "pmcid",
    "title": "title",
    "first_author": "firstAuthor",
    "year": "year",
    "journal": "journal",
    "url": "url",
    "work": "",
}
#: Columns of conflicts.tsv.
CONFLICT_COLUMNS: Final = ("first", "second", "reason")
_LEDGER_COLUMNS: Final = ("id", "sha256", "paraphrase", "assertions", "why_none")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_ROW_ID: Final = re.compile(r"([A-Z]+[0-9]+)([a-z][a-z0-9]*)?\Z")


@dataclass(slots=True)
class _Assertion:
    """The key of an assertion and the rows that bear on it."""

    subject: str
    predicate: str
    object: str
    scope: str
    polarity: str
    rows: list[Row] = field(default_factory=list)

    @property
    def key(self) -> str:
        parts = [self.subject, self.predicate, self.object, self.scope]
        return "-".join(part for part in parts if part)


class Claims:
    """
    Everything that the tables say.

    Args:
        ontology: The folder ``ontology/``.
        vocabulary: The declared terms.
        problems: Takes the complaints.
    """

    def __init__(self, ontology: Path, vocabulary: Vocabulary, problems: Problems) -> None:
        self._vocabulary = vocabulary
        self._problems = problems
        self._ontology = ontology
        self._local = {
            iri.removeprefix(terms.BASE): iri
            for iri in vocabulary.declared
            if iri.startswith(terms.BASE)
        }
        self._references = self._table("references.tsv", tuple(_REFERENCE_COLUMNS), ("ref_id",))
        self.reference_ids = self._unique(self._references, "ref_id")
        self.assertions: dict[str, _Assertion] = {}
        self.evidence_count = 0
        self._read_facts()
        self.conflicts = self._table("conflicts.tsv", CONFLICT_COLUMNS, CONFLICT_COLUMNS)
        self._ledger = self._table("ledger.tsv", _LEDGER_COLUMNS, ("id", "sha256", "paraphrase"))

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of all tables."""
        for assertion in self.assertions.values():
            yield from self._assertion(assertion)
        yield from self._flat_edges()
        yield from self._reference_triples()
        yield from self._conflict_triples()
        yield from self._ledger_triples()

    # --- Reading -------------------------------------------------------------------------------

    def _table(self, name: str, columns: tuple[str, ...], required: tuple[str, ...]) -> list[Row]:
        path = self._ontology / name
        if not path.is_file():
            self._problems.add(name, "is missing")
            return []
        return read_table(
            path, name=name, columns=columns, required=required, problems=self._problems
        )

    def _unique(self, rows: list[Row], column: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in rows:
            if row[column] in found:
                first = found[row[column]].place
                self._problems.add(row.place, f"{row[column]!r} stands in {first} too")
            found.setdefault(row[column], row)
        return found

    def _read_facts(self) -> None:
        rows = [
            row
            for path in sorted((self._ontology / "facts").glob("*.tsv"))
            for row in self._table(
                f"facts/{path.name}",
                FACT_COLUMNS,
                ("row", "subject", "predicate", "object", "source", "design", "read_as"),
            )
        ]
        self.evidence_count = len(self._unique(rows, "row"))
        for row in rows:
            self._read_fact(row)

    def _read_fact(self, row: Row) -> None:
        if not _ROW_ID.match(row["row"]):
            self._problems.add(row.place, f"{row['row']!r} is no row id (as MMNF0123 or MMNF0123a)")
        polarity = row["polarity"] or "present"
        if polarity not in {"present", "absent"}:
            self._problems.add(row.place, f"polarity is present or absent, not {polarity!r}")
        for column in ("subject", "predicate", "object", "scope", "regimen"):
            self._declared(row, column)
        self._fits(row)
        for column, class_name in _CONTROLLED.items():
            value = row[column]
            members = self._vocabulary.instances(class_name)
            if value and terms.iri("mmn", value) not in members:
                names = [iri.removeprefix(terms.BASE) for iri in members]
                hint = self._vocabulary.nearest(value, names)
                self._problems.add(row.place, f"{value!r} is no {class_name}{hint}")
        if row["source"] and row["source"] not in self.reference_ids:
            self._problems.add(row.place, f"the source {row['source']!r} is not in references.tsv")
        for column, (_, datatype) in _PLAIN.items():
            self._number(row, column, datatype)
        new = _Assertion(row["subject"], row["predicate"], row["object"], row["scope"], polarity)
        assertion = self.assertions.setdefault(new.key, new)
        if assertion.polarity != polarity:
            self._problems.add(
                row.place,
                f"the assertion {new.key} is {assertion.polarity} in {assertion.rows[0].place}: "
                "one assertion has one polarity; a source that denies it disputes it",
            )
        assertion.rows.append(row)

    def _declared(self, row: Row, column: str) -> bool:
        name = row[column]
        if not name:
            return False
        iri = self._local.get(name)
        known = self._vocabulary.relations if column == "predicate" else self._vocabulary.kind_of
        if iri in known:
            return True
        what = "relation" if column == "predicate" else "term"
        names = [known_iri.removeprefix(terms.BASE) for known_iri in known]
        hint = self._vocabulary.nearest(name, names)
        self._problems.add(row.place, f"undeclared {what} {name!r} in {column}{hint}")
        return False

    def _fits(self, row: Row) -> None:
        relation = self._vocabulary.relations.get(self._local.get(row["predicate"], ""))
        if relation is None:
            return
        for column, allowed in (("subject", relation.domain), ("object", relation.range)):
            kind = self._vocabulary.kind_of.get(self._local.get(row[column], ""))
            if kind is not None and kind not in allowed:
                wanted = " or ".join(sorted(iri.removeprefix(terms.BASE) for iri in allowed))
                self._problems.add(
                    row.place,
                    f"the {column} {row[column]} is a {kind.removeprefix(terms.BASE)}, "
                    f"{row['predicate']} takes {wanted}",
                )

    def _number(self, row: Row, column: str, datatype: str) -> None:
        text = row[column]
        if not text or datatype == "string":
            return
        pattern = r"[0-9]+\Z" if datatype == "integer" else r"-?[0-9]+(\.[0-9]+)?\Z"
        if not re.match(pattern, text):
            self._problems.add(row.place, f"{column} is a plain {datatype}, not {text!r}")

    # --- Writing -------------------------------------------------------------------------------

    def _assertion(self, assertion: _Assertion) -> Iterator[Triple]:
        subject = NamedNode(terms.iri("assertion", assertion.key))
        yield from _typed(subject, "Assertion")
        for name in ("subject", "predicate", "object", "scope", "polarity"):
            value = getattr(assertion, name)
            if value:
                yield _link(subject, name, terms.iri("mmn", value))
        for row in assertion.rows:
            yield _link(subject, "hasEvidence", terms.iri("evidence", row["row"]))
            yield from self._evidence(row)

    def _evidence(self, row: Row) -> Iterator[Triple]:
        subject = NamedNode(terms.iri("evidence", row["row"]))
        yield from _typed(subject, "Evidence")
        defaults = {"direction": "supports"}
        for column in _CONTROLLED:
            value = row[column] or defaults.get(column, "")
            if value:
                name = "readAs" if column == "read_as" else column
                yield _link(subject, name, terms.iri("mmn", value))
        if row["regimen"]:
            yield _link(subject, "regimen", terms.iri("mmn", row["regimen"]))
        yield _link(subject, "source", terms.iri("reference", row["source"]))
        for column, (name, datatype) in _PLAIN.items():
            if row[column]:
                yield _value(subject, name, row[column], datatype)
        for name, prefix in (("percent", ""), ("controlPercent", "control_")):
            percent = _percent(row, prefix)
            if percent is not None:
                yield _value(subject, name, percent, "decimal")
        match = _ROW_ID.match(row["row"])
        if match:
            yield _value(subject, "curatedRow", match[1], "string")

    def _flat_edges(self) -> Iterator[Triple]:
        denied = {
            (item.subject, item.predicate, item.object)
            for item in self.assertions.values()
            if item.polarity == "absent" and not item.scope
        }
        for item in self.assertions.values():
            if item.polarity == "present" and (
                (item.subject, item.predicate, item.object) not in denied
            ):
                yield _link(
                    NamedNode(terms.iri("mmn", item.subject)),
                    item.predicate,
                    terms.iri("mmn", item.object),
                )

    def _reference_triples(self) -> Iterator[Triple]:
        for row in self._references:
            if not _NAME.match(row["ref_id"]):
                self._problems.add(row.place, f"{row['ref_id']!r} is no plain name")
                continue
            subject = NamedNode(terms.iri("reference", row["ref_id"]))
            work = NamedNode(terms.iri("work", row["work"] or row["ref_id"]))
            yield from _typed(subject, "Reference")
            yield from _typed(work, "Work")
            yield _link(subject, "isReferenceTo", work.value)
            for column, name in _REFERENCE_COLUMNS.items():
                if name and row[column]:
                    if column == "year":
                        self._number(row, column, "integer")
                    yield _value(
                        subject, name, row[column], "integer" if column == "year" else "string"
                    )

    def _conflict_triples(self) -> Iterator[Triple]:
        for row in self.conflicts:
            missing = [key for key in (row["first"], row["second"]) if key not in self.assertions]
            for key in missing:
                self._problems.add(row.place, f"there is no assertion {key!r}")
            if not missing:
                first, second = (
                    NamedNode(terms.iri("assertion", row[column])) for column in ("first", "second")
                )
                yield _link(first, "conflictsWith", second.value)
                yield _link(second, "conflictsWith", first.value)
                record = NamedNode(terms.iri("conflict", f"{row['first']}-or-{row['second']}"))
                yield from _typed(record, "Conflict")
                yield _link(record, "conflictOf", first.value)
                yield _link(record, "conflictOf", second.value)
                yield _value(record, "conflictReason", row["reason"], "string")

    def _ledger_triples(self) -> Iterator[Triple]:
        for row in self._ledger:
            subject = NamedNode(terms.iri("sentence", row["id"]))
            yield from _typed(subject, "Sentence")
            yield _value(subject, "number", row["id"].lstrip("S0") or "0", "integer")
            yield _value(subject, "sha256", row["sha256"], "string")
            yield _value(subject, "paraphrase", row["paraphrase"], "string")
            for key in row["assertions"].split():
                if key in self.assertions:
                    yield _link(subject, "carriedBy", terms.iri("assertion", key))
                else:
                    self._problems.add(row.place, f"there is no assertion {key!r}")
            if row["why_none"]:
                yield _value(subject, "withoutAssertion", row["why_none"], "string")
            if bool(row["assertions"]) == bool(row["why_none"]):
                self._problems.add(row.place, "name assertions, or say why there are none")


def _typed(subject: NamedNode, class_name: str) -> Iterator[Triple]:
    kind = NamedNode(terms.iri("rdf", "type"))
    yield Triple(subject, kind, NamedNode(terms.iri("mmn", class_name)))
    yield Triple(subject, kind, NamedNode(terms.iri("owl", "NamedIndividual")))


def _link(subject: NamedNode, name: str, target: str) -> Triple:
    return Triple(subject, NamedNode(terms.iri("mmn", name)), NamedNode(target))


def _value(subject: NamedNode, name: str, text: str, datatype: str) -> Triple:
    if datatype in {"integer", "decimal"}:
        text = canonical_number(text)
    return Triple(subject, NamedNode(terms.iri("mmn", name)), literal(text, datatype))


def _percent(row: Row, prefix: str) -> str | None:
    """Compute the percentage of a row to one decimal; None where there is none."""
    count, total, value = (row[prefix + name] for name in ("count", "total", "value"))
    if count.isdigit() and total.isdigit() and int(total):
        share = Decimal(100) * int(count) / int(total)
        return str(share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    return value if value and row["unit"] == "Percent" else None
