// Find a term by label, synonym or identifier, in the bar and wherever a panel asks for a term.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var MOST = 12;
  var index = null;
  var number = 0;

  // A text as it is compared: small letters without accents, anything else but digits a space.
  page.fold = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9\u0370-\u03ff]+/g, " ").trim();
  };

  // An identifier of ours is compared without its prefix, which all of them share.
  function bare(name) {
    return name.replace(/^mmn:/i, "");
  }

  // Every name of every term, folded.
  function names() {
    if (!index) {
      index = [];
      for (var place = 0; place < graph.size; place += 1) {
        [graph.label(place)].concat(graph.synonyms(place), graph.id(place),
          graph.mappings(place).map(function (item) { return item.id; })).forEach(function (name, n) {
          index.push({ place: place, name: name, small: page.fold(bare(name)), own: n === 0 });
        });
      }
    }
    return index;
  }

  // The terms that a text fits best, each once: [{place, name}].
  page.search = function (text, most) {
    var wanted = page.fold(bare(text.trim()));
    var found = new Map();
    if (!wanted) {
      return [];
    }
    names().forEach(function (entry) {
      var at = entry.small.indexOf(wanted);
      if (at < 0) {
        return;
      }
      var before = at === 0 ? " " : entry.small.charAt(at - 1);
      var rank = (entry.small === wanted ? 0 : at === 0 ? 100 : /[a-z0-9]/.test(before) ? 300 : 200) +
        (entry.own ? 0 : 20) + Math.min(entry.small.length, 60) / 4 - Math.min(graph.degree(entry.place), 40) / 8;
      var known = found.get(entry.place);
      if (!known || rank < known.rank) {
        found.set(entry.place, { place: entry.place, name: entry.name, own: entry.own, rank: rank });
      }
    });
    return Array.from(found.values()).sort(function (a, b) { return a.rank - b.rank; }).slice(0, most || MOST);
  };

  // A field that finds a term; `choose` gets its CURIE.
  page.finder = function (label, choose, hint) {
    number += 1;
    var id = "finder-" + number;
    var list = el("ul", { id: id, role: "listbox", "aria-label": label, class: "hits", hidden: true });
    var input = el("input", {
      type: "search", role: "combobox", "aria-label": label, "aria-controls": id, "aria-expanded": "false",
      "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: hint || label,
      oninput: update, onkeydown: key, onblur: close, onfocus: update,
    });
    var hits = [];
    var active = -1;

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function update() {
      hits = page.search(input.value);
      page.clear(list);
      hits.forEach(function (hit, n) {
        list.appendChild(el("li", {
          id: id + "-" + n, role: "option", "aria-selected": "false",
          onmousedown: function (event) { event.preventDefault(); take(n); },
        }, el("span", null, graph.label(hit.place)),
        el("span", { class: "note" }, hit.own ? "" : hit.name + " · ", graph.kind(hit.place).label)));
      });
      if (!hits.length && input.value.trim()) {
        list.appendChild(el("li", { role: "option", "aria-selected": "false", "aria-disabled": "true", class: "none" }, "Nothing of that name"));
      }
      list.hidden = !input.value.trim() || document.activeElement !== input;
      input.setAttribute("aria-expanded", String(!list.hidden));
      mark(hits.length ? 0 : -1);
    }

    function mark(n) {
      active = n;
      Array.from(list.children).forEach(function (item, i) { item.setAttribute("aria-selected", String(i === n)); });
      if (n >= 0) {
        input.setAttribute("aria-activedescendant", id + "-" + n);
        list.children[n].scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function key(event) {
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && hits.length) {
        mark((active + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length);
      } else if (event.key === "Enter" && active >= 0) {
        take(active);
      } else if (event.key === "Escape" && !list.hidden) {
        close();
      } else {
        return;
      }
      event.preventDefault();
    }

    function take(n) {
      input.value = graph.label(hits[n].place);
      close();
      choose(graph.id(hits[n].place));
    }

    return {
      element: el("div", { class: "finder" }, input, list),
      set: function (curie) { input.value = curie ? page.label(curie) : ""; },
    };
  };

  document.getElementById("search").appendChild(
    page.finder("Search terms", function (curie) { page.show(curie); }, "Search: wrist drop, IVIg, HP:0031189 …").element);
}());
