// Panel: from weak and spared muscles to the lesion, and from a place on a nerve to its muscles.
(function () {
  "use strict";

  const NEXT = { "": "weak", weak: "spared", partial: "spared", spared: "" };
  const WORDS = { "": "not examined", weak: "weak", partial: "partly weak", spared: "spared" };
  const LEVELS = { certain: "weak for certain", mostly: "mostly weak", partly: "partly weak", variable: "weak in some people", rarely: "weak in few people" };
  const SIDES = { R: "right", L: "left" };
  const KINDS = { muscle: "muscles", movement: "movements", sign: "signs", skin: "areas of skin" };
  const PLACES = { nerve: "Nerves", branch: "Branches", plexus: "Plexus", root: "Roots" };
  const NOTICE = "It teaches and informs; it is not medical advice.";

  function choices(page, legend, name, options, current, change) {
    const { el } = page;
    return el("fieldset", { class: "switch" }, el("legend", {}, legend), ...options.map(([value, text]) => {
      const id = `lesion-${name}-${value}`;
      const input = el("input", { type: "radio", name: `lesion-${name}`, id, value, checked: value === current });
      input.addEventListener("change", () => change(value));
      return el("span", {}, input, el("label", { for: id }, text));
    }));
  }

  function panel(root, page, data) {
    const { el } = page;
    const table = mmn.lesionCosts.ready(data.table);
    const places = new Map(table.lesions.map((lesion) => [lesion.id, lesion]));
    const state = { way: "muscles", limb: "arm", side: "R", kind: "muscle", place: "mmn:RadialNerveAtSpiralGroove", given: new Map() };
    const pictures = el("div", { class: "limbs" });
    const result = el("div", { class: "lesion-result" });
    const list = el("div", {});
    const told = el("p", { class: "hidden", "aria-live": "polite" });
    const name = (curie) => page.label(curie);
    const status = (curie, side = state.side) => state.given.get(`${curie} ${side}`) || "";

    // --- Giving findings ------------------------------------------------------------------------

    function set(curie, side, value) {
      if (value === "") {
        state.given.delete(`${curie} ${side}`);
      } else {
        state.given.set(`${curie} ${side}`, value);
      }
      told.textContent = `${SIDES[side]} ${name(curie)}: ${WORDS[value]}`;
      refresh();
    }

    function findings() {
      return [...state.given].map(([key, value]) => {
        const [term, side] = key.split(" ");
        return { term, side, weak: value !== "spared", partial: value === "partial" };
      });
    }

    function choose(curie) {
      if (state.way === "muscles" && table.terms.has(curie)) {
        set(curie, state.side, NEXT[status(curie)]);
      } else if (state.way === "nerve" && placeOf(curie) !== undefined) {
        state.place = placeOf(curie);
        refresh();
      } else {
        page.show(curie);
      }
    }

    // The place of a site, or of a nerve the one where a lesion takes most.
    function placeOf(curie) {
      const own = (data.sites[curie] || []).filter((site) => places.has(site));
      own.sort((one, other) => places.get(other).territory - places.get(one).territory);
      return places.has(curie) ? curie : own[0];
    }

    // --- What the answers look like ---------------------------------------------------------------

    function opener(curie) {
      return page.opener(curie, name(curie));
    }

    function listed(curies) {
      return curies.flatMap((curie, at) => (at > 0 ? [", ", opener(curie)] : [opener(curie)]));
    }

    function explanation(item, ties) {
      const where = item.lesions.map((lesion) => el("li", {},
        lesion.side === null ? "" : `${SIDES[lesion.side]} `, opener(lesion.site),
        lesion.explains.length > 0 && el("span", { class: "note" }, " explains ", ...listed(lesion.explains))));
      return el("li", { class: "explanation" },
        el("p", {}, el("strong", {}, item.rank === 1 ? (ties > 1 ? "Tied for the best" : "Best explanation") : `Rank ${item.rank}`), ` · ${item.kind} · cost ${item.cost}`),
        el("ul", {}, ...where),
        item.contradicted_by.length > 0 && el("p", { class: "caution" }, "Against it, spared: ", ...listed(item.contradicted_by)),
        item.unexplained.length > 0 && el("p", { class: "caution" }, "Left unexplained: ", ...listed(item.unexplained)),
        item.settled_by.length > 0 && el("p", {}, "Examine next, to settle the tie: ", ...listed(item.settled_by)));
    }

    function given() {
      const chips = [...state.given].map(([key, value]) => {
        const [curie, side] = key.split(" ");
        const text = `${SIDES[side]} ${name(curie)}: ${WORDS[value]}`;
        const button = el("button", { type: "button", class: `tool chip ${value}`, "aria-label": `Take out ${text}` }, `${text} ✕`);
        button.addEventListener("click", () => set(curie, side, ""));
        return button;
      });
      const clear = el("button", { type: "button", class: "tool" }, "Clear all");
      clear.addEventListener("click", () => {
        state.given.clear();
        refresh();
      });
      return chips.length > 0 ? el("p", { class: "chips" }, ...chips, clear) : null;
    }

    function localised() {
      const weak = findings().some((finding) => finding.weak);
      if (!weak) {
        return [el("h3", {}, "The lesion"), el("p", {}, "Mark what is weak and what is spared: click a muscle once for weak, twice for spared, three times to take it out. Or use the list below.")];
      }
      const found = mmn.localise(table, findings());
      const ties = found.explanations.filter((item) => item.rank === 1);
      const rest = found.explanations.filter((item) => item.rank !== 1);
      const more = found.explanations_in_all - found.explanations.length;
      ties.forEach((item) => item.lesions.forEach((lesion) => mark(lesion.site, "found", lesion.side)));
      return [
        el("h3", {}, "The lesion"),
        el("ol", { class: "explanations" }, ...ties.map((item) => explanation(item, ties.length))),
        rest.length > 0 && el("details", {}, el("summary", {}, `${rest.length} dearer explanation${rest.length === 1 ? "" : "s"}`), el("ol", { class: "explanations" }, ...rest.map((item) => explanation(item, 0)))),
        more > 0 && el("p", { class: "note" }, `${more} more explanations cost about the same.`),
        el("p", { class: "note" }, "The cost grows with each lesion, each weak muscle left over and each spared muscle below a lesion. ", NOTICE),
      ];
    }

    // Opens the claim behind an effect; where only an assumption is, it says so.
    function why(lesion, position) {
      const claims = ((lesion.why || {})[position] || []).map((at) => table.claims[at]);
      const stated = claims.find((claim) => !claim.includes(":"));
      if (stated !== undefined) {
        return page.opener(`assertion:${stated}`, "why");
      }
      return claims.length > 0 && el("span", { class: "note" }, "(assumed)");
    }

    function item(lesion, position) {
      return el("li", {}, opener(table.targets[position]), " ", why(lesion, position));
    }

    function isSkin(position) {
      return table.terms.get(table.targets[position]).kind === "skin";
    }

    function territory() {
      const lesion = places.get(state.place);
      const by = table.costs.levels.map((level) => [level, lesion.takes[level] || []]);
      const weak = by.map(([level, positions]) => [level, positions.filter((position) => !isSkin(position))]).filter(([, some]) => some.length > 0);
      const numb = by.flatMap(([, positions]) => positions.filter(isSkin));
      const groups = weak.map(([level, positions]) => [
        el("h4", {}, el("span", { class: `key level-${level}`, "aria-hidden": "true" }), LEVELS[level]),
        el("ul", {}, ...positions.map((position) => item(lesion, position))),
      ]);
      const taken = new Set(by.flatMap(([, positions]) => positions));
      const same = table.lesions.filter((other) => lesion.nerve && other.nerve === lesion.nerve);
      const above = [...new Set(same.flatMap((other) => Object.values(other.takes).flat()))].filter((position) => !taken.has(position) && !isSkin(position));
      return [
        el("h3", { class: "place" }, "A lesion of the ", opener(lesion.id)),
        ...groups.flat(),
        numb.length > 0 && [el("h4", {}, "numb"), el("ul", {}, ...numb.map((position) => item(lesion, position)))],
        (lesion.also || []).length > 0 && el("p", {}, "Weak too, though supplied from elsewhere: ", ...listed(lesion.also)),
        above.length > 0 && el("p", {}, "Of the same nerve, but spared: ", ...listed(above.map((position) => table.targets[position]))),
        el("p", { class: "note" }, NOTICE),
      ];
    }

    function picker() {
      const select = el("select", { id: "lesion-place" }, ...Object.entries(PLACES).map(([kind, text]) =>
        el("optgroup", { label: text }, ...table.lesions.filter((lesion) => lesion.kind === kind)
          .map((lesion) => el("option", { value: lesion.id, selected: lesion.id === state.place }, lesion.label)))));
      select.addEventListener("change", () => {
        state.place = select.value;
        refresh();
      });
      return el("p", {}, el("label", { for: "lesion-place" }, "Place of the lesion "), select);
    }

    // --- The list, for the keyboard and for what is not drawn --------------------------------------

    function rows() {
      const terms = [...table.terms.values()].filter((term) => term.kind === state.kind);
      terms.sort((one, other) => one.label.localeCompare(other.label, "en"));
      const kinds = el("select", { id: "lesion-kind" }, ...Object.entries(KINDS).map(([kind, text]) => el("option", { value: kind, selected: kind === state.kind }, text)));
      kinds.addEventListener("change", () => {
        state.kind = kinds.value;
        list.replaceChildren(rows());
        document.getElementById("lesion-kind").focus();
      });
      const items = terms.map((term) => {
        const select = el("select", { "data-given": term.id, "aria-label": `${term.label}, ${SIDES[state.side]}` },
          ...Object.entries(WORDS).map(([value, text]) => el("option", { value, selected: value === status(term.id) }, text)));
        select.addEventListener("change", () => set(term.id, state.side, select.value));
        return el("li", {}, el("span", {}, term.label), select);
      });
      return el("details", { class: "given-terms", open: list.querySelector("details[open]") !== null },
        el("summary", {}, `The ${SIDES[state.side]} side as a list: muscles, movements, signs, skin`),
        el("p", {}, el("label", { for: "lesion-kind" }, "Show "), kinds),
        el("ul", { class: "given-list" }, ...items));
    }

    // --- Drawing -----------------------------------------------------------------------------------

    function mark(curie, className, side) {
      if (side === null || side === state.side) {
        pictures.querySelectorAll(`[data-term="${CSS.escape(curie)}"]`).forEach((shape) => shape.classList.add(className));
      }
    }

    function paint() {
      const lesion = state.way === "nerve" ? places.get(state.place) : null;
      pictures.querySelectorAll("[data-term]").forEach((shape) => {
        const curie = shape.dataset.term;
        const value = state.way === "muscles" ? status(curie) : "";
        shape.classList.remove("weak", "partial", "spared", "found", ...Object.keys(LEVELS).map((level) => `level-${level}`));
        if (value !== "") {
          shape.classList.add(value);
        }
        const level = lesion && table.costs.levels.find((key) => (lesion.takes[key] || []).some((at) => table.targets[at] === curie));
        if (level) {
          shape.classList.add(`level-${level}`);
        }
        const words = state.way === "muscles" ? table.terms.has(curie) && WORDS[value] : level && LEVELS[level];
        shape.setAttribute("aria-label", words ? `${name(curie)}, ${words}` : name(curie));
      });
      if (lesion !== null) {
        mark(lesion.id, "found", null);
      }
    }

    function refresh() {
      paint();
      result.replaceChildren(...(state.way === "muscles" ? [given(), localised()] : [picker(), territory()]).flat(2).filter(Boolean));
      list.querySelectorAll("[data-given]").forEach((select) => {
        select.value = status(select.dataset.given);
      });
    }

    function draw() {
      const own = data.drawings.filter((drawing) => drawing.limb === state.limb);
      const nerves = own.filter((drawing) => drawing.name.endsWith("-nerves"));
      const muscles = own.filter((drawing) => !nerves.includes(drawing));
      const ordered = state.way === "muscles" ? [...muscles.slice(0, 2), ...nerves, ...muscles.slice(2)] : [...nerves, ...muscles];
      pictures.className = `limbs by-${state.way}`;
      pictures.replaceChildren(...ordered.map((drawing) => mmn.limb.figure(page, drawing, state.side, name, choose)));
      list.replaceChildren(...(state.way === "muscles" ? [rows()] : []));
      refresh();
    }

    function change(key) {
      return (value) => {
        state[key] = value;
        draw();
      };
    }

    root.replaceChildren(
      el("h2", {}, "Where is the lesion?"),
      el("p", { class: "lead" }, "Each nerve has its muscles, and leaves its branches one after the other. So the pattern of weakness tells the place. What supplies what comes from the graph; the drawing only shows where to click. ", NOTICE),
      el("div", { class: "lesion-controls" },
        choices(page, "Go", "way", [["muscles", "from muscles to the lesion"], ["nerve", "from a place to its muscles"]], state.way, change("way")),
        choices(page, "Limb", "limb", [["arm", "arm"], ["leg", "leg"]], state.limb, change("limb")),
        choices(page, "Side", "side", [["R", "right"], ["L", "left"]], state.side, change("side"))),
      told,
      el("div", { class: "lesion-columns" }, pictures, result),
      list,
    );
    draw();

    // Open at a place: #lesion/mmn:RadialNerveAtSpiralGroove
    return function (argument) {
      const place = placeOf(argument);
      if (place !== undefined) {
        state.place = place;
        state.limb = data.drawings.find((drawing) => drawing.shapes.some((shape) => shape.term === place))?.limb || state.limb;
        root.querySelector("#lesion-way-nerve").checked = true;
        root.querySelector(`#lesion-limb-${state.limb}`).checked = true;
        change("way")("nerve");
      }
    };
  }

  mmn.panel({
    id: "lesion",
    label: "Where is the lesion?",
    group: "Learn",
    mount: function (root, page) {
      const wait = page.el("p", { role: "status" }, "Unpacking the drawings …");
      root.append(page.el("h2", {}, "Where is the lesion?"), wait);
      const ready = mmn.inflateJson(page.data("anatomy")).then((data) => panel(root, page, data));
      ready.catch((error) => {
        wait.textContent = error.message;
      });
      return (argument) => ready.then((open) => open(argument), () => null);
    },
  });
})();
