"""Attacks on the query guard, each of which must fail to hurt."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mmn_kg import errors, guard

QUICK = guard.Limits(seconds=3.0, megabytes=1024, rows=1000)


class _Listener(http.server.BaseHTTPRequestHandler):
    """Counts what reaches it."""

    hits = 0

    def do_GET(self) -> None:
        type(self).hits += 1
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the base class names it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[str]:
    """Serve on loopback; a query that reaches out would be counted."""
    _Listener.hits = 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ser\\u0076ice <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ ?s ?p ?o MINUS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ {{ SELECT ?s {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
        "SELECT * {{ VALUES ?u {{ <{url}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "DESCRIBE <{url}> FROM <{url}>",
    ],
)
def test_nothing_outside_is_reached(listener: str, query: str) -> None:
    """SERVICE and FROM are refused wherever they hide, and no request goes out."""
    with pytest.raises((errors.QueryRefusedError, errors.QuerySyntaxError)):
        guard.run(query.format(url=listener), limits=QUICK)

    assert _Listener.hits == 0


def test_a_local_file_cannot_be_read(tmp_path: Path) -> None:
    """FROM file: is refused."""
    secret = tmp_path / "secret.ttl"
    secret.write_text("<urn:a> <urn:b> 'secret' .")

    with pytest.raises(errors.QueryRefusedError, match="FROM is refused"):
        guard.run(f"SELECT * FROM <{secret.as_uri()}> {{ ?s ?p ?o }}", limits=QUICK)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "DROP GRAPH <urn:g>",
    ],
)
def test_updates_are_refused(query: str) -> None:
    """An update is no query; the message says what is run."""
    with pytest.raises(errors.QuerySyntaxError, match="updates are not run"):
        guard.run(query, limits=QUICK)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 12_000 + "}" * 12_000,
        "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
        "ASK { FILTER(" + "!" * 20_000 + "true) }",
        "SELECT * { " + "{ ?s ?p ?o } UNION " * 1_500 + "{ ?s ?p ?o } }",
        "ASK { FILTER(true " + "|| true" * 3_000 + ") }",
        "SELECT * { ?s ?p ?o " + "OPTIONAL { " * 2_000 + "}" * 2_000 + " }",
        "SELECT * { ?s " + "(" * 3_000 + "<urn:p>" + ")" * 3_000 + " ?o }",
    ],
    ids=["braces", "parentheses", "nots", "unions", "ors", "optionals", "paths"],
)
def test_deep_nesting_hurts_nobody(query: str) -> None:
    """A query that would crash the engine takes at most its own child with it."""
    try:
        guard.run(query, limits=QUICK)
    except (errors.QueryRefusedError, errors.QuerySyntaxError) as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is fine, a crash is not


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
        "SELECT ?x { ?x (<urn:a>|!<urn:a>)* ?y . ?z (<urn:a>|!<urn:a>)* ?x } ORDER BY ?x",
    ],
    ids=["cartesian", "sort", "paths"],
)
def test_endless_queries_are_stopped(query: str) -> None:
    """A query that eats time or memory is stopped near its limit, with one clear line."""
    start = time.monotonic()
    with pytest.raises(errors.QueryRefusedError, match=r"stopped after|out of"):
        guard.run(query, limits=guard.Limits(seconds=2.0, megabytes=512, rows=1000))

    assert time.monotonic() - start < 12


def test_catastrophic_regex_ends() -> None:
    """A regular expression that backtracks elsewhere ends, or is stopped."""
    query = 'ASK { FILTER(REGEX("' + "a" * 5_000 + 'b", "^(a+)+$")) }'

    assert guard.run(query, limits=QUICK).boolean is False


def test_huge_query_is_not_even_parsed() -> None:
    """A query above the size limit is refused before anything starts."""
    with pytest.raises(errors.QueryRefusedError, match="bytes"):
        guard.run("SELECT * { ?s ?p ?o } #" + "x" * guard.MAX_QUERY, limits=QUICK)


def test_rows_are_cut_and_it_is_said() -> None:
    """More rows than the limit are cut, and the result says so."""
    found = guard.run("SELECT * { ?s ?p ?o }", limits=guard.Limits(rows=7))

    assert found.answer is not None
    assert (len(found.answer), found.truncated) == (7, True)


def test_the_word_service_in_a_literal_is_harmless() -> None:
    """Only the parse tree decides, not the text."""
    query = 'ASK { FILTER("SERVICE <http://x/> FROM <y>" != "") } # SERVICE FROM'

    assert guard.run(query, limits=QUICK).boolean is True


def test_construct_comes_back_as_triples() -> None:
    """A CONSTRUCT yields sorted N-Triples."""
    found = guard.run("CONSTRUCT { <urn:b> <urn:p> 1 . <urn:a> <urn:p> 1 } WHERE {}", limits=QUICK)

    assert [line.split()[0] for line in (found.ntriples or "").splitlines()] == [
        "<urn:a>",
        "<urn:b>",
    ]
