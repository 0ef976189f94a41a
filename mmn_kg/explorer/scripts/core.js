// The page object, safe building of elements, and the list of panels.
(function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";
  var cache = Object.create(null);
  var panels = [];
  var page = {};

  function append(parent, children) {
    children.forEach(function (child) {
      if (Array.isArray(child)) {
        append(parent, child);
      } else if (child instanceof Node) {
        parent.appendChild(child);
      } else if (child !== null && child !== undefined && child !== false && child !== "") {
        parent.appendChild(document.createTextNode(String(child)));
      }
    });
  }

  function build(element, attributes, children) {
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value === null || value === undefined || value === false) {
        return;
      }
      if (name.slice(0, 2) === "on") {
        if (typeof value !== "function") {
          throw new TypeError(name + " takes a function");
        }
        element.addEventListener(name.slice(2), value);
      } else if (name === "href") {
        link(element, String(value));
      } else {
        element.setAttribute(name, value === true ? "" : String(value));
      }
    });
    append(element, children);
    return element;
  }

  // Only https addresses and places in this page become links; all else stays text.
  function link(element, address) {
    if (address.charAt(0) === "#") {
      element.setAttribute("href", address);
    } else if (/^https:\/\//.test(address)) {
      element.setAttribute("href", address);
      element.setAttribute("rel", "noopener noreferrer");
      element.setAttribute("target", "_blank");
    }
  }

  // el("button", {class: "x", onclick: f}, "text", child, …)
  page.el = function (tag, attributes) {
    var children = Array.prototype.slice.call(arguments, 2);
    return build(document.createElement(tag), attributes, children);
  };

  page.svg = function (tag, attributes) {
    var children = Array.prototype.slice.call(arguments, 2);
    return build(document.createElementNS(SVG, tag), attributes, children);
  };

  // The parsed JSON of the element data-NAME, or null where the page has none.
  page.data = function (name) {
    if (!(name in cache)) {
      var element = document.getElementById("data-" + name);
      cache[name] = element ? JSON.parse(element.textContent) : null;
    }
    return cache[name];
  };

  // Tell a screen reader what has changed.
  page.announce = function (text) {
    document.getElementById("announce").textContent = text;
  };

  page.clear = function (element) {
    while (element.firstChild) {
      element.removeChild(element.firstChild);
    }
    return element;
  };

  // A copy of the text, as a file of the reader's own machine.
  page.download = function (name, type, text) {
    var address = URL.createObjectURL(new Blob([text], { type: type }));
    var anchor = document.createElement("a");
    anchor.setAttribute("href", address);
    anchor.setAttribute("download", name);
    anchor.click();
    setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  };

  window.mmn = {
    page: page,
    panels: panels,

    // {id, label, group, mount(root, page)}: mount may return a function, which gets the
    // argument of the address (#id/argument, "" without one) each time the panel is shown.
    panel: function (definition) {
      panels.push(definition);
    },
  };
}());
