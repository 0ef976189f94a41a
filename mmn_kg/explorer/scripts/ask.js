// Panel: the shipped questions with their answers, and SPARQL of one's own.
(function () {
  "use strict";

  const EXAMPLE = [
    "# Which nerves does the disease affect? A prefix that you leave out is filled in.",
    "SELECT ?nerve ?name WHERE {",
    "  mmn:MultifocalMotorNeuropathy mmn:affectsNerve ?nerve .",
    "  ?nerve rdfs:label ?name .",
    "}",
    "ORDER BY ?name",
    "",
  ].join("\n");

  // One unpacking a page: promise of the questions, their answers, labels and prefixes.
  let unpacked = null;
  mmn.answers = (page) => (unpacked = unpacked || mmn.inflateJson(page.data("questions")));

  function matches(question, words, tag) {
    const text = `${question.summary} ${question.name} ${question.tags.join(" ")}`.toLowerCase();
    return (tag === "" || question.tags.includes(tag)) && words.every((word) => text.includes(word));
  }

  // --- The shipped questions ------------------------------------------------------------------

  function questions(page, data, edit) {
    const { el } = page;
    const headline = (question) => (question.tags.includes("headline") ? 0 : 1);
    const ordered = [...data.questions].sort((one, other) => headline(one) - headline(other));
    const tags = Array.from(new Set(data.questions.flatMap((question) => question.tags))).sort();
    const search = el("input", { type: "search", id: "ask-search", autocomplete: "off" });
    const tag = el("select", { id: "ask-tag" }, el("option", { value: "" }, "every topic"), ...tags.map((name) => el("option", { value: name }, name)));
    const status = el("p", { class: "tally", role: "status" });
    const list = el("ul", { class: "question-list" });
    const shown = el("div", { class: "question" });
    let current = "";

    function mark() {
      for (const button of list.querySelectorAll("button")) {
        if (button.dataset.question === current) {
          button.setAttribute("aria-current", "true");
        } else {
          button.removeAttribute("aria-current");
        }
      }
    }

    function draw() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = ordered.filter((question) => matches(question, words, tag.value));
      list.replaceChildren(...found.map((question) => el("li", {}, el("button", { type: "button", "data-question": question.name }, question.summary))));
      mark();
      status.textContent = `${found.length} of ${data.questions.length} questions`;
    }

    function open(name, focus) {
      const question = data.questions.find((item) => item.name === name);
      if (question === undefined) {
        return;
      }
      current = name;
      mark();
      const rows = question.rows.map((row) => row.map((place) => mmn.cells.ofTable(place, data)));
      const heading = el("h3", { tabindex: "-1" }, question.summary);
      const change = question.beside.length > 0
        ? el("p", { class: "hint" }, `It asks the ${question.beside.join(", ")} too, which stand beside the graph and are not in this page.`)
        : el("button", { type: "button", class: "tool" }, "Change it in the editor");
      if (question.beside.length === 0) {
        change.addEventListener("click", () => edit(question.sparql));
      }
      shown.replaceChildren(
        heading,
        el("p", { class: "hint" }, `${question.tags.join(", ")} · in a terminal: `, el("code", {}, `mmn-kg ask ${question.name}`)),
        mmn.table(page, { name: question.name, title: question.summary, columns: question.columns, rows, prefixes: data.prefixes }),
        el("details", {}, el("summary", {}, "Its SPARQL"), el("pre", { tabindex: "0", role: "region", "aria-label": "SPARQL of the question" }, question.sparql), change),
      );
      if (focus) {
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "nearest" });
      }
    }

    search.addEventListener("input", draw);
    tag.addEventListener("change", draw);
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button !== null) {
        open(button.dataset.question, true);
      }
    });
    draw();
    open(ordered[0].name, false);
    const element = el(
      "div",
      { class: "ask-columns" },
      el("div", { class: "ask-list" }, el("label", { for: "ask-search" }, "Search the questions"), search, el("label", { for: "ask-tag" }, "Topic"), tag, status, list),
      shown,
    );
    return { element, open };
  }

  // --- SPARQL of one's own --------------------------------------------------------------------

  function nearestTerms(written, names, prefixes) {
    const local = written.replace(/^<|>$/g, "").split(/[:/#]/).pop();
    const known = new Map(names.map(([iri, label]) => [mmn.cells.curie(iri, prefixes), label]));
    const keys = (curie) => [curie.split(":").pop(), known.get(curie)];
    return mmn.sparql.nearest(local, Array.from(known.keys()), 3, keys).map((curie) => `${curie} (${known.get(curie)})`);
  }

  function warnings(query, found, names, prefixes) {
    const lost = found.unknown.map((iri) => {
      const written = query.terms.get(iri);
      return `${written} is not in the graph. The nearest are ${nearestTerms(written, names, prefixes).join(", ")}.`;
    });
    const empty = found.total === 0 && lost.length === 0 && query.warnings.length === 0;
    const hint = "Nothing in the graph fits all the lines. Take a line out, or make it OPTIONAL { … }, to see which one is too much.";
    return [...lost, ...query.warnings, ...(empty ? [hint] : [])];
  }

  function failure(error, text, query, seconds) {
    if (error.reason === "time") {
      return [`The query was stopped after ${seconds} seconds. Make it narrower: name a term, join every line by a variable, or add LIMIT 100.`];
    }
    if (error.reason === "stopped") {
      return ["You stopped the query."];
    }
    if (error.reason === "busy") {
      return ["Another query is still running."];
    }
    if (error.reason === "broken") {
      return ["The query brought the engine down: it is nested too deeply, or its answer is too large. Simplify it; the engine starts anew."];
    }
    return error.reason === "query" ? mmn.sparql.engineError(error.message, text, query.mistakes) : [error.message];
  }

  // Promise of {rows, query, found, problems, warnings}; problems is empty where it worked.
  mmn.runSparql = async function (page, text, prefixes) {
    const engine = mmn.sharedEngine(page);
    const query = mmn.sparql.inspect(text, prefixes);
    if (!engine.included) {
      return { query, problems: ["This page was written without the SPARQL engine: open the one that mmn-kg tour writes."], warnings: [] };
    }
    if (query.mistakes.length > 0 && query.form === "") {
      return { problems: query.mistakes, warnings: [] };
    }
    try {
      const { names } = await engine.start();
      const found = await engine.run({ query: query.query, form: query.form, terms: Array.from(query.terms.keys()) });
      const rows = found.rows.map((row) => row.map((term) => mmn.cells.ofTerm(term, found.labels, prefixes)));
      return { query, found, rows, problems: [], warnings: warnings(query, found, names, prefixes) };
    } catch (error) {
      return { query, problems: failure(error, text, query, engine.seconds), warnings: [] };
    }
  };

  function editor(page, data) {
    const { el } = page;
    const engine = mmn.sharedEngine(page);
    const text = el("textarea", { id: "ask-sparql", class: "sparql", rows: "9", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off" });
    const run = el("button", { type: "button", class: "tool main" }, "Run");
    const stop = el("button", { type: "button", class: "tool" }, "Stop");
    const status = el("p", { class: "tally", role: "status" });
    const told = el("div", { class: "told", role: "alert" });
    const answer = el("div", {});
    text.value = EXAMPLE;
    stop.hidden = true;

    async function go() {
      if (run.disabled) {
        return;
      }
      run.disabled = true;
      stop.hidden = false;
      told.replaceChildren();
      answer.replaceChildren();
      status.textContent = "Running … (the first time, the engine starts and reads the graph)";
      const began = performance.now();
      const done = await mmn.runSparql(page, text.value, data.prefixes);
      const took = Math.round(performance.now() - began).toLocaleString("en");
      run.disabled = false;
      stop.hidden = true;
      const filled = done.query && done.query.filled.length > 0 ? ` Filled in: ${done.query.filled.map((prefix) => `PREFIX ${prefix}:`).join(" ")}` : "";
      status.textContent = done.problems.length > 0 ? "No answer." : `Done in ${took} ms.${filled}`;
      told.replaceChildren(...[...done.problems, ...done.warnings].map((line) => el("p", line.includes("\n") ? { class: "place" } : {}, line)));
      if (done.problems.length === 0) {
        const { columns, total } = done.found;
        answer.replaceChildren(mmn.table(page, { name: "answer", title: "your query", columns, rows: done.rows, total, prefixes: data.prefixes }));
      }
    }

    run.addEventListener("click", go);
    stop.addEventListener("click", () => engine.cancel());
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        go();
      }
    });
    const prefixes = Object.entries(data.prefixes).map(([prefix, namespace]) => `PREFIX ${prefix}: <${namespace}>`).join("\n");
    const parts = engine.included
      ? [
          el("p", {}, `The engine runs in this page and asks nobody outside. A query may take ${engine.seconds} seconds.`),
          el("label", { for: "ask-sparql" }, "Your SPARQL"),
          text,
          el("div", { class: "answer-bar" }, run, stop, el("span", { class: "hint" }, "or Ctrl+Enter"), status),
          told,
          answer,
          el("details", {}, el("summary", {}, "The prefixes that are filled in"), el("pre", { tabindex: "0", role: "region", "aria-label": "Prefixes" }, prefixes)),
        ]
      : [
          el("p", {}, "This page was written without the SPARQL engine. In a terminal, put the query into a file and run: ", el("code", {}, "mmn-kg ask FILE.rq")),
          el("label", { for: "ask-sparql" }, "Your SPARQL"),
          text,
        ];
    function focus() {
      text.focus();
      text.scrollIntoView({ block: "center" });
    }
    function fill(sparql) {
      text.value = sparql;
      text.setSelectionRange(0, 0);
      text.scrollTop = 0;
      focus();
    }
    return { element: el("div", { class: "editor" }, ...parts), fill, focus };
  }

  // --- The panel --------------------------------------------------------------------------------

  mmn.panel({
    id: "ask",
    label: "Ask it yourself",
    group: "Look up",
    mount: function (root, page) {
      const { el } = page;
      const wait = el("p", { role: "status" }, "Unpacking the answers …");
      root.append(el("h2", {}, "Ask it yourself"), wait);
      const ready = mmn.answers(page).then((data) => {
        const own = editor(page, data);
        const shipped = questions(page, data, own.fill);
        wait.replaceWith(
          el("p", {}, "Each answer is computed from the graph; a term opens its details. It teaches and informs; it is not medical advice."),
          shipped.element,
          el("h3", { id: "ask-own" }, "Your own SPARQL"),
          own.element,
        );
        return { own, shipped };
      });
      ready.catch((error) => {
        wait.textContent = error.message;
      });
      // #ask/NAME opens a question, #ask/sparql the editor.
      return function (argument) {
        ready.then(({ own, shipped }) => (argument === "sparql" ? own.focus() : shipped.open(argument, true)), () => null);
      };
    },
  });
})();
