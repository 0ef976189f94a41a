"""
Mutation test: break the sources in small ways, and see whether the project's own checks notice.

Run in full by ``python -m tests.mutation --all`` (some ten minutes on two cores; ``--operator``
runs one operator, ``--out`` writes the report to a file); `tests.test_mutation` runs a sample.

Each mutant is one edit of a scratch copy of ``ontology/`` and ``queries/``, whose sources were
signed first (`mmn_kg.build.readings`). It is judged by the compiler, the shapes, the check queries
and those tests that look at the graph. Left out are the golden files and the tests for stale
files: they would notice any change whatever, and say nothing of whether it is right. A mutant is
caught without the sign-off if one of those complains that did not complain of the unchanged
sources; it is caught if one of them does, or the sign-off.

Operators (``all`` or how many are drawn, each with its own seed):

- ``drop-logic`` (all): a transitive property, a chain, a sub-property or a disjointness axiom;
- ``drop-schema-axiom`` (40): a sub-class, domain or range axiom of the schema;
- ``drop-subclass`` (40): a sub-class axiom of an entity;
- ``drop-exclusion`` (all): a mark of what the disease cannot have;
- ``flip-polarity`` (60): present ↔ absent in all rows of an assertion;
- ``swap-object`` (60): the object of a row, for another term of its kind;
- ``move-relation`` (40): a row, to another relation whose domain and range fit;
- ``shift-threshold`` (20): the limit of a threshold, by one;
- ``shift-count`` (40): a count or a total of a row, by one;
- ``drop-shape``, ``drop-check``, ``drop-rule`` (all): a shape, a check query, an inference rule;
- ``drop-ledger``, ``drop-conflict`` (all): a sentence of the article, a pair of assertions.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from mmn_kg import assets, catalog, errors, reason, terms, validate
from mmn_kg.build import compile as compiler
from mmn_kg.build import readings, sources
from mmn_kg.build.vocabulary import Vocabulary
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

SEED = 20_260_701
#: Operator → how many mutants are drawn; None for all there are.
COUNTS: dict[str, int | None] = {
    "drop-logic": None,
    "drop-schema-axiom": 40,
    "drop-subclass": 40,
    "drop-exclusion": None,
    "flip-polarity": 60,
    "swap-object": 60,
    "move-relation": 40,
    "shift-threshold": 20,
    "shift-count": 40,
    "drop-shape": None,
    "drop-check": None,
    "drop-rule": None,
    "drop-ledger": None,
    "drop-conflict": None,
}
#: Operators whose mutants need HermiT or the rules, which take long.
SLOW = frozenset({"drop-logic", "drop-rule"})
#: Operator → why a mutant of it can survive, for the report.
KNOWN = {
    "drop-conflict": "Nobody has read the pair a second time yet, so it is not signed.",
    "drop-rule": "What the rule derives is derived by others too, or by no promise of the graph.",
    "flip-polarity": "Nobody has read the rows a second time yet, so they are not signed.",
    "swap-object": "Nobody has read the row a second time yet, so it is not signed.",
    "move-relation": "Nobody has read the row a second time yet, so it is not signed.",
    "shift-count": "Nobody has read the row a second time yet, so it is not signed.",
}
#: Tests that are left out: they hold for the unchanged sources only by comparing bytes, or they
#: are a step of their own here.
LEFT_OUT = frozenset({"test_the_graph_conforms", "test_restricted_vocabularies_stay_out"})
_RECORDS = ("Assertion", "Evidence", "Conflict", "Reference", "Work", "Sentence")
_MARK = "mmn:motorOnlyExclusion"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit: for each path below the root the new text, or None where the file is removed."""

    operator: str
    name: str
    files: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What noticed a mutant: a check (or None), and whether the sign-off did."""

    mutant: Mutant
    by: str | None
    signed: bool
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether anything noticed."""
        return self.signed or self.by is not None


# --- The scratch copy ----------------------------------------------------------------------------


