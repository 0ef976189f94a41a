// The mechanism as a story, step by step, and what each treatment blocks; all of it from the graph.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var laid = page.data("pictures").mechanism;
  if (!laid) {
    return;
  }
  var WORDS = { observed: "observed", stated: "stated", analogy: "carried over from elsewhere", hypothesis: "proposed" };

  function inView() {
    return laid.edges.map(function (item) { return graph.find(item[0]); }).filter(Boolean);
  }

  function blocks(edge) {
    return graph.relation(edge.p).bar;
  }

  // One chapter for each step that leads on, from top to bottom of the picture.
  function chapters(edges) {
    return laid.nodes.map(function (item) { return graph.place(item[0]); }).map(function (term) {
      return { term: term, edges: edges.filter(function (edge) { return edge.s === term && !blocks(edge); }) };
    }).filter(function (chapter) { return chapter.edges.length; });
  }

  // What lies below a term in the chain, itself included.
  function below(term, edges) {
    var found = [term];
    for (var n = 0; n < found.length; n += 1) {
      edges.forEach(function (edge) {
        if (edge.s === found[n] && !blocks(edge) && !edge.absent && found.indexOf(edge.o) < 0) {
          found.push(edge.o);
        }
      });
    }
    return found;
  }

  function mount(root) {
    var edges = inView();
    var steps = chapters(edges);
    var treatments = edges.filter(blocks).map(function (edge) { return edge.s; })
      .filter(function (term, n, all) { return all.indexOf(term) === n; });
    var text = el("div", { class: "chapter", "aria-live": "polite" });
    var stage = el("div", { class: "stage" });
    var at = 0;
    var back = el("button", { type: "button", class: "tool", onclick: function () { page.go("story", String(at)); } }, "Back");
    var next = el("button", { type: "button", class: "tool", onclick: function () { page.go("story", String(at + 2)); } }, "Next step");
    root.appendChild(el("div", { class: "story" },
      el("div", { class: "teller" },
        el("h2", null, "The mechanism, step by step"),
        el("p", { class: "turn" }, back, next),
        text,
        treatments.length > 0 && el("div", { class: "blockers" }, el("h3", null, "What does a treatment block?"),
          el("p", null, treatments.map(function (term) {
            return [el("a", { href: "#story/" + encodeURIComponent(graph.id(term)), class: "choice" }, graph.label(term)), " "];
          })))),
      stage));
    var picture = page.draw(stage, Object.assign({}, laid, { title: "Where we are", summary: "" }), "story");

    function claimLine(edge, other) {
      return el("li", null, (edge.absent ? "not: " : "") + graph.relation(edge.p).label + " ",
        page.opener(edge.id, graph.label(other), edge.absent ? "absent" : ""),
        edge.scope !== undefined && " (" + graph.label(edge.scope) + ")",
        el("span", { class: "note" }, " – " + (WORDS[edge.status] || edge.status)),
        graph.figures(edge)[0] && el("span", { class: "figure" }, ", " + graph.figures(edge)[0]),
        edge.contested && el("span", { class: "mark" }, "contested"));
    }

    function tell() {
      var chapter = steps[at];
      var stopped = edges.filter(function (edge) { return blocks(edge) && edge.o === chapter.term; });
      page.clear(text);
      text.appendChild(el("div", null,
        el("p", { class: "note" }, "Step " + (at + 1) + " of " + steps.length),
        el("h3", null, page.opener(graph.id(chapter.term), graph.label(chapter.term))),
        el("p", null, graph.definition(chapter.term)),
        el("ul", { class: "edges" }, chapter.edges.map(function (edge) { return claimLine(edge, edge.o); })),
        stopped.length > 0 && el("div", null, el("h3", null, "Here treatments act"),
          el("ul", { class: "edges" }, stopped.map(function (edge) {
            return el("li", null, page.opener(edge.id, graph.label(edge.s), edge.absent ? "absent" : ""),
              edge.absent ? " does not inhibit it" : " inhibits it",
              el("span", { class: "note" }, " – " + (WORDS[edge.status] || edge.status)));
          })))));
      picture.light([chapter.term].concat(chapter.edges.map(function (edge) { return edge.o; }), stopped.map(function (edge) { return edge.s; })),
        chapter.edges.concat(stopped));
    }

    function tellTreatment(term) {
      var targets = edges.filter(function (edge) { return edge.s === term && blocks(edge); });
      var reached = [];
      targets.filter(function (edge) { return !edge.absent; }).forEach(function (edge) {
        reached = reached.concat(below(edge.o, edges));
      });
      page.clear(text);
      text.appendChild(el("div", null,
        el("h3", null, page.opener(graph.id(term), graph.label(term))),
        el("p", null, graph.definition(term)),
        el("ul", { class: "edges" }, targets.map(function (edge) { return claimLine(edge, edge.o); })),
        el("p", { class: "note" }, "The picture shows what it blocks and all that follows from there. That a step is blocked does not say that patients get better: for that see ",
          el("a", { href: "#treatment" }, "the treatments"), ".")));
      picture.light([term].concat(reached), targets.concat(edges.filter(function (edge) {
        return !blocks(edge) && reached.indexOf(edge.s) >= 0 && reached.indexOf(edge.o) >= 0;
      })));
    }

    return function (argument) {
      var term = graph.place(argument);
      var blocker = treatments.indexOf(term) >= 0;
      if (!blocker) {
        at = Math.min(Math.max(parseInt(argument, 10) || 1, 1), steps.length) - 1;
      }
      back.disabled = at === 0 && !blocker;
      next.disabled = at === steps.length - 1;
      root.querySelectorAll(".choice").forEach(function (link) {
        var own = blocker && link.getAttribute("href") === "#story/" + encodeURIComponent(argument);
        if (own) {
          link.setAttribute("aria-current", "true");
        } else {
          link.removeAttribute("aria-current");
        }
      });
      if (blocker) {
        tellTreatment(term);
      } else {
        tell();
      }
    };
  }

  window.mmn.panel({ id: "story", label: "Story", group: "Learn", mount: mount });
}());
