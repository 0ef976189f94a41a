// A table of cells that sorts by any column, opens terms, and saves itself as CSV.
(function () {
  "use strict";

  const STEP = 100;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

  // "mainMover" reads "main mover".
  function words(name) {
    return name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  }

  // Where a source can be read: CURIE of the reference → its record, from the page's own graph.
  let known = null;
  function sources(page) {
    if (known === null) {
      const { id, title, pmid, doi, url, rows } = page.unpack(page.data("graph").references);
      const at = (column, place) => (column === undefined ? undefined : column[place]);
      known = new Map();
      for (let place = 0; place < rows; place += 1) {
        known.set(`reference:${id[place]}`, { title: at(title, place), pmid: at(pmid, place), doi: at(doi, place), url: at(url, place) });
      }
    }
    return known;
  }

  function source(page, curie) {
    const record = sources(page).get(curie);
    const name = curie.split(":")[1];
    const [link] = record === undefined ? [] : page.sourceLinks(record);
    if (link === undefined || !link.hasAttribute("href")) {
      return name;
    }
    link.textContent = name;
    link.title = record.title || "";
    return link;
  }

  function content(page, column, cell) {
    if (cell.kind === "i" && cell.text.startsWith("reference:")) {
      return source(page, cell.text);
    }
    if (cell.kind === "i" && (cell.text.startsWith("assertion:") || page.graph.place(cell.text) >= 0)) {
      return page.opener(cell.text, mmn.cells.shown(cell));
    }
    if (column === "pmid" && /^\d+$/.test(cell.text)) {
      return page.el("a", { href: `https://pubmed.ncbi.nlm.nih.gov/${cell.text}/` }, cell.text);
    }
    return mmn.cells.shown(cell);
  }

  function row(page, columns, cells) {
    return page.el("tr", {}, ...cells.map((cell, at) => {
      if (cell === null) {
        return page.el("td", {});
      }
      const number = cell.kind === "n" && !Number.isNaN(Number(cell.text));
      const long = mmn.cells.shown(cell).length > 48;
      return page.el("td", { class: number ? "number" : long && "wide" }, content(page, columns[at], cell));
    }));
  }

  function count(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  }

  // Element of an answer: {name, columns, rows, prefixes, total?}; rows hold cells (cells.js).
  mmn.table = function (page, answer) {
    const { columns, rows, prefixes } = answer;
    const total = answer.total === undefined ? rows.length : answer.total;
    const order = { column: -1, direction: "none" };
    let sorted = rows;
    let visible = STEP;

    const body = page.el("tbody", {});
    const status = page.el("p", { class: "tally", role: "status" });
    const more = page.el("button", { type: "button", class: "tool" }, `Show ${STEP} more`);
    const all = page.el("button", { type: "button", class: "tool" }, "Show all");
    const download = page.el("button", { type: "button", class: "tool" }, "Save as CSV");
    const heads = columns.map((name, at) => {
      const button = page.el("button", { type: "button", "data-column": String(at) }, words(name));
      return page.el("th", { scope: "col", "aria-sort": "none" }, button);
    });

    function draw() {
      body.replaceChildren(...sorted.slice(0, visible).map((cells) => row(page, columns, cells)));
      const rest = rows.length > visible;
      more.hidden = all.hidden = !rest;
      const of = total > rows.length ? `the first ${count(rows.length, "row")} of ${total.toLocaleString("en")}` : count(rows.length, "row");
      status.textContent = rest ? `${of}, ${visible} shown` : of;
    }

    function sort(column) {
      order.direction = order.column === column ? NEXT[order.direction] : "ascending";
      order.column = column;
      const sign = order.direction === "descending" ? -1 : 1;
      const by = (one, other) => {
        const unbound = (one[column] === null) - (other[column] === null);
        return unbound || sign * mmn.cells.compare(one[column], other[column]);
      };
      sorted = order.direction === "none" ? rows : [...rows].sort(by);
      heads.forEach((head, at) => head.setAttribute("aria-sort", at === column ? order.direction : "none"));
      draw();
    }

    const table = page.el("table", {}, page.el("thead", {}, page.el("tr", {}, ...heads)), body);
    table.addEventListener("click", (event) => {
      const button = event.target.closest("[data-column]");
      if (button !== null) {
        sort(Number(button.dataset.column));
      }
    });
    more.addEventListener("click", () => {
      visible += STEP;
      draw();
    });
    all.addEventListener("click", () => {
      visible = rows.length;
      draw();
    });
    download.addEventListener("click", () => page.download(`${answer.name}.csv`, "text/csv;charset=utf-8", mmn.cells.csv(columns, sorted, prefixes)));
    draw();
    return page.el(
      "div",
      { class: "answer" },
      page.el("div", { class: "answer-bar" }, status, download),
      page.el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Answer: ${answer.title || answer.name}` }, table),
      page.el("div", { class: "answer-bar" }, more, all),
    );
  };
})();
