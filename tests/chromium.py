"""A real headless Chromium for the tests of the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mmn_kg.explorer import page as explorer
from mmn_kg.store import KnowledgeGraph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opener = Callable[..., "Page"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip with a loud reason."""
    program = os.environ.get("MMN_KG_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("CHROMIUM IS MISSING: the page is not tested in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def page_text(kg: KnowledgeGraph) -> str:
    """Give the page of the shipped graph, engine included."""
    return explorer.render(kg)


@pytest.fixture(scope="module")
def open_page(
    browser: Browser, page_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opener]:
    """Open the page from disk; whatever it logs or asks for outside itself fails the module."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text(page_text, encoding="utf-8")
    told: list[str] = []

    def opener(place: str, *, text: str | None = None, **options: Any) -> Page:
        file = folder / "index.html"
        if text is not None:
            file = folder / "other.html"
            file.write_text(text, encoding="utf-8")
        page = browser.new_context(**options).new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request", lambda request: told.append(request.url) if outside(request.url) else None
        )
        page.goto(f"{file.as_uri()}{place}")
        return page

    def outside(address: str) -> bool:
        return not address.startswith((folder.as_uri(), "blob:"))

    yield opener
    assert told == []


def serious(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical in an open page."""
    source = Path(__file__).parent / "vendor" / "axe.min.js"
    page.evaluate(source.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:200]}"
        for item in found["violations"]
        if item["impact"] in {"serious", "critical"}
    ]