def prepare(root: Path) -> None:
    """Copy the sources to a folder in canonical form, sign them, and compile what is generated."""
    for name in ("ontology", "queries"):
        ignored = shutil.ignore_patterns("mmn-kg*.ttl", "context.jsonld", readings.FILE)
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    ontology = root / "ontology"
    for path, text in compiler.canonical_sources(ontology).items():
        path.write_text(text, encoding="utf-8")
    (ontology / readings.FILE).write_text(readings.sign(ontology, "mutation test"), "utf-8")


class Tree:
    """The unchanged sources, as the operators see them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ontology = root / "ontology"

    def text(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_text(encoding="utf-8")

    def turtle(self) -> list[str]:
        """Return the paths of the entity files."""
        return sorted(f"ontology/entities/{p.name}" for p in self.ontology.glob("entities/*.ttl"))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The declared terms, with kinds and relations."""
        problems = sources.Problems()
        paths = [self.ontology / "schema.ttl", self.ontology / "header.ttl"]
        paths += sorted((self.ontology / "entities").glob("*.ttl"))
        files = [
            sources.read_turtle(
                path, name=path.relative_to(self.ontology).as_posix(), problems=problems
            )
            for path in paths
        ]
        found = Vocabulary(files, problems)
        problems.raise_if_any()
        return found

    @cached_property
    def rows(self) -> list[tuple[str, int, Row]]:
        """Each row of evidence with its path and the index of its line."""
        found = []
        for path in sorted((self.ontology / "facts").glob("*.tsv")):
            name = f"ontology/facts/{path.name}"
            lines = self.text(name).split("\n")
            heads = lines[0].split("\t")
            for index, line in enumerate(lines[1:], 1):
                if line:
                    found.append((name, index, dict(zip(heads, line.split("\t"), strict=True))))
        return found

    def with_rows(self, changed: Mapping[tuple[str, int], Row]) -> dict[str, str]:
        """Return the files in which some rows are replaced; a missing column is added."""
        files = {}
        for path in {path for path, _ in changed}:
            table = [line.split("\t") for line in self.text(path).split("\n")]
            for (file, index), row in changed.items():
                if file == path:
                    for column in [column for column in row if column not in table[0]]:
                        for cells in table:
                            if cells != [""]:
                                cells.append(column if cells is table[0] else "")
                    table[index] = [row.get(column, "") for column in table[0]]
            files[path] = "\n".join("\t".join(cells) for cells in table)
        return files

    def statements(self, path: str) -> Iterator[tuple[str, int, int, str]]:
        """Yield (term, first line, line behind, text) of each statement of a canonical file."""
        lines = self.text(path).split("\n")
        term, start = "", 0
        for index, line in enumerate(lines):
            if line and not line.startswith((" ", "#", "@")):
                term, start = line, index + 1
            elif line.startswith("    ") and line[4] not in " .":
                if not line.startswith(("    ]", "    )")):
                    start = index
                if line.endswith(" ;"):
                    yield (
                        term,
                        start,
                        index + 1,
                        " ".join(s.strip() for s in lines[start : index + 1]),
                    )


# --- The operators -------------------------------------------------------------------------------


def _without_lines(tree: Tree, path: str, first: int, behind: int, instead: str = "") -> str:
    lines = tree.text(path).split("\n")
    lines[first:behind] = [instead] if instead else []
    return "\n".join(lines)


def _dropped_values(
    tree: Tree, operator: str, path: str, wanted: Callable[[str], bool]
) -> Iterator[Mutant]:
    """Yield a mutant for each value of each statement whose predicate is wanted."""
    for term, first, behind, text in tree.statements(path):
        predicate, _, rest = text.removesuffix(" ;").partition(" ")
        if not wanted(predicate):
            continue
        values = [rest] if "(" in rest else rest.split(" , ")
        for value in values:
            others = " , ".join(other for other in values if other != value)
            instead = f"    {predicate} {others} ;" if others else ""
            yield Mutant(
                operator,
                f"{term} {predicate} {value}",
                {path: _without_lines(tree, path, first, behind, instead)},
            )


