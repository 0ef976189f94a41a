"""
Run a query that we did not write: in a child process, under limits, and only if it is harmless.

The child parses the query with rdflib's parser and walks the tree, so that SERVICE and FROM are
refused wherever they hide; then Oxigraph runs it. A query that crashes the engine, eats memory or
does not end takes the child with it, and nothing else. On systems without ``resource`` (Windows)
the limits of memory and processor time fall away, and the wall clock alone holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mmn_kg import errors
from mmn_kg.answers import Answer

#: Largest query text, in bytes.
MAX_QUERY: Final = 32 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What an untrusted query may use.

    Attributes:
        seconds: Wall clock and processor time.
        megabytes: Address space of the child.
        rows: Rows (or triples) that are returned; the rest is cut.
    """

    seconds: float = 10.0
    megabytes: int = 1024
    rows: int = 10_000


@dataclass(frozen=True, slots=True)
class Guarded:
    """
    The outcome of an untrusted query: one of the three, by the query's form.

    Attributes:
        answer: The rows of a SELECT.
        boolean: The answer of an ASK.
        ntriples: The triples of a CONSTRUCT or DESCRIBE, as sorted N-Triples.
        truncated: Whether rows were cut at the limit.
    """

    answer: Answer | None = None
    boolean: bool | None = None
    ntriples: str | None = None
    truncated: bool = False


def run(query: str, *, files: Sequence[str | Path] = (), limits: Limits | None = None) -> Guarded:
    """
    Run an untrusted query over the shipped graph.

    Args:
        query: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        files: Graph files to merge first.
        limits: What it may use; the default is meant for a person at a terminal.

    Raises:
        QueryRefusedError: It is too large, reaches outside the graph, or hit a limit.
        QuerySyntaxError: It is malformed.

    Example:
        >>> run("ASK { ?s ?p ?o }").boolean
        True
        >>> run("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
        Traceback (most recent call last):
        ...
        mmn_kg.errors.QueryRefusedError: SERVICE is refused: a query may not reach outside the graph
    """
    limits = limits or Limits()
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > MAX_QUERY:
        raise errors.QueryRefusedError(f"the query has {size} bytes: at most {MAX_QUERY} are run")
    if not query.strip():
        raise errors.QuerySyntaxError("the query is empty: write a SELECT, ASK or CONSTRUCT")
    task = {"query": query, "files": [str(file) for file in files], "limits": asdict(limits)}
    return _result(_child(task, limits))


def _child(task: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Start the child, give it the task, and read its one line of JSON."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, "-m", "mmn_kg.guard"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(json.dumps(task).encode(), timeout=limits.seconds + 5)
        except subprocess.TimeoutExpired:
            raise errors.QueryRefusedError(_too_long(limits)) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    if process.returncode == 0:
        found: dict[str, Any] = json.loads(output)
        return found
    if process.returncode in {-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)}:
        raise errors.QueryRefusedError(_too_long(limits))
    if process.returncode == -getattr(signal, "SIGALRM", 14):
        raise errors.QueryRefusedError(_too_long(limits))
    raise errors.QueryRefusedError(
        f"the query brought the engine down (out of {limits.megabytes} MB, or nested too deeply): "
        "simplify it"
    )


def _too_long(limits: Limits) -> str:
    return f"the query was stopped after {limits.seconds:g} s: make it narrower, or add a LIMIT"


def _result(found: dict[str, Any]) -> Guarded:
    if "refused" in found:
        raise errors.QueryRefusedError(found["refused"])
    if "syntax" in found:
        raise errors.QuerySyntaxError(found["syntax"])
    if "input" in found:
        raise errors.InputError(found["input"])
    if "boolean" in found:
        return Guarded(boolean=found["boolean"])
    if "ntriples" in found:
        return Guarded(ntriples=found["ntriples"], truncated=found["truncated"])
    return Guarded(answer=Answer.from_json(found["select"]), truncated=found["truncated"])


# --- In the child ----------------------------------------------------------------------------


def inspect(query: str) -> None:
    """
    Refuse a query that reaches outside the graph.

    Raises:
        QueryRefusedError: It has SERVICE or FROM, or is nested too deeply to tell.
        QuerySyntaxError: It is malformed, or is an update.
    """
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        tree = parseQuery(query)
    except ParseException as error:
        raise errors.QuerySyntaxError(
            f"malformed SPARQL at line {error.lineno}, column {error.column}: "
            f"{_expected(error.line)}"
        ) from error
    except RecursionError:
        raise errors.QueryRefusedError("the query is nested too deeply: flatten it") from None
    except Exception as error:
        raise errors.QuerySyntaxError(f"malformed SPARQL: {error}") from error
    for name in _names(tree):
        if name == "ServiceGraphPattern":
            raise errors.QueryRefusedError(
                "SERVICE is refused: a query may not reach outside the graph"
            )
        if name == "DatasetClause":
            raise errors.QueryRefusedError("FROM is refused: a query runs over the one graph")


def _expected(line: str) -> str:
    first = line.strip().split(" ")[0].upper()
    if first in {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"}:
        return "updates are not run, only SELECT, ASK, CONSTRUCT and DESCRIBE"
    return f"cannot go on at {line.strip()[:60]!r}"


def _names(tree: Any) -> Iterator[str]:
    """Yield the name of every node of a parse tree, without recursion."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    queue = [tree]
    while queue:
        node = queue.pop()
        if isinstance(node, CompValue):
            yield node.name
            queue.extend(node.values())
        elif isinstance(node, ParseResults | list | tuple):
            queue.extend(node)


def _limit(limits: Limits) -> None:
    """Bind the child to its limits; a wall-clock alarm ends it even while it sleeps."""
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        import resource
    except ImportError:  # Windows: the parent's wall clock alone
        return
    seconds = max(1, round(limits.seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    size = limits.megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _evaluate(task: dict[str, Any], limits: Limits) -> dict[str, Any]:
    inspect(task["query"])
    from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat

    from mmn_kg.store import KnowledgeGraph, to_bytes

    found = KnowledgeGraph.load(*task["files"]).query(task["query"])
    if isinstance(found, QueryBoolean):
        return {"boolean": bool(found)}
    kept: list[Any] = []
    truncated = False
    for item in found:
        if len(kept) == limits.rows:
            truncated = True
            break
        kept.append(item)
    if isinstance(found, QuerySolutions):
        return {"select": _document(found, kept), "truncated": truncated}
    lines = to_bytes(kept, RdfFormat.N_TRIPLES).decode().splitlines(keepends=True)
    return {"ntriples": "".join(sorted(set(lines))), "truncated": truncated}


def _document(found: Any, rows: list[Any]) -> dict[str, Any]:
    from mmn_kg.store import to_cell

    names = [variable.value for variable in found.variables]
    bindings = []
    for row in rows:
        cells = {name: to_cell(row[name]) for name in names}
        bindings.append({name: cell.to_json() for name, cell in cells.items() if cell is not None})
    return {"head": {"vars": names}, "results": {"bindings": bindings}}


def main() -> None:
    """Run one task from standard input; write one line of JSON to standard output."""
    task = json.loads(sys.stdin.buffer.read())
    limits = Limits(**task["limits"])
    _limit(limits)
    try:
        found = _evaluate(task, limits)
    except errors.QueryRefusedError as error:
        found = {"refused": str(error)}
    except errors.QuerySyntaxError as error:
        found = {"syntax": str(error)}
    except errors.MmnError as error:
        found = {"input": str(error)}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
