"""Find ``ontology/`` and ``queries/``: the checkout first, else the copy inside the wheel."""

from __future__ import annotations

from pathlib import Path

from mmn_kg import errors

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """
    Return the folder of that name.

    An editable install has a stale copy inside site-packages; the checkout wins.

    Args:
        name: ``"ontology"`` or ``"queries"``.

    Raises:
        EnvironmentLacksError: Neither place has it, so the installation is broken.
    """
    checkout = _PACKAGE.parent
    for place in (checkout / name, _PACKAGE / name):
        if place.is_dir() and (place.parent != checkout or is_checkout()):
            return place
    raise errors.EnvironmentLacksError(
        f"{name}/ is missing beside and inside {_PACKAGE}: install mmn-kg again"
    )


def is_checkout() -> bool:
    """Tell whether the package runs from a checkout of the project, not from a wheel."""
    return (_PACKAGE.parent / "pyproject.toml").is_file()


def graph_file() -> Path:
    """Return the compiled graph, ``ontology/mmn-kg.ttl``."""
    return folder("ontology") / "mmn-kg.ttl"


def assumptions_file() -> Path:
    """Return the compiled file of assumptions, which is apart from the graph."""
    return folder("ontology") / "mmn-kg-assumptions.ttl"