def drop_logic(tree: Tree) -> Iterator[Mutant]:
    """Drop transitivity, a chain, a sub-property axiom or a disjointness axiom."""
    path, operator = "ontology/schema.ttl", "drop-logic"
    logical = {"owl:propertyChainAxiom", "rdfs:subPropertyOf", "owl:inverseOf"}
    yield from _dropped_values(tree, operator, path, logical.__contains__)
    for term, first, behind, text in tree.statements(path):
        if text.startswith("a ") and "owl:TransitiveProperty" in text:
            instead = "    " + re.sub(
                r" , owl:TransitiveProperty|owl:TransitiveProperty , ", "", text
            )
            files = {path: _without_lines(tree, path, first, behind, instead)}
            yield Mutant(operator, f"{term} a owl:TransitiveProperty", files)
    for block in re.findall(r"^\[\]\n(?: .*\n)+", tree.text(path), re.MULTILINE):
        name = " ".join(block.split())[:70]
        yield Mutant(operator, name, {path: tree.text(path).replace(block, "")})


def drop_schema_axiom(tree: Tree) -> Iterator[Mutant]:
    """Drop a sub-class, domain or range axiom of the schema."""
    wanted = {"rdfs:subClassOf", "rdfs:domain", "rdfs:range"}
    yield from _dropped_values(
        tree, "drop-schema-axiom", "ontology/schema.ttl", wanted.__contains__
    )


def drop_subclass(tree: Tree) -> Iterator[Mutant]:
    """Drop a sub-class axiom of an entity."""
    for path in tree.turtle():
        yield from _dropped_values(tree, "drop-subclass", path, "rdfs:subClassOf".__eq__)


def drop_exclusion(tree: Tree) -> Iterator[Mutant]:
    """Drop a mark of what the disease cannot have."""
    for path in tree.turtle():
        yield from _dropped_values(tree, "drop-exclusion", path, _MARK.__eq__)


def _key(row: Row) -> str:
    parts = (row["subject"], row["predicate"], row["object"], row.get("scope", ""))
    return "-".join(part for part in parts if part)


def flip_polarity(tree: Tree) -> Iterator[Mutant]:
    """Turn present into absent, or the other way, in all rows of an assertion."""
    assertions: dict[str, dict[tuple[str, int], Row]] = defaultdict(dict)
    for path, index, row in tree.rows:
        assertions[_key(row)][path, index] = row
    for key, rows in assertions.items():
        was = next(iter(rows.values())).get("polarity") or "present"
        turned = "absent" if was == "present" else "present"
        changed = {place: {**row, "polarity": turned} for place, row in rows.items()}
        yield Mutant("flip-polarity", f"{key}: {turned}", _Lazy(tree, changed))


def swap_object(tree: Tree) -> Iterator[Mutant]:
    """Put another term of the same kind in the place of a row's object."""
    kinds: dict[str, list[str]] = defaultdict(list)
    kind_of = {iri.removeprefix(terms.BASE): kind for iri, kind in tree.vocabulary.kind_of.items()}
    for name, kind in sorted(kind_of.items()):
        kinds[kind].append(name)
    for path, index, row in tree.rows:
        others = [name for name in kinds[kind_of[row["object"]]] if name != row["object"]]
        if others:
            other = random.Random(f"{SEED} {row['row']}").choice(others)  # noqa: S311 - no secret
            yield Mutant(
                "swap-object",
                f"{row['row']} {_key(row)}: object {other}",
                _Lazy(tree, {(path, index): {**row, "object": other}}),
            )


