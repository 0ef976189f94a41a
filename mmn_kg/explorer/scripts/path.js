// The shortest ways between two terms, over what the graph claims.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var MOST = 5;

  // Every shortest path from a to b, each a list of {edges, to}, the edges of one step; at most MOST of them.
  page.paths = function (a, b, allowed) {
    var reached = new Map([[a, { depth: 0, by: [] }]]);
    var wave = [a];
    var depth = 0;
    while (wave.length && !reached.has(b)) {
      var next = [];
      depth += 1;
      wave.forEach(function (term) {
        graph.at(term).forEach(function (edge) {
          if (edge.absent || (edge.s !== term && edge.o !== term) || !allowed(edge)) {
            return;
          }
          var other = edge.s === term ? edge.o : edge.s;
          var known = reached.get(other);
          if (!known) {
            known = { depth: depth, by: [] };
            reached.set(other, known);
            next.push(other);
          }
          if (known.depth === depth) {
            known.by.push({ edge: edge, from: term });
          }
        });
      });
      wave = next;
    }
    var found = [];
    function back(term, steps) {
      if (found.length >= MOST) {
        return;
      }
      if (term === a) {
        found.push(steps);
        return;
      }
      var by = reached.get(term).by;
      by.map(function (step) { return step.from; }).filter(function (from, n, all) {
        return all.indexOf(from) === n;
      }).forEach(function (from) {
        var edges = by.filter(function (step) { return step.from === from; }).map(function (step) { return step.edge; });
        back(from, [{ edges: edges, to: term }].concat(steps));
      });
    }
    if (reached.has(b) && a !== b) {
      back(b, []);
    }
    return found;
  };

  var RULES = [
    ["any claim", function (edge) { return !edge.derived; }],
    ["observed, or stated by a source", function (edge) { return edge.status === "observed" || edge.status === "stated"; }],
    ["observed", function (edge) { return edge.status === "observed"; }],
    ["derived edges too", function () { return true; }],
  ];

  function mount(root) {
    var ends = ["", ""];
    var result = el("div", { class: "paths", "aria-live": "polite" });
    var finders = ["From", "To"].map(function (label, n) {
      return page.finder(label, function (curie) {
        ends[n] = curie;
        page.go("path", ends.filter(Boolean).length === 2 ? ends.join("|") : ends[0] || "|" + ends[1]);
      });
    });
    var select = el("select", { "aria-label": "Over which claims", onchange: draw },
      RULES.map(function (rule) { return el("option", null, rule[0]); }));
    root.appendChild(el("div", { class: "ask" }, el("h2", null, "Path between two terms"),
      finders[0].element, finders[1].element, select,
      el("button", { type: "button", class: "tool", onclick: function () { page.go("path", ends[1] + "|" + ends[0]); } }, "Swap")));
    root.appendChild(result);

    function chip(term) {
      var kind = graph.kind(term);
      return el("span", { class: "chip" }, page.swatch(kind), page.opener(graph.id(term), graph.label(term)));
    }

    function draw() {
      var a = graph.place(ends[0]);
      var b = graph.place(ends[1]);
      page.clear(result);
      if (a < 0 || b < 0) {
        result.appendChild(el("p", { class: "lead" }, "Choose two terms, such as the disease and a sign: the page finds the shortest ways from one to the other."));
        return;
      }
      var found = page.paths(a, b, RULES[select.selectedIndex][1]);
      if (!found.length) {
        result.appendChild(el("p", { class: "lead" }, a === b ? "That is one term: choose another." : "No way leads from one to the other over these claims."));
        return;
      }
      result.appendChild(el("p", null, found.length === 1 ? "One shortest way" : found.length + " of the shortest ways", ", ",
        found[0].length, found[0].length === 1 ? " step" : " steps", " long:"));
      found.forEach(function (steps) {
        result.appendChild(el("ol", { class: "way" }, el("li", null, chip(a)), steps.map(function (step) {
          return el("li", null, el("span", { class: "steps" }, step.edges.map(function (edge) {
            var forward = edge.o === step.to;
            return el("span", { class: "step" + (edge.derived ? " derived" : "") }, forward ? "" : "← ",
              page.opener(edge.id, graph.relation(edge.p).label), forward ? " →" : "",
              edge.scope !== undefined && el("span", { class: "scope" }, " (" + graph.label(edge.scope) + ")"), page.marks(edge),
              el("span", { class: "figure" }, " " + (graph.figures(edge)[0] || "")));
          })),
            chip(step.to));
        })));
      });
    }

    return function (argument) {
      ends = (argument + "|").split("|").slice(0, 2);
      finders.forEach(function (finder, n) { finder.set(ends[n]); });
      draw();
    };
  }

  window.mmn.panel({ id: "path", label: "Path", group: "Look up", mount: mount });
}());
