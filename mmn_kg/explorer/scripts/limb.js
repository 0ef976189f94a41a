// The drawings of a limb: shapes with names that can be clicked or reached by the keyboard.
(function () {
  "use strict";

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  function shape(page, item, name) {
    const known = item.term === undefined ? { "aria-hidden": "true" } : { role: "button", tabindex: "-1", "data-term": item.term };
    const attributes = Object.assign({ class: item.deep ? "part deep" : "part" }, known);
    const title = item.term === undefined ? null : page.svg("title", {}, name(item.term));
    return item.d === undefined
      ? page.svg("circle", Object.assign(attributes, { cx: item.x, cy: item.y, r: 8 }), title)
      : page.svg("path", Object.assign(attributes, { d: item.d }), title);
  }

  function layers(page, drawing, name) {
    const found = new Map();
    for (const item of drawing.shapes) {
      if (!found.has(item.layer)) {
        found.set(item.layer, page.svg("g", { class: `layer ${item.layer}` }));
      }
      found.get(item.layer).append(shape(page, item, name));
    }
    return [...found.values()];
  }

  // One drawing as a figure; for the left side it is mirrored. choose(curie) is called on a click.
  function figure(page, drawing, side, name, choose) {
    const turn = side === "L" ? `translate(${drawing.width} 0) scale(-1 1)` : null;
    const title = `${drawing.title}, ${side === "L" ? "left" : "right"}`;
    const svg = page.svg("svg", { viewBox: `0 0 ${drawing.width} ${drawing.height}`, role: "group", "aria-label": title },
      page.svg("g", { transform: turn }, ...layers(page, drawing, name)));
    const shapes = [...svg.querySelectorAll("[data-term]")];
    const act = (target) => {
      const hit = target.closest("[data-term]");
      if (hit !== null) {
        choose(hit.dataset.term);
      }
    };
    if (shapes.length > 0) {
      shapes[0].setAttribute("tabindex", "0");
    }
    svg.addEventListener("click", (event) => act(event.target));
    svg.addEventListener("keydown", (event) => {
      const at = shapes.indexOf(event.target);
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        act(event.target);
      } else if (STEPS[event.key] !== undefined && at >= 0) {
        event.preventDefault();
        const next = shapes[(at + STEPS[event.key] + shapes.length) % shapes.length];
        shapes[at].setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
      }
    });
    return page.el("figure", { class: `limb ${drawing.name}` }, svg, page.el("figcaption", {}, title));
  }

  mmn.limb = { figure };
})();