def move_relation(tree: Tree) -> Iterator[Mutant]:
    """Move a row to another relation that takes its subject and its object."""
    vocabulary = tree.vocabulary
    for path, index, row in tree.rows:
        subject, value = (
            vocabulary.kind_of[terms.BASE + row[column]] for column in ("subject", "object")
        )
        fitting = [
            iri.removeprefix(terms.BASE)
            for iri, relation in sorted(vocabulary.relations.items())
            if subject in relation.domain and value in relation.range
        ]
        others = [name for name in fitting if name != row["predicate"]]
        if others:
            other = random.Random(f"{SEED} {row['row']}").choice(others)  # noqa: S311 - no secret
            yield Mutant(
                "move-relation",
                f"{row['row']} {_key(row)}: {other}",
                _Lazy(tree, {(path, index): {**row, "predicate": other}}),
            )


def shift_threshold(tree: Tree) -> Iterator[Mutant]:
    """Raise or lower the limit of a threshold by one."""
    for path in tree.turtle():
        for term, first, behind, text in tree.statements(path):
            match = re.match(r"(mmn:low|mmn:high) ([\d.]+) ;\Z", text)
            if match:
                step = random.Random(f"{SEED} {term}").choice((-1, 1))  # noqa: S311 - no secret
                new = f"{match[1]} {Decimal(match[2]) + step}"
                files = {path: _without_lines(tree, path, first, behind, f"    {new} ;")}
                yield Mutant("shift-threshold", f"{term} {text[:-2]} → {new}", files)


def shift_count(tree: Tree) -> Iterator[Mutant]:
    """Raise or lower a count or a total by one."""
    for path, index, row in tree.rows:
        for column in ("count", "total"):
            if row.get(column):
                chance = random.Random(f"{SEED} {row['row']} {column}")  # noqa: S311 - no secret
                new = str(max(0, int(row[column]) + chance.choice((-1, 1))))
                if new != row[column]:
                    yield Mutant(
                        "shift-count",
                        f"{row['row']} {_key(row)}: {column} {row[column]} → {new}",
                        _Lazy(tree, {(path, index): {**row, column: new}}),
                    )


def drop_shape(tree: Tree) -> Iterator[Mutant]:
    """Drop one hand-written shape."""
    for file in sorted((tree.ontology / "shapes").glob("*.ttl")):
        path = f"ontology/shapes/{file.name}"
        if file.name != "generated.ttl":
            for block in re.findall(r"^\S+Shape\n(?: .*\n)+", tree.text(path), re.MULTILINE):
                name = block.split("\n")[0]
                yield Mutant("drop-shape", name, {path: tree.text(path).replace(block, "")})


def _dropped_query(tree: Tree, kind: str, operator: str) -> Iterator[Mutant]:
    for path in sorted((tree.root / "queries" / kind).glob("*.rq")):
        yield Mutant(operator, path.stem, {f"queries/{kind}/{path.name}": None})


def drop_check(tree: Tree) -> Iterator[Mutant]:
    """Drop a check query."""
    return _dropped_query(tree, "check", "drop-check")


def drop_rule(tree: Tree) -> Iterator[Mutant]:
    """Drop an inference rule."""
    return _dropped_query(tree, "infer", "drop-rule")


def _dropped_line(tree: Tree, path: str, operator: str) -> Iterator[Mutant]:
    lines = tree.text(path).split("\n")
    for index, line in enumerate(lines[1:], 1):
        if line:
            text = "\n".join([*lines[:index], *lines[index + 1 :]])
            yield Mutant(operator, " ".join(line.split("\t")[:2])[:110], {path: text})


def drop_ledger(tree: Tree) -> Iterator[Mutant]:
    """Drop a sentence of the article."""
    return _dropped_line(tree, "ontology/ledger.tsv", "drop-ledger")


def drop_conflict(tree: Tree) -> Iterator[Mutant]:
    """Drop a pair of assertions that cannot both hold."""
    return _dropped_line(tree, "ontology/conflicts.tsv", "drop-conflict")


