"""Measure the page in a real Chromium: its size, when it can be used, how smoothly it pans."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import tempfile
from pathlib import Path

from mmn_kg.explorer import page
from mmn_kg.store import KnowledgeGraph

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
#: Milliseconds until the scripts have run and the first picture stands.
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
#: Pans the picture for two seconds, at twice its size, and counts the frames of each second.
PAN = """() => new Promise(done => {
  const canvas = document.querySelector('.canvas');
  for (let n = 0; n < 4; n += 1) {
    canvas.parentNode.querySelector('[aria-label=Larger]').click();
  }
  const start = performance.now();
  let frames = 0;
  function step(now) {
    frames += 1;
    canvas.scrollLeft = 400 + 400 * Math.sin(now / 150);
    canvas.scrollTop = 200 + 200 * Math.cos(now / 170);
    const seconds = (now - start) / 1000;
    if (seconds < 2) { requestAnimationFrame(step); } else { done(frames / seconds); }
  }
  requestAnimationFrame(step);
})"""


def rows() -> list[tuple[str, str, str]]:
    """Return the rows of the table; without Chromium, the size alone."""
    text = page.render(KnowledgeGraph.load())
    engine = re.search(r'id="data-engine">(.*?)</script>', text, re.DOTALL)
    size = (len(text.encode()) - len(engine[1] if engine else "")) / 1e6
    found = [("the page, without the query engine", f"{size:.2f} MB", "at most 1.5 MB")]
    if engine:
        whole = len(text.encode()) / 1e6
        found.append(("the page, with it", f"{whole:.1f} MB", "at most 6 MB"))
    program = os.environ.get("MMN_KG_CHROMIUM") or shutil.which("chromium")
    if program is not None:
        ready, rate = _browse(program, text)
        found.append(("the page, until it can be used", f"{ready / 1000:.1f} s", "at most 2 s"))
        found.append(("panning a picture", f"{rate:.0f} frames a second", "at least 30"))
    return found


def _browse(program: str, text: str) -> tuple[float, float]:
    """Return the median milliseconds until the page can be used, and frames a second."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "index.html"
        file.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        ready, rates = [], []
        for _ in range(5):
            tab = browser.new_page(viewport={"width": 1366, "height": 768})
            tab.goto(file.as_uri())
            ready.append(float(tab.evaluate(READY)))
            rates.append(float(tab.evaluate(PAN)))
            tab.close()
        browser.close()
    return statistics.median(ready), statistics.median(rates)
