// Two diseases side by side, with figures: what each has, lacks, and what tells them apart.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;

  function relation(id) {
    return graph.relations.findIndex(function (item) { return item.id === id; });
  }

  // The diseases of the differential view, the two to begin with.
  function pair() {
    var laid = page.data("pictures").differential;
    var found = (laid ? laid.nodes : []).filter(function (item) { return !item[6]; }).map(function (item) { return item[0]; });
    return found.slice(0, 2).reverse();
  }

  function findings(disease) {
    var p = relation("hasFinding");
    var found = new Map();
    graph.at(disease).forEach(function (edge) {
      if (edge.p === p && edge.s === disease) {
        found.set(edge.o, (found.get(edge.o) || []).concat(edge));
      }
    });
    return found;
  }

  // What favours one of the two over the other: finding → edges.
  function separators(a, b) {
    var p = relation("favours");
    var found = new Map();
    graph.at(a).forEach(function (edge) {
      if (edge.p === p && (edge.o === a && edge.scope === b || edge.o === b && edge.scope === a)) {
        found.set(edge.s, (found.get(edge.s) || []).concat(edge));
      }
    });
    return found;
  }

  function bar(edges) {
    var numbers = [];
    edges.forEach(function (edge) {
      edge.evidence.forEach(function (row) {
        if (row.percent !== undefined && row.measure === "frequency") {
          numbers.push(row.percent);
        }
      });
    });
    if (!numbers.length || edges.every(function (edge) { return edge.absent; })) {
      return null;
    }
    var low = Math.min.apply(null, numbers);
    var high = Math.max.apply(null, numbers);
    return page.svg("svg", { class: "bar-figure", width: 104, height: 10, viewBox: "-2 0 104 10", role: "img", "aria-label": low === high ? low + " percent" : low + " to " + high + " percent" },
      page.svg("path", { d: "M0,5H100", class: "axis" }),
      page.svg("path", { d: "M" + low + ",5H" + high, class: "range" }),
      numbers.map(function (number) { return page.svg("circle", { cx: number, cy: 5, r: 2.6 }); }));
  }

  function cell(edges) {
    if (!edges || !edges.length) {
      return el("td", { class: "note" }, "nothing stated");
    }
    return el("td", null, bar(edges), edges.map(function (edge) {
      var figures = graph.figures(edge);
      var text = (edge.absent ? "absent" : figures.length ? figures.slice(0, 2).join(", ") + (figures.length > 2 ? " +" + (figures.length - 2) : "") : "present") +
        (edge.absent && figures.length ? ": " + figures[0] : "") +
        (edge.scope === undefined ? "" : " (" + graph.label(edge.scope) + ")");
      return el("div", null, page.opener(edge.id, text, edge.absent ? "absent" : ""), page.marks(edge));
    }));
  }

  function verdict(edges) {
    return el("td", null, (edges || []).map(function (edge) {
      var rows = edge.evidence.filter(function (row) { return row.figure; });
      return el("div", null, page.opener(edge.id, (edge.absent ? "does not favour " : "favours ") + graph.label(edge.o), edge.absent ? "absent" : ""),
        rows.slice(0, 2).map(function (row) { return el("div", { class: "figure" }, (row.measure || "") + " " + row.figure); }));
    }));
  }

  function table(a, b) {
    var left = findings(a);
    var right = findings(b);
    var apart = separators(a, b);
    var sections = [
      ["Favours " + graph.label(a), [], function (edge) { return !edge.absent && edge.o === a; }],
      ["Favours " + graph.label(b), [], function (edge) { return !edge.absent && edge.o === b; }],
      ["Does not tell them apart", [], function (edge) { return edge.absent; }],
    ];
    apart.forEach(function (edges, finding) {
      sections.filter(function (section) { return edges.some(section[2]); })[0][1].push(finding);
    });
    var both = Array.from(left.keys()).filter(function (finding) { return right.has(finding) && !apart.has(finding); });
    sections.push(["Known of both", both]);
    return sections.filter(function (section) { return section[1].length; }).map(function (section) {
      section[1].sort(function (x, y) {
        var known = function (z) { return (left.has(z) ? 0 : 1) + (right.has(z) ? 0 : 1); };
        return known(x) - known(y) || (graph.label(x) < graph.label(y) ? -1 : 1);
      });
      return el("tbody", null,
        el("tr", { class: "section" }, el("th", { colspan: 4, scope: "rowgroup" }, section[0])),
        section[1].map(function (finding) {
          return el("tr", null, el("th", { scope: "row" }, page.opener(graph.id(finding), graph.label(finding))),
            cell(left.get(finding)), cell(right.get(finding)), verdict(apart.get(finding)));
        }));
    });
  }

  function mount(root) {
    var ends = pair();
    var place = el("div");
    var finders = ["First disease", "Second disease"].map(function (label, n) {
      return page.finder(label, function (curie) {
        ends[n] = curie;
        page.go("compare", ends.join("|"));
      });
    });
    root.appendChild(el("div", { class: "ask" }, el("h2", null, "Side by side"), finders[0].element, finders[1].element));
    root.appendChild(el("p", { class: "lead" }, "Each dot is the figure of one study, on a line from 0 to 100%. Figures of different studies are not averaged; nothing here is a diagnosis."));
    root.appendChild(place);

    return function (argument) {
      var given = argument ? argument.split("|") : pair();
      var a = graph.place(given[0] || "");
      var b = graph.place(given[1] || "");
      ends = given;
      finders.forEach(function (finder, n) { finder.set(given[n]); });
      page.clear(place);
      if (a < 0 || b < 0) {
        place.appendChild(el("p", null, "Choose two diseases."));
        return;
      }
      var bodies = table(a, b);
      place.appendChild(bodies.length === 0 ? el("p", null, "The graph knows no finding of both, and none that tells them apart.")
        : el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Comparison" }, el("table", { class: "data compare" },
          el("thead", null, el("tr", null, ["Finding", graph.label(a), graph.label(b), "What tells them apart"].map(function (head) {
            return el("th", { scope: "col" }, head);
          }))), bodies)));
    };
  }

  window.mmn.panel({ id: "compare", label: "Side by side", group: "Learn", mount: mount });
}());
