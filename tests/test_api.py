"""The public names of the package."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import mmn_kg

MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(mmn_kg.__path__, prefix="mmn_kg.")
]


def test_all_is_sorted_and_importable() -> None:
    """``__all__`` is sorted, and each of its names can be had."""
    assert sorted(mmn_kg.__all__) == mmn_kg.__all__
    for name in mmn_kg.__all__:
        assert getattr(mmn_kg, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that is not public is told as Python tells it."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = mmn_kg.nonsense


def test_importing_the_package_imports_no_library() -> None:
    """``import mmn_kg`` is free: every name is imported when it is first used."""
    code = (
        "import sys, mmn_kg; print(sorted({'rdflib','networkx','pyoxigraph'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_public_things_have_docstrings_and_return_types(module: ModuleType) -> None:
    """Each public function, class and method says what it is for and what it returns."""
    assert module.__doc__
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, f"{module.__name__}.{name}"
        if inspect.isfunction(thing):
            assert "return" in thing.__annotations__, f"{module.__name__}.{name}"