OPERATORS: dict[str, Callable[[Tree], Iterator[Mutant]]] = {
    "drop-logic": drop_logic,
    "drop-schema-axiom": drop_schema_axiom,
    "drop-subclass": drop_subclass,
    "drop-exclusion": drop_exclusion,
    "flip-polarity": flip_polarity,
    "swap-object": swap_object,
    "move-relation": move_relation,
    "shift-threshold": shift_threshold,
    "shift-count": shift_count,
    "drop-shape": drop_shape,
    "drop-check": drop_check,
    "drop-rule": drop_rule,
    "drop-ledger": drop_ledger,
    "drop-conflict": drop_conflict,
}


class _Lazy(dict[str, str | None]):
    """Changed rows that become changed files only when the mutant has been drawn."""

    def __init__(self, tree: Tree, changed: Mapping[tuple[str, int], Row]) -> None:
        super().__init__()
        self.tree, self.changed = tree, changed


def draw(tree: Tree, operator: str, count: int | None) -> list[Mutant]:
    """Draw mutants of an operator, the same ones for the same sources."""
    found = list(OPERATORS[operator](tree))
    if count is not None and count < len(found):
        found = random.Random(f"{SEED} {operator}").sample(found, count)  # noqa: S311 - no secret
    return [
        Mutant(item.operator, item.name, tree.with_rows(item.files.changed))
        if isinstance(item.files, _Lazy)
        else item
        for item in found
    ]


# --- The judge -----------------------------------------------------------------------------------


