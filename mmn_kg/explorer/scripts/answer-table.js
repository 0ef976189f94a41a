// A table of cells that sorts by any column, opens terms, and saves itself as CSV.
(function () {
  "use strict";

  const STEP = 100;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

  // "mainMover" reads "main mover".
  function words(name) {
    return name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  }

  function link(page, address, text) {
    return page.el("a", { href: address }, text);
  }

  function content(page, column, cell) {
    if (cell.kind === "i") {
      return page.el("button", { type: "button", class: "term", title: cell.text, "data-curie": cell.text }, mmn.cells.shown(cell));
    }
    if (column === "pmid" && /^\d+$/.test(cell.text)) {
      return link(page, `https://pubmed.ncbi.nlm.nih.gov/${cell.text}/`, cell.text);
    }
    if (column === "doi" && /^10\.\d+\/\S+$/.test(cell.text)) {
      return link(page, `https://doi.org/${encodeURI(cell.text)}`, cell.text);
    }
    return cell.text;
  }

  function row(page, columns, cells) {
    return page.el("tr", {}, ...cells.map((cell, at) => {
      if (cell === null) {
        return page.el("td", {});
      }
      const narrow = cell.kind === "n" || (cell.text.length < 12 && !Number.isNaN(Number(cell.text)) && cell.text !== "");
      const attributes = narrow ? { class: "number" } : {};
      return page.el("td", attributes, content(page, columns[at], cell));
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
    const status = page.el("p", { class: "count", role: "status" });
    const more = page.el("button", { type: "button", class: "more" }, `Show ${STEP} more`);
    const all = page.el("button", { type: "button", class: "more" }, "Show all");
    const download = page.el("button", { type: "button", class: "csv" }, "Save as CSV");
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
      const button = event.target.closest("button");
      if (button === null) {
        return;
      }
      if (button.dataset.column !== undefined) {
        sort(Number(button.dataset.column));
      } else if (button.dataset.curie !== undefined) {
        page.show(button.dataset.curie);
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
