"""The command line: parse, call, print."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import mmn_kg
from mmn_kg import errors

if TYPE_CHECKING:
    from mmn_kg.answers import Answer
    from mmn_kg.store import KnowledgeGraph

Command = Callable[..., None]

_DISCLAIMER = "It teaches and informs; it is not medical advice."


def _format(*choices: str) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "format_",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to print.",
    )


_graph = click.option(
    "--graph",
    "files",
    multiple=True,
    metavar="FILE",
    help="Merge a graph file of your own first (may be repeated).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(mmn_kg.__version__, prog_name="mmn-kg")
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
def cli(debug: bool) -> None:
    """
    Ask, check, explain and draw the knowledge graph of multifocal motor neuropathy.

    It teaches and informs; it is not medical advice.
    """


@cli.command()
@click.option("--out", default="mmn-kg-tour", show_default=True, help="The folder for the files.")
@_format("text", "json")
def tour(out: str, format_: str) -> None:
    """Load, validate, answer the five headline questions, write the page and the pictures."""
    from mmn_kg.tour import take_tour

    found = take_tour(Path(out), say=_progress)
    if format_ == "json":
        _print_json(found.to_dict())
    else:
        width = _width()
        for query, answer in found.answers:
            click.echo(f"\n{query.summary}\n")
            click.echo(answer.to_table(found.graph.label, width=width))
        click.echo(f"\n{found.report.counts['violation']} violations. {_DISCLAIMER}\n")
        for path in found.written:
            click.echo(f"written: {path}")
        for line in found.left_out:
            click.echo(f"left out: {line}")
    sys.exit(0 if found.report.conforms else 1)


@cli.command()
@click.argument("files", nargs=-1)
@click.option("--owl", is_flag=True, help="Let HermiT check consistency too (needs Java).")
@_format("text", "json")
def check(files: tuple[str, ...], owl: bool, format_: str) -> None:
    """Validate the shipped graph, or it and your own FILES merged with it."""
    from mmn_kg import validate

    graph = _load(files)
    report = validate.check(graph)
    if owl:
        from mmn_kg import reason

        report = report.with_results(validate.from_owl(reason.classify(graph)))
    if format_ == "json":
        _print_json(report.to_dict())
    else:
        for result in report.results:
            click.echo(str(result))
        counts = ", ".join(f"{number} {name}s" for name, number in report.counts.items())
        click.echo(f"{report.shapes} shapes and {report.queries} check queries: {counts}")
    sys.exit(0 if report.conforms else 1)


@cli.command()
@click.argument("name")
@click.option("-p", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead.")
@_graph
@_format("table", "csv", "tsv", "json", "ttl")
def ask(
    name: str,
    parameters: tuple[str, ...],
    endpoint: str | None,
    files: tuple[str, ...],
    format_: str,
) -> None:
    """Answer a question: the NAME of a shipped one, a FILE.rq, or - for standard input."""
    from mmn_kg import catalog, query

    if name == "-" or name.endswith((".rq", ".sparql")) or "/" in name:
        if parameters:
            raise errors.ParameterError("-p goes with a shipped question: write it into the query")
        _ask_untrusted(_query_text(name), endpoint, files, format_)
        return
    catalog.question(name)  # an unknown name is told before anything is loaded
    graph, values = _load(files), _parameters(parameters)
    if endpoint is not None:
        from mmn_kg.endpoint import select

        _print_answer(select(endpoint, query.prepare(graph, name, values)), graph, format_)
    else:
        _print_answer(query.answer(graph, name, values), graph, format_)


@cli.command()
@click.option("--tag", help="Only those with this tag.")
@_format("text", "json")
def questions(tag: str | None, format_: str) -> None:
    """List the shipped questions."""
    from mmn_kg import catalog

    found = catalog.questions(tag)
    if not found:
        tags = sorted({tag for query in catalog.questions() for tag in query.tags})
        raise errors.ParameterError(f"no question has the tag {tag!r}: use {', '.join(tags)}")
    if format_ == "json":
        keys = ("name", "summary", "tags", "params", "graphs")
        rows = [{key: _plain(getattr(query, key)) for key in keys} for query in found]
        _print_json({"questions": rows})
        return
    for query in found:
        click.echo(f"{query.name}\n    {query.summary}  [{', '.join(query.tags)}]")
        for key, value in query.params.items():
            click.echo(f"    -p {key}={value}")


@cli.command()
@click.argument("term")
@click.argument("other", required=False)
@_graph
@_format("text", "json")
def explain(term: str, other: str | None, files: tuple[str, ...], format_: str) -> None:
    """Tell what the graph says about a TERM, or about a pair, with figures and sources."""
    from mmn_kg.explain import explain_terms
    from mmn_kg.reason import infer

    graph = _load(files)
    graph.find(term)  # an unknown term is told before the rules are run
    infer(graph)
    found = explain_terms(graph, term, other)
    if format_ == "json":
        _print_json(found.to_dict())
    else:
        click.echo(found.to_text(graph.label))


@cli.command()
@click.argument("case")
@click.option(
    "--prior",
    default="uniform",
    show_default=True,
    metavar="uniform|casemix|FILE",
    help="How probable each disease is before the case; FILE is JSON or YAML: a weight by disease.",
)
@_format("text", "json")
def rank(case: str, prior: str, format_: str) -> None:
    """
    Rank diseases for a CASE, a GA4GH phenopacket (JSON or YAML), and say what to test next.

    It teaches and informs; it is not medical advice.
    """
    from mmn_kg.clinical import rank as ranker
    from mmn_kg.clinical.case import read_case

    known = prior in {"uniform", "casemix"}
    found = ranker.rank(read_case(case), prior=prior if known else ranker.read_prior(prior))
    if format_ == "json":
        _print_json(found.to_dict())
    else:
        click.echo(found.to_text())


@cli.command()
@click.argument("name")
@click.option("-o", "--output", "path", required=True, help="The file; its ending is the format.")
@_graph
@_format("text", "json")
def view(name: str, path: str, files: tuple[str, ...], format_: str) -> None:
    """
    Write the view NAME as svg, png, graphml, gexf or json (node-link).

    As html, write the page with all views, opened at NAME, which may also be another panel of the
    page, such as "reference" for the glossary; the page that `tour` writes has the SPARQL engine
    too.
    """
    from mmn_kg import output, views

    target = Path(path)
    if target.suffix == ".html":
        from mmn_kg.explorer import page

        page.check_panel(name)  # an unknown name is told before anything is loaded
        content: str | bytes = page.render(_load(files), start=name, leave_out=("engine",))
    else:
        views.check_format(target.suffix)
        content = views.render(views.view(_load(files), name), target.suffix)
    _written([output.write(target, content)], format_)


@cli.command()
@click.argument("form", metavar="FORMAT")
@click.option("-o", "--output", "path", required=True, help="The file to write.")
@_graph
@_format("text", "json")
def export(form: str, path: str, files: tuple[str, ...], format_: str) -> None:
    """Write the whole graph as ttl, nt, rdfxml, jsonld or trig (one graph a topic)."""
    from mmn_kg import output
    from mmn_kg.export import check_format, export_graph

    check_format(form)
    _written([output.write(Path(path), export_graph(_load(files), form))], format_)


@cli.command()
@click.option("--weak", multiple=True, metavar="TERM", help="What is weak, such as 'R. FDI=4'.")
@click.option("--spared", multiple=True, metavar="TERM", help="What is strong, such as 'R. APB'.")
@click.option("--limit", default=12, show_default=True, type=click.IntRange(1, 200))
@_graph
@_format("text", "json")
def localise(
    weak: tuple[str, ...],
    spared: tuple[str, ...],
    limit: int,
    files: tuple[str, ...],
    format_: str,
) -> None:
    """
    Find the fewest lesions that explain what is weak and what is spared.

    A TERM is a muscle, movement, sign or area of skin, with a side (R., L.) and a grade (=4) if you
    like. Give --weak and --spared as often as needed. It informs; it is not medical advice.
    """
    from mmn_kg.clinical.lesions import LesionTable
    from mmn_kg.clinical.localise import localise as find

    table = LesionTable.with_files(files) if files else LesionTable.shipped()
    found = find(table, weak, spared, limit=limit)
    if format_ == "json":
        _print_json(found.to_dict())
    else:
        click.echo(found.to_text())


@cli.command("compile")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is stale.")
@click.option("--write-sources", is_flag=True, help="Put the Turtle sources in canonical form too.")
@_format("text", "json")
def compile_(check: bool, write_sources: bool, format_: str) -> None:
    """Compile the sources under ontology/ into mmn-kg.ttl (for maintainers)."""
    from mmn_kg import assets, output
    from mmn_kg.build import compile as compiler

    ontology = assets.folder("ontology")
    files: dict[Path, str] = {}
    if write_sources:
        files |= compiler.canonical_sources(ontology)
    result = compiler.compile_sources(ontology, version=mmn_kg.__version__)
    files |= {ontology / name: text for name, text in result.files.items()}
    stale = [path for path, text in files.items() if not path.is_file() or _read(path) != text]
    if check:
        for path in stale:
            click.echo(f"{path}: is stale: run mmn-kg compile", err=True)
        sys.exit(1 if stale else 0)
    for path in stale:
        output.write(path, files[path])
    click.echo(
        f"{result.assertions} assertions, {result.evidences} pieces of evidence, "
        f"{result.triples} triples",
        err=True,
    )
    _written(stale, format_)


@cli.command()
@click.argument("reader")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@_format("text", "json")
def sign(reader: str, files: tuple[str, ...], format_: str) -> None:
    """Sign what READER has read again: all sources, or FILES of them (for maintainers)."""
    from mmn_kg import assets, output
    from mmn_kg.build import readings

    ontology = assets.folder("ontology")
    text = readings.sign(ontology, reader, files)
    _written([output.write(ontology / readings.FILE, text)], format_)


# --- Shared ----------------------------------------------------------------------------------


def _load(files: tuple[str, ...]) -> KnowledgeGraph:
    from mmn_kg.store import KnowledgeGraph

    return KnowledgeGraph.load(*files)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _query_text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    path = Path(name)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise errors.InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise errors.InputError(f"{path}: is not UTF-8 text: expected SPARQL") from error


def _parameters(given: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name or not value:
            raise errors.ParameterError(f"-p takes NAME=VALUE, not {item!r}")
        found.setdefault(name, []).append(value)
    return found


def _ask_untrusted(text: str, endpoint: str | None, files: tuple[str, ...], format_: str) -> None:
    if endpoint is not None:
        from mmn_kg.endpoint import select

        _print_answer(select(endpoint, text), _load(files), format_)
        return
    from mmn_kg import guard

    found = guard.run(text, files=files)
    if found.truncated:
        click.echo(f"only the first {guard.Limits().rows} rows are shown", err=True)
    if found.answer is not None:
        _print_answer(found.answer, _load(files), format_)
    elif found.boolean is not None:
        shown = json.dumps({"head": {}, "boolean": found.boolean})
        click.echo(shown if format_ == "json" else str(found.boolean).lower())
    else:
        _print_graph(found.ntriples or "", format_)


def _print_answer(answer: Answer, graph: KnowledgeGraph, format_: str) -> None:
    if format_ == "ttl":
        raise errors.ParameterError("--format ttl goes with a CONSTRUCT: use table, csv, tsv, json")
    if format_ == "table":
        click.echo(answer.to_table(graph.label, width=_width()))
        click.echo(f"{len(answer)} row{'' if len(answer) == 1 else 's'}", err=True)
    else:
        text = {"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json}[format_]()
        click.echo(text, nl=not text.endswith("\n"))


def _print_graph(ntriples: str, format_: str) -> None:
    from mmn_kg.store import convert

    if format_ in {"csv", "tsv"}:
        raise errors.ParameterError(f"--format {format_} goes with a SELECT: use ttl or json")
    click.echo(convert(ntriples, "jsonld" if format_ == "json" else "ttl"), nl=False)


def _written(paths: list[Path], format_: str) -> None:
    if format_ == "json":
        _print_json({"written": [str(path) for path in paths]})
    else:
        for path in paths:
            click.echo(f"written: {path}")


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str) else dict(value)


def _progress(text: str) -> None:
    click.echo(text, err=True)


def _width() -> int:
    """Return the width of the screen, or 0 where the output goes into a file or pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def main() -> None:
    """Run the command line; turn what goes wrong into one line and an exit code."""
    try:
        cli.main(standalone_mode=False)
    except errors.MmnError as error:
        if "--debug" in sys.argv[1:]:
            raise
        click.echo(f"mmn-kg: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("mmn-kg: interrupted; nothing was left half written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
