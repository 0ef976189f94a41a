// Every term, relation and word of a record with its definition: the glossary of the graph.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;

  function entry(place) {
    var synonyms = graph.synonyms(place);
    var mappings = graph.mappings(place);
    return {
      text: [graph.label(place), graph.id(place)].concat(synonyms).map(page.fold).join(" | "),
      element: el("div", { class: "entry" },
        el("dt", null, page.opener(graph.id(place), graph.label(place)), " ", el("code", null, graph.id(place))),
        el("dd", null, graph.definition(place) || "No definition.",
          synonyms.length > 0 && el("span", { class: "note" }, " Also: " + synonyms.join("; ") + "."),
          mappings.length > 0 && el("span", { class: "note" }, " " + mappings.map(function (item) { return item.id; }).join(", ")))),
    };
  }

  // A relation, or a word of a record: it has a definition and no details to open.
  function plainEntry(item) {
    return {
      text: page.fold(item.label) + " | " + page.fold(item.id),
      element: el("div", { class: "entry" },
        el("dt", null, item.label, " ", el("code", null, item.id.indexOf(":") < 0 ? "mmn:" + item.id : item.id)),
        el("dd", null, item.definition || "No definition.")),
    };
  }

  function mount(root) {
    var groups = graph.kinds.map(function (kind) { return { id: kind.id, title: kind.label, note: kind.definition, entries: [] }; });
    var byKind = {};
    groups.forEach(function (group) { byKind[group.id] = group; });
    for (var place = 0; place < graph.size; place += 1) {
      var kind = graph.kind(place);
      if (byKind[kind.id]) {
        byKind[kind.id].entries.push(entry(place));
      }
    }
    groups.push({ id: "relation", title: "relation", note: "How terms are joined.", entries: graph.relations.map(plainEntry) });
    groups.push({ id: "word", title: "word of a record", note: "Measures, units, kinds of study and whatever else a claim, its evidence and its source are written in.", entries: graph.words.map(plainEntry) });
    groups = groups.filter(function (group) { return group.entries.length; });
    groups.forEach(function (group) {
      group.count = el("span", { class: "count" }, group.entries.length);
      group.element = el("details", { class: "terms", id: "terms-" + group.id },
        el("summary", null, el("h3", null, group.title), group.count, el("span", { class: "note" }, " " + group.note)),
        el("dl", null, group.entries.map(function (item) { return item.element; })));
    });
    var told = el("p", { class: "note", "aria-live": "polite" });
    var input = el("input", { type: "search", "aria-label": "Show terms that contain", placeholder: "Part of a name", oninput: narrow });
    root.appendChild(el("div", { class: "ask" }, el("h2", null, "Glossary: every term, relation and word"), input,
      el("button", { type: "button", class: "tool", onclick: function () { unfold(true); } }, "Unfold all"),
      el("button", { type: "button", class: "tool", onclick: function () { unfold(false); } }, "Fold all")));
    root.appendChild(told);
    root.appendChild(el("div", null, groups.map(function (group) { return group.element; })));

    function unfold(open) {
      groups.forEach(function (group) { group.element.open = open; });
    }

    function narrow() {
      var wanted = page.fold(input.value);
      var total = 0;
      groups.forEach(function (group) {
        var count = 0;
        group.entries.forEach(function (item) {
          item.element.hidden = item.text.indexOf(wanted) < 0;
          count += item.element.hidden ? 0 : 1;
        });
        group.count.textContent = count;
        group.element.hidden = count === 0;
        group.element.open = wanted !== "" && count > 0;
        total += count;
      });
      told.textContent = wanted ? total + (total === 1 ? " term" : " terms") : "";
    }

    return function (argument) {
      if (argument) {
        input.value = page.label(argument);
        narrow();
      }
    };
  }

  window.mmn.panel({ id: "reference", label: "Glossary", group: "Look up", mount: mount });
}());