class Judge:
    """
    Judges mutants of one scratch copy, one after the other.

    Args:
        root: The scratch copy, as `prepare` made it; the judge puts back what a mutant changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._turtle: dict[tuple[str, str], sources.TurtleFile] = {}
        self._shapes: dict[str, rdflib.Graph] = {}
        self._store = Store()
        with self._patched():
            self._base, generated, told = self._compile()
            if told:
                raise errors.SourceError(f"the signed copy complains: {told[0]}")
            self._write({"ontology/shapes/generated.ttl": generated})
            self._store.extend(_quads(self._base))
            self._known = set(self._graph_complaints(self._graph(), self._base))
            self._known |= set(self._tool_complaints())

    def judge(self, mutant: Mutant) -> Verdict:
        """Apply a mutant, ask every check until one complains, and put the sources back."""
        start = time.perf_counter()
        before = {path: (self.root / path).read_text("utf-8") for path in mutant.files}
        generated = "ontology/shapes/generated.ttl"
        before.setdefault(generated, (self.root / generated).read_text("utf-8"))
        changed: set[Triple] = set()
        signed: list[str] = []
        by = None
        with self._patched():
            try:
                self._write(mutant.files)
                triples = self._base
                if any(_is_source(path) for path in mutant.files):
                    triples, text, signed = self._compile()
                    self._write({generated: text})
                    changed = triples ^ self._base
                    self._apply(triples, changed)
                by = self._first_complaint(mutant, triples, changed)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong, the mutant is noticed
                by = f"{type(error).__name__}: {str(error).splitlines()[0][:150]}"
            finally:
                self._write(before)
                self._apply(self._base, changed)
        return Verdict(mutant, by, bool(signed), time.perf_counter() - start)

    def _first_complaint(
        self, mutant: Mutant, triples: set[Triple], changed: set[Triple]
    ) -> str | None:
        steps: list[Iterable[str]] = []
        if any(_is_source(path) for path in mutant.files):
            steps.append(self._graph_complaints(self._graph(), triples, changed))
        if mutant.operator in {"drop-shape", "drop-check"}:
            steps.append(self._tool_complaints())
        if mutant.operator in SLOW:
            steps.append(self._reasoning_complaints(mutant))
        for step in steps:
            for complaint in step:
                if complaint not in self._known:
                    return complaint
        return None

    # The scratch copy.

    @contextmanager
    def _patched(self) -> Iterator[None]:
        catalog.queries.cache_clear()
        with (
            warnings.catch_warnings(),
            mock.patch.object(assets, "folder", lambda name: self.root / name),
            mock.patch.object(validate, "load_shapes", self._load_shapes),
        ):
            warnings.simplefilter("ignore")
            yield
        catalog.queries.cache_clear()

    def _write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            if text is None:
                (self.root / path).unlink()
            else:
                (self.root / path).write_text(text, encoding="utf-8")
        catalog.queries.cache_clear()

    def _apply(self, triples: set[Triple], changed: set[Triple]) -> None:
        for quad in _quads(changed):
            if quad.triple in triples:
                self._store.add(quad)
            else:
                self._store.remove(quad)

    def _graph(self) -> KnowledgeGraph:
        return KnowledgeGraph(self._store)

    def _load_shapes(self) -> rdflib.Graph:
        """Load the shapes as `validate` does, and keep them as long as no file changes."""
        paths = sorted((self.root / "ontology" / "shapes").glob("*.ttl"))
        text = "\n".join(path.read_text("utf-8") for path in paths)
        if text not in self._shapes:
            graph = rdflib.Graph()
            for path in paths:
                graph.parse(path, format="turtle")
            self._shapes = {text: graph}
        return self._shapes[text]

    # The checks.

    def _compile(self) -> tuple[set[Triple], str, list[str]]:
        """
        Compile the scratch copy.

        Returns:
            The triples, the generated shapes, and what the sign-off complains of.

        Raises:
            SourceError: The compiler complains of something else.
        """
        graphs: list[set[Triple]] = []
        told: list[str] = []
        check, read = readings.check, sources.read_turtle

        def kept(triples: Iterable[Triple], **_: object) -> str:
            graphs.append(set(triples))
            return ""

        def told_apart(ontology: Path, rows: Any, files: Any, _: sources.Problems) -> None:
            problems = sources.Problems()
            check(ontology, rows, files, problems)
            try:
                problems.raise_if_any()
            except errors.SourceError as error:
                told.extend(str(error).splitlines())

        def read_once(path: Path, *, name: str, problems: sources.Problems) -> sources.TurtleFile:
            key = (name, path.read_text("utf-8"))
            if key not in self._turtle:
                self._turtle[key] = read(path, name=name, problems=problems)
            return self._turtle[key]

        with (
            mock.patch.object(compiler, "serialise", kept),
            mock.patch.object(compiler, "_context", return_value=""),
            # No operator changes an assumption, and none of them is in the graph.
            mock.patch.object(compiler, "compile_assumptions", return_value=()),
            mock.patch.object(compiler, "_tables", return_value={}),
            mock.patch.object(readings, "check", told_apart),
            mock.patch.object(compiler, "read_turtle", read_once),
        ):
            compiled = compiler.compile_sources(self.root / "ontology", version="0")
        return max(graphs, key=len), compiled.files["shapes/generated.ttl"], told

    def _graph_complaints(
        self, graph: KnowledgeGraph, triples: set[Triple], changed: set[Triple] | None = None
    ) -> Iterator[str]:
        """Yield what check queries, tests of the graph and shapes complain of, the quick first."""
        for query in catalog.queries("check").values():
            for row in graph.select(query.text):
                yield f"{query.name}: {' '.join(row.values())}"
        import tests.test_agreement
        import tests.test_ontology

        for module in (tests.test_agreement, tests.test_ontology):
            with mock.patch.object(module, "ROOT", self.root, create=True):
                yield from _failing(module, {"kg": graph})
        focus = triples if changed is None else _around(triples, changed)
        with mock.patch.object(catalog, "queries", return_value={}):  # they were run above
            results = validate.check(KnowledgeGraph.of(focus)).results
        for result in results:
            yield f"{result.source}: {result.focus} {result.path} {result.value}"

    def _tool_complaints(self) -> Iterator[str]:
        """Yield what the tests of shapes and check queries complain of."""
        import tests.test_shapes as module

        shapes = self._load_shapes()
        written = rdflib.Graph()
        for path in sorted((self.root / "ontology" / "shapes").glob("*.ttl")):
            if path.name != "generated.ttl":
                written.parse(path)
        with (
            mock.patch.object(module, "SHAPES", shapes),
            mock.patch.object(module, "WRITTEN", written),
        ):
            wanted = {
                "test_every_written_shape_has_its_case",
                "test_every_shape_that_another_names_is_there",
                "test_every_shape_says_how_to_mend",
                "test_no_shape_needs_sparql",
                "test_check_queries_and_cases_match",
            }
            yield from _failing(module, {}, only=wanted)

    def _reasoning_complaints(self, mutant: Mutant) -> Iterator[str]:
        """Yield what the tests of HermiT and the rules complain of."""
        import tests.test_reason as module

        fixtures = {"hermit": self._hermit, "reasoned": self._reasoned, "kg": self._graph()}
        if mutant.operator == "drop-logic":
            changed = "hermit"
            fixtures[changed] = reason.classify(self._graph())
        else:
            changed = "reasoned"
            fixtures[changed] = KnowledgeGraph.of(self._graph().triples())
            reason.infer(fixtures[changed])
        for complaint in _failing(module, fixtures, needs={changed}):
            if complaint not in self._known_reasoning:
                yield complaint

    @cached_property
    def _hermit(self) -> reason.Classification:
        return reason.classify(KnowledgeGraph.of(self._base))

    @cached_property
    def _reasoned(self) -> KnowledgeGraph:
        """The unchanged graph with what follows by all rules."""
        graph = KnowledgeGraph.of(self._base)
        with mock.patch.object(assets, "folder", lambda name: ROOT / name):
            catalog.queries.cache_clear()
            reason.infer(graph)
        catalog.queries.cache_clear()
        return graph

    @cached_property
    def _known_reasoning(self) -> set[str]:
        import tests.test_reason as module

        fixtures = {
            "hermit": self._hermit,
            "reasoned": self._reasoned,
            "kg": KnowledgeGraph.of(self._base),
        }
        with mock.patch.object(assets, "folder", lambda name: ROOT / name):
            catalog.queries.cache_clear()
            found = set(_failing(module, fixtures, needs={"hermit", "reasoned"}))
        catalog.queries.cache_clear()
        return found


def _quads(triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())


def _is_source(path: str) -> bool:
    return path.startswith("ontology/") and not path.startswith("ontology/shapes/")


def _around(triples: set[Triple], changed: set[Triple]) -> list[Triple]:
    """
    Return the graph without the records that a change does not touch.

    No shape looks further than from one record to those it names, so those left out give the same
    results as before.
    """
    kind = NamedNode(terms.iri("rdf", "type"))
    classes = {NamedNode(terms.iri("mmn", name)) for name in _RECORDS}
    records = {t.subject for t in triples if t.predicate == kind and t.object in classes}
    named = defaultdict(list)
    for t in triples:
        if t.subject in records and t.object in records:
            named[t.subject].append(t.object)
    kept: set[object] = set()
    queue = [node for t in changed for node in (t.subject, t.object) if node in records]
    while queue:
        node = queue.pop()
        if node not in kept:
            kept.add(node)
            queue += named[node]
    return [t for t in triples if t.subject not in records or t.subject in kept]


def _failing(
    module: ModuleType,
    fixtures: Mapping[str, Any],
    *,
    only: set[str] | None = None,
    needs: set[str] | None = None,
) -> Iterator[str]:
    """
    Run the tests of a module that want these fixtures and no others; yield the names that fail.

    Args:
        module: The test module.
        fixtures: Values by the fixture's name.
        only: Run no other tests than these.
        needs: Run only tests that want one of these fixtures.
    """
    for name, test in list(vars(module).items()):
        if not name.startswith("test_") or name in LEFT_OUT or (only and name not in only):
            continue
        wanted = set(test.__code__.co_varnames[: test.__code__.co_argcount])
        marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
        cases = [dict(case) for case in product_of(marks)]
        names = {key for case in cases for key in case}
        if wanted - names - fixtures.keys() or (needs and not wanted & needs):
            continue
        given = {key: value for key, value in fixtures.items() if key in wanted}
        for case in cases:
            try:
                test(**given, **case)
            except Exception:  # noqa: BLE001 - a test that fails, in whatever way
                yield f"{name}[{', '.join(map(str, case.values()))}]"


def product_of(marks: Sequence[Any]) -> Iterator[list[tuple[str, Any]]]:
    """Yield the (parameter, value) pairs of every case of stacked parametrize marks."""
    tables = []
    for mark in marks:
        names = mark.args[0]
        names = [part.strip() for part in names.split(",")] if isinstance(names, str) else names
        tables.append(
            [
                list(zip(names, value if len(names) > 1 else (value,), strict=True))
                for value in mark.args[1]
            ]
        )
    for chosen in product(*tables):
        yield [pair for case in chosen for pair in case]


# --- Running and reporting -----------------------------------------------------------------------

_JUDGE: Judge | None = None


def _start(root: str) -> None:
    global _JUDGE
    scratch = Path(tempfile.mkdtemp(dir=root))
    prepare(scratch)
    _JUDGE = Judge(scratch)


def _judge(mutant: Mutant) -> Verdict:
    assert _JUDGE is not None
    return _JUDGE.judge(mutant)


def run(counts: Mapping[str, int | None], *, say: Callable[[str], object] = str) -> list[Verdict]:
    """
    Make mutants and judge them, in two processes.

    Args:
        counts: Operator → how many to draw, None for all.
        say: Takes a line on each verdict as it comes.
    """
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "sources"
        prepare(scratch)
        tree = Tree(scratch)
        quick_first = sorted(counts, key=SLOW.__contains__)
        mutants = [mutant for name in quick_first for mutant in draw(tree, name, counts[name])]
        workers = min(2, os.cpu_count() or 1)
        verdicts = []
        with ProcessPoolExecutor(workers, context, _start, (folder,)) as pool:
            for verdict in pool.map(_judge, mutants):
                verdicts.append(verdict)
                noticed = verdict.by or ("sign-off" if verdict.signed else "SURVIVED")
                say(
                    f"{verdict.mutant.operator}: {verdict.mutant.name}: "
                    f"{noticed} ({verdict.seconds:.1f} s)"
                )
    return verdicts


def report(verdicts: Sequence[Verdict]) -> str:
    """Return the table by operator and the list of survivors, as Markdown."""
    made = Counter(v.mutant.operator for v in verdicts)
    caught = Counter(v.mutant.operator for v in verdicts if v.caught)
    alone = Counter(v.mutant.operator for v in verdicts if v.by is not None)
    lines = ["| operator | made | caught | without the sign-off |", "|---|---|---|---|"]
    lines += [f"| {name} | {made[name]} | {caught[name]} | {alone[name]} |" for name in made]
    total = len(verdicts)
    lines.append(
        f"| **all** | {total} | {caught.total()} ({caught.total() / total:.1%}) "
        f"| {alone.total()} ({alone.total() / total:.1%}) |"
    )
    survivors = [v.mutant for v in verdicts if not v.caught]
    if survivors:
        lines += ["", "| survivor | mutant | why |", "|---|---|---|"]
        lines += [
            f"| {m.operator} | {m.name} | {KNOWN.get(m.operator, 'not explained')} |"
            for m in survivors
        ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the mutation test from the command line."""
    parser = argparse.ArgumentParser(description="Mutation test of the sources.")
    parser.add_argument("--all", action="store_true", help="every operator, in full")
    parser.add_argument("--operator", action="append", choices=list(OPERATORS), default=[])
    parser.add_argument("--count", type=int, help="draw so many of each operator")
    parser.add_argument("--out", type=Path, help="write the report to this file too")
    given = parser.parse_args(arguments)
    names = list(OPERATORS) if given.all or not given.operator else given.operator
    counts = {name: given.count or COUNTS[name] for name in names}
    if not given.all and not given.operator and not given.count:
        parser.error("say --all, or --operator NAME, or --count N")
    text = report(run(counts, say=lambda line: print(line, file=sys.stderr, flush=True)))  # noqa: T201
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
