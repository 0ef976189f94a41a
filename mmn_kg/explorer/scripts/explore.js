// The neighbourhood of one term: what points to it, and what it points to.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var MOST = 18;
  var WIDTH = 210;
  var APART = 190;

  function wrap(text, letters) {
    var lines = [""];
    text.split(" ").forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && (last + " " + word).length > letters) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = last ? last + " " + word : word;
      }
    });
    return lines.slice(0, 2).map(function (line, n) {
      var cut = line.length > letters || (n === 1 && lines.length > 2);
      return cut ? line.slice(0, letters - 1) + "…" : line;
    });
  }

  // The edges on one side: the best supported first, one for each neighbour and relation.
  function side(edges, end) {
    var seen = {};
    return edges.filter(function (edge) {
      var key = edge[end] + "|" + edge.p;
      var fresh = !seen[key];
      seen[key] = true;
      return fresh;
    }).sort(function (a, b) {
      return a.derived - b.derived || a.absent - b.absent || b.evidence.length - a.evidence.length ||
        (graph.label(a[end]) < graph.label(b[end]) ? -1 : 1);
    });
  }

  function layOut(term, left, right) {
    var height = Math.max(left.length, right.length, 1);
    var laid = {
      title: "Around " + graph.label(term), summary: graph.definition(term), captions: [], nodes: [], edges: [], words: "all",
      width: 2 * (WIDTH + APART) + WIDTH + 24, height: 0,
    };
    var step = 43;
    laid.height = height * step + 36;
    var middle = { x: 12 + WIDTH + APART, y: laid.height / 2 - 21, w: WIDTH, h: 42 };
    laid.nodes.push([graph.id(term), middle.x, middle.y, middle.w, middle.h, wrap(graph.label(term), 30)]);
    column(left, "s", 12, true);
    column(right, "o", 12 + 2 * (WIDTH + APART), false);
    return laid;

    function column(edges, end, x, incoming) {
      var top = (laid.height - edges.length * step) / 2 + 2;
      edges.forEach(function (edge, n) {
        var y = top + n * step;
        laid.nodes.push([graph.id(edge[end]), x, y, WIDTH, 36, wrap(graph.label(edge[end]), 30)]);
        var shift = edges.length > 1 ? (n / (edges.length - 1) - 0.5) * 26 : 0;
        var here = (incoming ? x + WIDTH + 2 : x - 4) + "," + (y + 18);
        var there = (incoming ? middle.x - 4 : middle.x + WIDTH + 2) + "," + (laid.height / 2 + shift);
        var turn = incoming ? x + WIDTH + APART / 2 : x - APART / 2;
        var from = incoming ? here : there;
        var to = incoming ? there : here;
        laid.edges.push([edge.id, "M" + from + "C" + turn + "," + from.split(",")[1] + " " + turn + "," + to.split(",")[1] + " " + to,
          incoming ? x + WIDTH + 50 : x - 52, y + 18]);
      });
    }
  }

  function mount(root) {
    var derived = el("input", { type: "checkbox", onchange: draw });
    var finder = page.finder("Term to look around", function (curie) { page.go("explore", curie); });
    var place = el("div");
    var term = -1;
    root.appendChild(el("div", { class: "ask" }, el("h2", null, "Neighbourhood"), finder.element,
      el("label", null, derived, " derived edges too")));
    root.appendChild(place);

    function draw() {
      page.clear(place);
      if (term < 0) {
        place.appendChild(el("p", { class: "lead" }, "The graph holds nothing of that name: choose a term above."));
        return;
      }
      var edges = graph.at(term).filter(function (edge) { return derived.checked || !edge.derived; });
      var left = side(edges.filter(function (edge) { return edge.o === term; }), "s");
      var right = side(edges.filter(function (edge) { return edge.s === term && edge.o !== term; }), "o");
      var more = Math.max(left.length - MOST, 0) + Math.max(right.length - MOST, 0);
      page.draw(place, layOut(term, left.slice(0, MOST), right.slice(0, MOST)), "around");
      place.appendChild(el("p", null, more > 0 && "And " + more + " more than a picture can hold: ",
        page.opener(graph.id(term), more > 0 ? "all of them in the details" : "Details of " + graph.label(term)), "."));
    }

    return function (curie) {
      term = graph.place(curie || graph.id(busiest()));
      finder.set(curie || graph.id(busiest()));
      draw();
    };
  }

  // Where to begin: the term with the most edges.
  function busiest() {
    var best = 0;
    for (var n = 1; n < graph.size; n += 1) {
      best = graph.degree(n) > graph.degree(best) ? n : best;
    }
    return best;
  }

  window.mmn.panel({ id: "explore", label: "Explore", group: "Look up", mount: mount });
}());
