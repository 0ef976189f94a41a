// Choose by relation, kind and strength of evidence; pictures and neighbourhoods use it.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;

  var LEVELS = [
    ["any", "any evidence", 9],
    ["stated", "observed, or stated by a source", 1],
    ["observed", "observed", 0],
    ["contested", "contested alone", null],
  ];

  // The folded filter for terms and edges; `change` is called with {term(place), edge(edge)},
  // functions that tell what passes.
  page.filter = function (terms, edges, change) {
    var hidden = { kind: new Set(), relation: new Set() };
    var level = LEVELS[0];
    var count = el("span", { class: "count", hidden: true });

    function passes(edge) {
      if (hidden.relation.has(graph.relation(edge.p).id)) {
        return false;
      }
      if (level[0] === "contested") {
        return edge.contested;
      }
      return level[2] === 9 || graph.strengths.indexOf(edge.status) >= 0 &&
        graph.strengths.indexOf(edge.status) <= level[2];
    }

    function update() {
      var number = hidden.kind.size + hidden.relation.size + (level === LEVELS[0] ? 0 : 1);
      count.textContent = number;
      count.hidden = number === 0;
      change({
        term: function (place) { return !hidden.kind.has(graph.kind(place).id); },
        edge: passes,
      });
    }

    function box(set, id, label) {
      var input = el("input", {
        type: "checkbox",
        checked: true,
        onchange: function () {
          if (input.checked) {
            set.delete(id);
          } else {
            set.add(id);
          }
          update();
        },
      });
      return el("label", null, input, label);
    }

    function distinct(items) {
      var seen = {};
      return items.filter(function (item) {
        var fresh = !seen[item.id];
        seen[item.id] = true;
        return fresh;
      }).sort(function (a, b) { return a.label < b.label ? -1 : 1; });
    }

    var kinds = distinct(terms.map(graph.kind));
    var relations = distinct(edges.map(function (edge) { return graph.relation(edge.p); }));
    var select = el("select", {
      onchange: function () {
        level = LEVELS[select.selectedIndex];
        update();
      },
    }, LEVELS.map(function (item) { return el("option", { value: item[0] }, item[1]); }));

    var folded = el("details", { class: "filter" },
      el("summary", { class: "tool" }, "Filter", count),
      el("div", { class: "choices" },
        el("fieldset", null, el("legend", null, "Evidence"), el("label", null, "Strength ", select)),
        el("fieldset", null, el("legend", null, "Relations"),
          relations.map(function (item) { return box(hidden.relation, item.id, item.label); })),
        el("fieldset", null, el("legend", null, "Kinds"),
          kinds.map(function (item) { return box(hidden.kind, item.id, item.label); }))));
    folded.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && folded.open) {
        folded.open = false;
        folded.querySelector("summary").focus();
        event.preventDefault();
      }
    });
    document.addEventListener("pointerdown", function outside(event) {
      folded.open = folded.open && folded.contains(event.target);
      if (!document.contains(folded)) {
        document.removeEventListener("pointerdown", outside);
      }
    });
    return folded;
  };
}());
