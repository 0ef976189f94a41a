// The details of a term or an edge: what `mmn-kg explain` tells, at the side of the panel.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var aside = document.getElementById("details");
  var trail = [];
  var opener = null;
  var listeners = [];
  var openedAt = "";

  // Open the details of a term ("mmn:…"), an assertion ("assertion:…") or a derived edge.
  page.show = function (id) {
    if (aside.hidden) {
      opener = document.activeElement;
      trail = [];
    }
    if (trail[trail.length - 1] !== id) {
      trail.push(id);
    }
    remember(id);
    draw();
  };

  // Open details have one place in the browser's history, so that its Back closes them.
  function remember(id) {
    var there = history.state !== null && "details" in history.state;
    openedAt = location.hash;
    history[there ? "replaceState" : "pushState"]({ details: id }, "");
  }

  window.addEventListener("popstate", function (event) {
    var id = event.state && event.state.details;
    if (id) {
      trail = [id];
      openedAt = location.hash;
      draw();
    } else if (location.hash === openedAt) {
      page.closeDetails();
    }
  });

  // Call a function with the id that is shown, or "" when the details close, until it returns
  // false.
  page.onShow = function (listener) {
    listeners.push(listener);
  };

  page.closeDetails = function () {
    if (aside.hidden) {
      return;
    }
    aside.hidden = true;
    document.body.classList.remove("with-details");
    if (history.state !== null && "details" in history.state) {
      history.replaceState({ details: "" }, "");
    }
    tell("");
    if (opener && document.contains(opener)) {
      opener.focus();
    }
  };

  // A button that opens the details of a term or an edge.
  page.opener = function (id, text, extra) {
    return el("button", {
      type: "button",
      class: "link" + (extra ? " " + extra : ""),
      onclick: function () { page.show(id); },
    }, text);
  };

  // The link to a source: PubMed, else DOI, else its own address.
  page.sourceLinks = function (reference) {
    var links = [];
    if (reference.pmid) {
      links.push(el("a", { href: "https://pubmed.ncbi.nlm.nih.gov/" + encodeURIComponent(reference.pmid) + "/" }, "PMID " + reference.pmid));
    }
    if (reference.doi) {
      links.push(el("a", { href: "https://doi.org/" + encodeURI(reference.doi) }, "DOI " + reference.doi));
    }
    if (reference.url && !links.length) {
      links.push(el("a", { href: reference.url }, reference.url.replace(/^https:\/\//, "")));
    }
    return links;
  };

  function tell(id) {
    listeners = listeners.filter(function (listener) { return listener(id) !== false; });
  }

  function draw() {
    var id = trail[trail.length - 1];
    var term = graph.place(id);
    var edge = term < 0 ? graph.find(id) : null;
    page.clear(aside);
    aside.appendChild(bar());
    if (term >= 0) {
      aside.appendChild(termDetails(term));
    } else if (edge) {
      aside.appendChild(edgeDetails(edge));
    } else {
      aside.appendChild(el("p", null, "The graph holds nothing of the name " + id + "."));
    }
    aside.hidden = false;
    document.body.classList.add("with-details");
    aside.scrollTop = 0;
    aside.focus({ preventScroll: true });
    tell(id);
  }

  function bar() {
    return el("div", { class: "actions" },
      el("button", {
        type: "button",
        class: "tool",
        disabled: trail.length < 2,
        onclick: function () { trail.pop(); draw(); },
      }, "Back"),
      el("button", { type: "button", class: "tool close", onclick: page.closeDetails }, "Close"));
  }

  // --- A term ------------------------------------------------------------------------------

  function termDetails(term) {
    var kind = graph.kind(term);
    var id = graph.id(term);
    var synonyms = graph.synonyms(term);
    var parents = graph.parents(term);
    var children = graph.children(term);
    var mappings = graph.mappings(term);
    return el("div", { class: "record" },
      el("p", { class: "kind" }, kind.label),
      el("h2", null, graph.label(term)),
      el("p", null, graph.definition(term)),
      graph.note(term) && el("p", { class: "note" }, graph.note(term)),
      el("dl", { class: "facts" },
        synonyms.length > 0 && [el("dt", null, "also called"), el("dd", null, synonyms.join("; "))],
        parents.length > 0 && [el("dt", null, "is a kind of"), el("dd", null, join(parents.map(function (parent) {
          return page.opener(graph.id(parent), graph.label(parent));
        })))],
        children.length > 0 && [el("dt", null, "its kinds"), el("dd", null, join(children.map(function (child) {
          return page.opener(graph.id(child), graph.label(child));
        })))],
        mappings.length > 0 && [el("dt", null, "elsewhere"), el("dd", null, mappings.map(function (item) {
          return item.id + (item.match === "exact" ? "" : " (" + item.match + ")");
        }).join(", "))],
        el("dt", null, "identifier"), el("dd", null, el("code", null, id))),
      el("p", { class: "ways" },
        el("a", { href: "#explore/" + encodeURIComponent(id) }, "Neighbourhood"),
        el("a", { href: "#path/" + encodeURIComponent(id) }, "Path from here")),
      groups(term));
  }

  function join(items) {
    return items.map(function (item, n) { return n ? [", ", item] : item; });
  }

  // The edges at a term, by relation and direction; long lists are folded.
  function groups(term) {
    var found = [];
    graph.at(term).forEach(function (edge) {
      var words = graph.relation(edge.p).label;
      var key = (edge.s === term ? words : edge.o === term ? "… " + words + " this"
        : "… " + words + " …, limited to this") + (edge.derived ? " (derived)" : "");
      var group = found.filter(function (item) { return item.key === key; })[0];
      if (!group) {
        group = { key: key, derived: edge.derived, rows: [] };
        found.push(group);
      }
      group.rows.push(el("li", null, edgeLine(edge, term)));
    });
    found.sort(function (a, b) { return a.derived - b.derived; });
    return el("div", { class: "groups" }, found.map(function (group) {
      return el("details", { open: group.rows.length <= 12 && found.length <= 12 && !group.derived },
        el("summary", null, group.key, el("span", { class: "count" }, group.rows.length)),
        el("ul", { class: "edges" }, group.rows));
    }));
  }

  // One edge in a list: what stands at the other end, with its marks and figures.
  function edgeLine(edge, term) {
    var figures = graph.figures(edge);
    var text = edge.s === term ? graph.label(edge.o)
      : edge.o === term ? graph.label(edge.s)
        : graph.label(edge.s) + " → " + graph.label(edge.o);
    return [
      page.opener(edge.id, (edge.absent ? "not: " : "") + text, edge.absent ? "absent" : ""),
      edge.scope !== undefined && edge.scope !== term && el("span", { class: "scope" }, " (" + graph.label(edge.scope) + ")"),
      figures.length > 0 && el("span", { class: "figure" }, " " + figures[0] + (figures.length > 1 ? " +" + (figures.length - 1) : "")),
      page.marks(edge),
    ];
  }

  // Short words for what is special about an edge.
  page.marks = function (edge) {
    var words = [];
    if (edge.contested) {
      words.push(["contested", "Some sources support it, others dispute it."]);
    }
    if (edge.conflicts.length) {
      words.push(["in conflict", "It cannot hold together with another claim."]);
    }
    if (edge.status === "hypothesis" || edge.status === "analogy") {
      words.push([edge.status, edge.status === "analogy" ? "Seen elsewhere and carried over." : "Proposed, not observed."]);
    }
    return words.map(function (word) {
      return el("span", { class: "mark", title: word[1] }, word[0]);
    });
  };

  // --- An edge -----------------------------------------------------------------------------

  function edgeDetails(edge) {
    var relation = graph.relation(edge.p);
    return el("div", { class: "record" },
      el("p", { class: "kind" }, edge.derived ? "derived edge" : edge.absent ? "claim: absent" : "claim"),
      el("h2", { class: edge.absent ? "absent" : null },
        edge.absent && el("span", { class: "not" }, "Not: "),
        page.opener(graph.id(edge.s), graph.label(edge.s)), " ",
        el("span", { class: "relation", title: relation.definition }, relation.label), " ",
        page.opener(graph.id(edge.o), graph.label(edge.o)),
        edge.scope !== undefined && [" (", page.opener(graph.id(edge.scope), graph.label(edge.scope)), ")"]),
      el("p", { class: "marks" }, page.marks(edge)),
      el("p", { class: "note" }, relation.definition),
      edge.sentences.map(function (text) {
        return el("blockquote", null, el("p", null, text), el("footer", null, "the article, in our words"));
      }),
      edge.conflicts.map(function (other) {
        var rival = graph.edge(other);
        return el("p", { class: "conflict" }, "Cannot hold together with: ", page.opener(rival.id, graph.say(rival)));
      }),
      edge.derived ? derivation(edge) : el("div", null,
        el("h3", null, edge.evidence.length === 1 ? "One piece of evidence" : edge.evidence.length + " pieces of evidence"),
        el("ol", { class: "evidence" }, figuresFirst(edge.evidence).map(oneEvidence)),
        report(edge.id)));
  }

  function figuresFirst(rows) {
    return rows.filter(function (row) { return row.figure; }).concat(rows.filter(function (row) { return !row.figure; }));
  }

  function derivation(edge) {
    return el("div", { class: "derivation" },
      el("p", null, "No source states it: it follows by the rule ", el("code", null, edge.rule), " from"),
      el("ol", null, edge.from.map(function (step) {
        var told = graph.between(step.s, step.o).filter(function (other) {
          return other.s === step.s && other.p === step.p && other.o === step.o && !other.absent;
        })[0];
        var text = graph.label(step.s) + " " + graph.relation(step.p).label + " " + graph.label(step.o);
        return el("li", null, told ? page.opener(told.id, text) : text);
      })),
      el("p", { class: "note" }, "It is as strong as the weakest of them, and has no evidence of its own."));
  }

  function oneEvidence(row) {
    var source = row.source === undefined ? {} : graph.reference(row.source);
    var where = [row.population, row.country, row.year, row.regimen].filter(Boolean).join("; ");
    return el("li", { class: row.direction },
      el("p", { class: "figure" },
        el("span", { class: "direction" }, row.direction || "", " "),
        row.measure && el("span", { class: "measure" }, row.measure + " "),
        row.figure && el("strong", null, row.figure),
        row.control && el("span", null, " (compared: " + row.control + ")"),
        row.p && el("span", null, " p " + (/^[<>=]/.test(row.p) ? "" : "= ") + row.p)),
      where && el("p", null, where),
      el("p", { class: "source" }, el("cite", null, source.title || ""), " ",
        [source.firstAuthor, source.journal, source.year].filter(Boolean).join(", "), " ",
        join(page.sourceLinks(source))),
      el("p", { class: "how" }, [row.design, row.status, row.read && "read as " + row.read].filter(Boolean).join(" · "),
        " · ", el("code", null, "evidence:" + row.id)),
      row.note && el("p", null, row.note),
      row.caution && el("p", { class: "caution" }, "Caution: " + row.caution));
  }

  function report(id) {
    var box = el("input", { type: "text", readonly: true, value: id, "aria-label": "Identifier of this claim" });
    var button = el("button", { type: "button", class: "tool", onclick: copy }, "Copy the id");
    function copy() {
      box.select();
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(id).then(done, function () { document.execCommand("copy"); done(); });
      } else {
        document.execCommand("copy");
        done();
      }
    }
    function done() {
      button.textContent = "Copied";
      page.announce("Copied");
    }
    return el("div", { class: "report" },
      el("h3", null, "Is it wrong?"),
      el("p", null, "A wrong fact is the worst bug here. Open an issue with this id and the source that says otherwise."),
      el("p", { class: "copy" }, box, button));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !aside.hidden && !event.defaultPrevented) {
      page.closeDetails();
    }
  });
}());
