// Navigation, theme, and the first panel. This script runs last.
(function () {
  "use strict";

  var mmn = window.mmn;
  var page = mmn.page;
  var mounted = Object.create(null);
  var shown = null;

  // "#panel/argument" → {panel, argument}
  function address() {
    var text = location.hash.slice(1);
    var cut = text.indexOf("/");
    var id = cut < 0 ? text : text.slice(0, cut);
    var argument = cut < 0 ? "" : text.slice(cut + 1);
    try {
      argument = decodeURIComponent(argument);
    } catch (error) {
      argument = "";
    }
    return { panel: id, argument: argument };
  }

  function find(id) {
    return mmn.panels.filter(function (panel) { return panel.id === id; })[0];
  }

  // Open a panel, as if the reader had followed a link to #panel/argument.
  page.go = function (id, argument) {
    var hash = "#" + id + (argument ? "/" + encodeURIComponent(argument) : "");
    if (location.hash === hash) {
      open(false);
    } else {
      location.hash = hash;
    }
  };

  function mount(panel) {
    var root = page.el("section", { id: "panel-" + panel.id, class: "panel", "aria-label": panel.label, tabindex: "-1" });
    document.getElementById("main").appendChild(root);
    mounted[panel.id] = { root: root, show: panel.mount(root, page) };
  }

  function open(first) {
    var where = address();
    var panel = find(where.panel);
    if (!panel) {
      if (where.panel && !first) {
        return; // a place within the page, such as the skip link's
      }
      panel = find(document.documentElement.getAttribute("data-start")) || mmn.panels[0];
      where.argument = "";
    }
    if (!mounted[panel.id]) {
      mount(panel);
    }
    Object.keys(mounted).forEach(function (id) {
      mounted[id].root.hidden = id !== panel.id;
    });
    document.querySelectorAll("#nav a").forEach(function (anchor) {
      if (anchor.getAttribute("href") === "#" + panel.id) {
        anchor.setAttribute("aria-current", "page");
        anchor.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else {
        anchor.removeAttribute("aria-current");
      }
    });
    document.title = panel.label + " · Multifocal motor neuropathy";
    if (shown !== panel.id && !first) {
      mounted[panel.id].root.focus({ preventScroll: true });
      window.scrollTo(0, 0);
      page.announce(panel.label);
    }
    shown = panel.id;
    if (typeof mounted[panel.id].show === "function") {
      mounted[panel.id].show(where.argument);
    }
  }

  function navigation() {
    var nav = document.getElementById("nav");
    var groups = [];
    mmn.panels.forEach(function (panel) {
      var name = panel.group || "More";
      var group = groups.filter(function (item) { return item.name === name; })[0];
      if (!group) {
        group = { name: name, list: page.el("ul", { "aria-label": name }) };
        groups.push(group);
      }
      group.list.appendChild(page.el("li", null, page.el("a", { href: "#" + panel.id }, panel.label)));
    });
    groups.forEach(function (group) {
      nav.appendChild(page.el("div", { class: "group" }, group.list));
    });
  }

  function theme() {
    var dark = window.matchMedia("(prefers-color-scheme: dark)");
    var button = page.el("button", { type: "button", class: "tool", onclick: toggle });
    function current() {
      return document.documentElement.getAttribute("data-theme") || (dark.matches ? "dark" : "light");
    }
    function name() {
      button.textContent = current() === "dark" ? "Light" : "Dark";
      button.setAttribute("aria-label", "Use " + (current() === "dark" ? "light" : "dark") + " colours");
    }
    function toggle() {
      document.documentElement.setAttribute("data-theme", current() === "dark" ? "light" : "dark");
      name();
    }
    dark.addEventListener("change", name);
    name();
    return button;
  }

  navigation();
  document.getElementById("tools").appendChild(theme());
  document.getElementById("tools").appendChild(
    page.el("button", { type: "button", class: "tool print", onclick: function () { window.print(); } }, "Print"));
  window.addEventListener("hashchange", function () { open(false); });
  open(true);
}());
