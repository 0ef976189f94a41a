// Panel: the guided course. The page checks each answer against the graph's own (course.py).
(function () {
  "use strict";

  const KEY = "mmn-kg-course";

  // Progress lives in memory, and in the browser's own store where it lets a file have one.
  function memory() {
    let solved = new Set();
    try {
      solved = new Set(JSON.parse(localStorage.getItem(KEY) || "[]"));
    } catch (error) {
      solved = new Set();
    }
    function keep() {
      try {
        localStorage.setItem(KEY, JSON.stringify(Array.from(solved)));
      } catch (error) {
        return; // memory alone, then
      }
    }
    return {
      has: (id) => solved.has(id),
      add: (id) => { solved.add(id); keep(); },
      clear: () => { solved.clear(); keep(); },
    };
  }

  // --- Judging an answer --------------------------------------------------------------------

  function plain(text) {
    return text.trim().toLowerCase().replace(/^(the|a|an)\s+/, "").replace(/[\s.]+$/, "").replace(/\s+/g, " ");
  }

  function number(given) {
    return given.trim() === "" ? NaN : Number(given.trim().replace(",", "."));
  }

  // Judges take (task, given) and return {right, message}; a message says what to look at next.
  const JUDGES = {
    term: (task, given) => ({
      right: task.accepts.includes(plain(given)),
      message: plain(given) === "" ? "Type a name first." : `“${given.trim()}” is not it, or is not what the graph calls it.`,
    }),
    text: (task, given) => ({
      right: task.right.includes(given.trim().replace(/^PMID[\s:]*/i, "")),
      message: given.trim() === "" ? "Type an answer first." : `“${given.trim()}” is not among the graph's answers.`,
    }),
    number: (task, given) => ({
      right: task.right.some((value) => Number(value) === number(given)),
      message: Number.isNaN(number(given)) ? "Type a number." : `${given.trim()} is not the graph's figure.`,
    }),
    choice: (task, given) => sets(task.right, given, "ticked"),
  };

  function sets(right, given, word) {
    const missing = right.filter((item) => !given.includes(item)).length;
    const extra = given.filter((item) => !right.includes(item)).length;
    const parts = [missing > 0 ? `${missing} missing` : "", extra > 0 ? `${extra} ${word} too many` : ""].filter(Boolean);
    return { right: parts.length === 0, message: `Not yet: ${parts.join(", ")}.` };
  }

  // A query is right where one of its columns holds exactly the expected terms.
  function judgeRows(task, columns, rows) {
    const tried = columns.map((_, at) => {
      const held = new Set(rows.map((row) => row[at]).filter(Boolean).map((cell) => cell.text));
      return { held, hits: task.right.filter((item) => held.has(item)).length };
    });
    tried.sort((one, other) => other.hits - one.hits || one.held.size - other.held.size);
    const best = tried.length > 0 ? Array.from(tried[0].held) : [];
    return rows.length === 0 ? { right: false, message: "The query runs, but finds nothing." } : sets(task.right, best, "listed");
  }

  mmn.judge = JUDGES;
  mmn.judgeRows = judgeRows;

  // --- Asking for an answer -----------------------------------------------------------------

  function typed(page, task) {
    const input = page.el("input", { id: `course-${task.id}`, type: "text", autocomplete: "off", inputmode: task.kind === "number" ? "decimal" : "text" });
    return { element: page.el("p", {}, page.el("label", { for: `course-${task.id}` }, task.label), " ", input), given: () => input.value, focus: input };
  }

  function ticked(page, task) {
    const single = task.right.length === 1;
    const boxes = task.options.map((curie, at) => page.el("input", { id: `course-${task.id}-${at}`, type: single ? "radio" : "checkbox", name: `course-${task.id}`, value: curie }));
    const lines = boxes.map((box, at) => page.el("div", {}, box, " ", page.el("label", { for: box.id }, page.label(task.options[at]))));
    const element = page.el("fieldset", { class: "options" }, page.el("legend", {}, task.label), ...lines);
    return { element, given: () => boxes.filter((box) => box.checked).map((box) => box.value), focus: boxes[0] };
  }

  function written(page, task) {
    const text = page.el("textarea", { id: `course-${task.id}`, class: "sparql", rows: "9", spellcheck: "false", autocapitalize: "off", wrap: "off" });
    text.value = task.starter || "";
    return { element: page.el("div", {}, page.el("label", { for: `course-${task.id}` }, task.label), text), given: () => text.value, focus: text };
  }

  async function judge(page, task, given, data) {
    if (task.kind !== "sparql") {
      return JUDGES[task.kind](task, given);
    }
    const done = await mmn.runSparql(page, given, data.prefixes);
    if (done.problems.length > 0) {
      return { right: false, message: done.problems.join("\n") };
    }
    const verdict = judgeRows(task, done.found.columns, done.rows);
    return { right: verdict.right, message: [verdict.message, ...done.warnings].join("\n") };
  }

  // --- One task -----------------------------------------------------------------------------

  function solution(page, task, data) {
    const rows = task.rows.map((row) => row.map((place) => mmn.cells.ofTable(place, data)));
    return [
      page.el("h4", {}, "What the graph says"),
      mmn.table(page, { name: `course-${task.id}`, title: task.title, columns: task.columns, rows, prefixes: data.prefixes }),
    ];
  }

  function form(page, task, data, done) {
    const { el } = page;
    const make = { choice: ticked, sparql: written }[task.kind] || typed;
    const answer = make(page, task);
    const told = el("p", { class: "verdict", role: "status" });
    const shown = el("div", {});
    const check = el("button", { type: "submit", class: "tool main" }, "Check");
    const hint = el("button", { type: "button", class: "tool" }, `Hint (${task.hints.length} left)`);
    const hints = el("ul", { class: "hints", "aria-live": "polite" });
    let given = 0;

    hint.addEventListener("click", () => {
      hints.append(el("li", {}, task.hints[given]));
      given += 1;
      hint.textContent = `Hint (${task.hints.length - given} left)`;
      if (given === task.hints.length) {
        hint.hidden = true;
        answer.focus.focus();
      }
    });
    const element = el("form", { class: "task" }, answer.element, hints, el("div", { class: "answer-bar" }, check, hint, look(page, task)), told, shown);
    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      check.disabled = true;
      told.className = "verdict";
      told.textContent = task.kind === "sparql" ? "Running …" : "";
      const verdict = await judge(page, task, answer.given(), data);
      check.disabled = false;
      told.className = verdict.right ? "verdict right" : "verdict wrong";
      told.textContent = verdict.right ? "Right." : verdict.message;
      if (verdict.right) {
        shown.replaceChildren(...solution(page, task, data));
        done();
      }
    });
    return element;
  }

  function look(page, task) {
    const button = page.el("button", { type: "button", class: "tool" }, `Look it up: ${task.look.label}`);
    button.addEventListener("click", () => page.go(task.look.panel, task.look.argument));
    return button;
  }

  // --- The panel ----------------------------------------------------------------------------

  function course(page, data) {
    const { el } = page;
    const progress = memory();
    const bar = el("progress", { max: String(data.tasks.length), value: "0", "aria-label": "Tasks solved" });
    const status = el("p", { class: "tally", role: "status" });
    const steps = el("ol", { class: "course-list" });
    const shown = el("div", { class: "course-task" });
    const again = el("button", { type: "button", class: "tool" }, "Begin anew");
    let current = Math.max(0, data.tasks.findIndex((task) => !progress.has(task.id)));

    function draw() {
      const solved = data.tasks.filter((task) => progress.has(task.id)).length;
      bar.value = solved;
      status.textContent = solved === data.tasks.length ? "All tasks solved." : `${solved} of ${data.tasks.length} tasks solved`;
      steps.querySelectorAll("button").forEach((button, at) => {
        const task = data.tasks[at];
        button.textContent = `${progress.has(task.id) ? "✓ " : ""}${task.title}`;
        button.setAttribute("aria-label", `Task ${at + 1}: ${task.title}${progress.has(task.id) ? ", solved" : ""}`);
        if (at === current) {
          button.setAttribute("aria-current", "step");
        } else {
          button.removeAttribute("aria-current");
        }
      });
    }

    function open(at, focus) {
      current = at;
      const task = data.tasks[at];
      const heading = el("h3", { tabindex: "-1" }, `${at + 1}. ${task.title}`);
      const last = at + 1 === data.tasks.length;
      const next = last ? null : el("button", { type: "button", class: "tool" }, "Next task");
      if (next !== null) {
        next.addEventListener("click", () => open(at + 1, true));
      }
      shown.replaceChildren(heading, el("p", { class: "lead" }, task.text), form(page, task, data, () => { progress.add(task.id); draw(); }), ...(next === null ? [] : [el("p", {}, next)]));
      draw();
      if (focus) {
        heading.focus();
      }
    }

    data.tasks.forEach((_, at) => {
      const button = el("button", { type: "button", class: "tool" });
      button.addEventListener("click", () => open(at, true));
      steps.append(el("li", {}, button));
    });
    again.addEventListener("click", () => { progress.clear(); open(0, true); });
    open(current, false);
    return [
      el("p", {}, data.intro, " It teaches and informs; it is not medical advice."),
      el("div", { class: "course-columns" }, el("nav", { class: "course-steps", "aria-label": "Tasks" }, bar, status, steps, again), shown),
    ];
  }

  mmn.panel({
    id: "course",
    label: "Course",
    group: "Learn",
    mount: function (root, page) {
      const wait = page.el("p", { role: "status" }, "Unpacking the tasks …");
      root.append(page.el("h2", {}, "Course"), wait);
      mmn.inflateJson(page.data("course")).then(
        (data) => {
          root.querySelector("h2").textContent = data.title;
          wait.replaceWith(...course(page, data));
        },
        (error) => {
          wait.textContent = error.message;
        },
      );
    },
  });
})();
