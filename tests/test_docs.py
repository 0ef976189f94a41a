"""The documentation: its examples run, what it shows is real, the commands it names exist."""

from __future__ import annotations

import csv
import doctest
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from pyoxigraph import RdfFormat, parse

from mmn_kg import terms
from mmn_kg.cli import cli
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

PAGES = ("README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
#: Pages that teach Python and so must show some.
TEACHING = ("docs/formats.md", "docs/model.md", "docs/recipes.md")
_FLAGS = doctest.ELLIPSIS | doctest.DONT_ACCEPT_TRUE_FOR_1
_FENCE = re.compile(
    r"^(?:<!-- needs: (?P<needs>\w+) -->\n)?[ ]*```(?P<info>[^\n`]*)\n(?P<body>.*?)^[ ]*```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"(?:\$ )?(?:uv run |uvx |\.venv/bin/)?mmn-kg (?P<words>.+)")
_CALL = "from mmn_kg.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Fence:
    """
    One fenced block of a page.

    Attributes:
        language: The first word after the backticks.
        options: The rest, ``file=…`` or ``append=…``.
        needs: The library without which the block cannot run, or "".
        body: The text inside.
        line: The line of the page on which the body begins.
    """

    language: str
    options: dict[str, str]
    needs: str
    body: str
    line: int


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _fences(page: str, language: str = "") -> list[Fence]:
    """Return the fenced blocks of a page, or those of one language."""
    text = _text(page)
    found = []
    for match in _FENCE.finditer(text):
        name, *rest = match["info"].split() or [""]
        options = dict(item.partition("=")[::2] for item in rest)
        line = text.count("\n", 0, match.start("body")) + 1
        found.append(Fence(name, options, match["needs"] or "", match["body"], line))
    return [fence for fence in found if language in {"", fence.language}]


def _without_fences(page: str) -> str:
    return _FENCE.sub("", _text(page))


def _complaints(page: str, fences: Sequence[Fence]) -> str:
    """Run blocks as one session; return what doctest complains of, by the lines of the page."""
    lines = [""] * (_text(page).count("\n") + 1)
    for fence in fences:
        body = fence.body.splitlines()
        lines[fence.line - 1 : fence.line - 1 + len(body)] = body
    text = "\n".join(lines) + "\n"
    session = doctest.DocTestParser().get_doctest(text, {}, page, str(ROOT / page), 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=_FLAGS).run(session, out=told.append)
    return "".join(told)


# --- Python ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", TEACHING)
def test_a_teaching_page_shows_python(page: str) -> None:
    """A page that teaches Python shows some, in a block that the tests run."""
    assert any(">>> " in fence.body for fence in _fences(page, "pycon"))


@pytest.mark.parametrize("page", PAGES)
def test_no_example_escapes_the_tests(page: str) -> None:
    """A ``>>>`` stands in a pycon block only, and every block is closed."""
    others = [fence for fence in _fences(page) if fence.language != "pycon"]

    assert [fence.line for fence in others if ">>> " in fence.body] == []
    assert ">>> " not in _without_fences(page)
    assert "```" not in _without_fences(page)


@pytest.mark.parametrize("page", [page for page in PAGES if _fences(page, "pycon")])
def test_examples_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples of a page, run from top to bottom, print what the page shows."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)

    told = _complaints(page, [fence for fence in _fences(page, "pycon") if not fence.needs])

    assert not told, told


@pytest.mark.parametrize(
    ("page", "fence"),
    [(page, fence) for page in PAGES for fence in _fences(page, "pycon") if fence.needs],
    ids=lambda value: value.needs if isinstance(value, Fence) else value,
)
def test_examples_with_a_library_run(
    page: str, fence: Fence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example that needs a library of its own runs alone, where that library is installed."""
    try:
        importlib.import_module(fence.needs)
    except ImportError:
        pytest.skip(f"{fence.needs} is not installed")
    monkeypatch.chdir(tmp_path)

    told = _complaints(page, [fence])

    assert not told, told


# --- The model -------------------------------------------------------------------------------


@pytest.mark.parametrize("fence", _fences("docs/model.md", "turtle"), ids=lambda fence: fence.line)
def test_the_triples_shown_are_in_the_graph(fence: Fence, kg: KnowledgeGraph) -> None:
    """Every triple that docs/model.md shows stands in the graph."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in terms.PREFIXES.items())
    shown = {quad.triple for quad in parse(prefixes + fence.body, format=RdfFormat.TURTLE)}

    assert shown
    assert [str(triple) for triple in sorted(shown - set(kg.triples()), key=str)] == []


def test_the_row_shown_is_in_its_table() -> None:
    """The row that docs/model.md shows stands so in the table that the page names."""
    text = _text("docs/model.md")
    cells = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|$", text, re.MULTILINE))
    table = re.search(r"`(ontology/facts/[\w-]+\.tsv)`", text)
    assert table is not None
    with (ROOT / table[1]).open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = next(row for row in rows if row["row"] == cells["row"])

    assert {column: found[column] for column in cells} == cells


def test_the_picture_is_small() -> None:
    """The picture of the model has at most twenty nodes."""
    (picture,) = _fences("docs/model.md", "mermaid")
    drawn = re.sub(r'"[^"]*"', "", picture.body)
    nodes = set(re.findall(r"\b[A-Z][a-z]+\b", drawn))

    assert {"Assertion", "Evidence", "Reference", "Work", "Sentence", "Derivation"} <= nodes
    assert len(nodes) <= 20


# --- The worked example ----------------------------------------------------------------------


def _scratch(folder: Path) -> Path:
    """Copy what the compiler and the commands need; the copy counts as a checkout."""
    for name in ("ontology", "queries", "mmn_kg"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _run(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run ``mmn-kg`` of a folder; return its exit code and what a terminal would show."""
    done = subprocess.run(
        [sys.executable, "-c", _CALL, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout


def _session(fence: Fence) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output that the page shows."""
    for part in re.split(r"^\$ ", fence.body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def test_the_worked_example(tmp_path: Path) -> None:
    """The files and commands of docs/curation.md, followed in a copy, do what the page shows."""
    folder = _scratch(tmp_path)
    assert _run(["compile"], folder)[0] == 0  # whether it is fresh is a test of its own
    code, ran = 0, []
    for fence in _fences("docs/curation.md"):
        for how, mode in (("file", "w"), ("append", "a")):
            if how in fence.options:
                with (folder / fence.options[how]).open(mode, encoding="utf-8") as stream:
                    stream.write(fence.body)
        for command, shown in _session(fence) if fence.language == "console" else ():
            if command == "echo $?":
                printed = f"{code}\n"
            else:
                name, *words = shlex.split(command)
                assert name == "mmn-kg", f"line {fence.line}: only mmn-kg is run, not {name}"
                code, printed = _run(words, folder)
                ran.append(words[0])
            same = doctest.OutputChecker().check_output(shown, printed, _FLAGS)
            assert same, f"line {fence.line}: $ {command}\n{printed}instead of\n{shown}"

    assert list(dict.fromkeys(ran)) == ["compile", "check", "ask", "explain"]


# --- Commands --------------------------------------------------------------------------------


def _commands(page: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the words after each ``mmn-kg`` of a page, and whether they are a whole command."""
    for fence in _fences(page):
        if fence.language in {"", "bash", "console", "sh", "shell"}:
            lines = fence.body.replace("\\\n", " ").splitlines()
            for command in (part.strip() for line in lines for part in line.split("&&")):
                if match := _COMMAND.match(command):
                    yield _words(match["words"]), True
    for code in re.findall(r"`([^`\n]+)`", _without_fences(page)):
        if match := _COMMAND.match(code):
            yield _words(re.sub(r"[\[\]…]|\.{3}", " ", match["words"])), False


def _words(text: str) -> list[str]:
    """Split as a shell does, up to the first pipe, redirection, ``&&`` or comment."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    words = []
    for word in lexer:
        if set(word) <= set("();<>|&"):
            break
        words.append(word)
    return words


def _mistake(words: list[str], *, whole: bool) -> str:
    """Return what is wrong with a command line, or ""; a mere mention may lack arguments."""
    if not words or not re.fullmatch(r"[a-z-]+", words[0]):
        return ""  # "mmn-kg COMMAND" and the like
    name, *rest = words
    if name.startswith("-"):
        known = {option for parameter in cli.params for option in parameter.opts}
        return "" if name in known | {"-h", "--help"} else f"no option {name}"
    command = cli.commands.get(name)
    if command is None:
        return f"no command {name}"
    if {"-h", "--help"} & set(rest):
        return ""
    try:
        command.make_context(name, rest)
    except click.MissingParameter as error:
        return error.format_message() if whole else ""
    except click.ClickException as error:
        return error.format_message()
    return ""


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_named_exist(page: str) -> None:
    """Each ``mmn-kg`` command that a page names exists and takes the options shown."""
    mistakes = {
        f"mmn-kg {shlex.join(words)}": mistake
        for words, whole in _commands(page)
        if (mistake := _mistake(words, whole=whole))
    }

    assert mistakes == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("explain 'wrist drop' --graph mine.ttl | head", ""),
        ("nonsense", "no command nonsense"),
        ("explain --colour red MMN", "No such option"),
        ("ask affected-nerves --format xml", "xml"),
        ("explain", "Missing"),
        ("--version", ""),
        ("--nonsense", "no option --nonsense"),
    ],
)
def test_a_wrong_command_is_noticed(text: str, told: str) -> None:
    """The test of commands sees what does not exist, and lets pass what does."""
    mistake = _mistake(_words(text), whole=True)

    assert told in mistake if told else mistake == ""


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """A link to a file of the project, or to a heading of a page, finds it."""
    lost = []
    for link in re.findall(r"\]\(([^()\s]+)\)", _without_fences(page)):
        path, _, heading = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if re.match(r"[a-z]+:", link) or (target.exists() and not heading):
            continue
        if not target.is_file() or heading not in _anchors(target):
            lost.append(link)

    assert lost == []


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}
