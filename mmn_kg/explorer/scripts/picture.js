// Draw a laid-out view: boxes and paths that one can click, walk through by keys, zoom and filter.
(function () {
  "use strict";

  var page = window.mmn.page;
  var graph = page.graph;
  var el = page.el;
  var svg = page.svg;
  var LINE = 15;
  var READABLE = 0.72; // below this scale letters are too small: scroll instead
  var COMFORTABLE = 0.9;

  // The look of an edge: the colour class, and the head of its line.
  page.edgeLook = function (edge) {
    if (edge.absent) {
      return { tone: "absent", head: "ring" };
    }
    return {
      tone: edge.derived ? "derived" : edge.status === "hypothesis" || edge.status === "analogy" ? "proposed" : "told",
      head: graph.relation(edge.p).bar ? "bar" : "arrow",
    };
  };

  page.heads = function (prefix) {
    var defs = svg("defs");
    ["told", "proposed", "derived", "absent"].forEach(function (tone) {
      [["arrow", "M0,0L8,4L0,8Z"], ["bar", "M6,0V8"], ["ring", "M4,1A3,3 0 1 1 3.99,1Z"]].forEach(function (head) {
        defs.appendChild(svg("marker", {
          id: prefix + "-" + head[0] + "-" + tone, viewBox: "0 0 8 8", refX: head[0] === "arrow" ? 6.5 : 5.5, refY: 4,
          markerWidth: head[0] === "bar" ? 11 : 8, markerHeight: head[0] === "bar" ? 11 : 8, orient: "auto-start-reverse",
          markerUnits: "userSpaceOnUse", class: "head " + head[0] + " " + tone,
        }, svg("path", { d: head[1] })));
      });
    });
    return defs;
  };

  // The shape of a kind in small, for the legend.
  page.swatch = function (kind) {
    var picture = svg("svg", { width: 26, height: 16, viewBox: "-1 -1 28 18", "aria-hidden": "true", class: "swatch" });
    var shape = svg("path", { d: page.outline(kind.shape, 26, 16), class: "shape" });
    shape.style.setProperty("--fill", kind.fill);
    picture.appendChild(shape);
    return picture;
  };

  function sample(prefix, tone, head) {
    return svg("svg", { width: 34, height: 12, viewBox: "0 0 34 12", "aria-hidden": "true", class: "swatch" },
      svg("path", { d: "M1,6H29", class: "line " + tone, "marker-end": "url(#" + prefix + "-" + head + "-" + tone + ")" }));
  }

  page.legend = function (prefix, terms, edges) {
    var kinds = [];
    terms.forEach(function (place) {
      if (kinds.indexOf(graph.kind(place)) < 0) {
        kinds.push(graph.kind(place));
      }
    });
    var looks = edges.map(page.edgeLook);
    function any(tone, head) {
      return looks.some(function (look) { return (!tone || look.tone === tone) && (!head || look.head === head); });
    }
    return el("ul", { class: "legend", "aria-label": "Legend" },
      kinds.map(function (kind) { return el("li", null, page.swatch(kind), kind.label); }),
      any("told", "arrow") && el("li", null, sample(prefix, "told", "arrow"), "observed or stated"),
      any("proposed") && el("li", null, sample(prefix, "proposed", "arrow"), "carried over or proposed"),
      any("derived") && el("li", null, sample(prefix, "derived", "arrow"), "derived by a rule"),
      any(null, "bar") && el("li", null, sample(prefix, "told", "bar"), "inhibits"),
      any("absent") && el("li", null, sample(prefix, "absent", "ring"), "absent: it does not"),
      edges.some(function (edge) { return edge.contested; }) &&
        el("li", null, el("span", { class: "disputed", "aria-hidden": "true" }, "?"), "sources disagree"));
  };

  function cardFigure(edge) {
    var rows = edge.evidence.filter(function (row) { return row.figure; });
    if (!rows.length) {
      return "";
    }
    var measure = rows[0].measure && rows[0].measure !== "frequency" ? rows[0].measure + " " : "";
    return measure + rows[0].figure + (rows.length > 1 ? "  +" + (rows.length - 1) : "");
  }

  function clip(text, width) {
    var most = Math.floor((width - 12) / 6.1);
    return text.length > most ? text.slice(0, most - 1) + "…" : text;
  }

  // Draw what is laid out (the form of explorer/pictures.py) into root; `prefix` keeps the names
  // of its parts apart from those of other pictures. Returns {light(terms, edges)}.
  page.draw = function (root, laid, prefix) {
    var edges = laid.edges.map(function (item) { return graph.find(item[0]); });
    var nodes = laid.nodes.map(function (item) {
      return { place: graph.place(item[0]), x: item[1], y: item[2], w: item[3], h: item[4], lines: item[5], card: item[6] ? graph.find(item[6]) : null };
    });
    var drawing = svg("svg", {
      class: "drawing", viewBox: "0 0 " + laid.width + " " + laid.height, role: "group", "aria-label": laid.title,
    }, page.heads(prefix));
    var canvas = el("div", { class: "canvas" }, drawing);
    var scale = 1;
    var chosen = false;

    laid.captions.forEach(function (item) {
      drawing.appendChild(svg("text", { x: item[0], y: item[1], class: "caption" }, item[2].map(function (line, n) {
        return svg("tspan", { x: item[0], dy: n ? LINE : 0 }, line);
      })));
    });
    var edgeMarks = edges.map(function (edge, n) { return edge && drawEdge(edge, laid.edges[n]); });
    var nodeMarks = nodes.map(drawNode);
    edgeMarks.forEach(function (mark) {
      if (mark) {
        drawing.appendChild(mark.words);
      }
    });

    function drawEdge(edge, item) {
      var look = page.edgeLook(edge);
      var group = svg("g", { class: "edge " + look.tone, role: "button", tabindex: -1, "aria-label": graph.say(edge) + figureWords(edge) },
        svg("title", null, graph.say(edge) + figureWords(edge)),
        svg("path", { d: item[1], class: "hit" }),
        svg("path", { d: item[1], class: "line " + look.tone, "marker-end": "url(#" + prefix + "-" + look.head + "-" + look.tone + ")" }),
        edge.contested && !laid.cards && svg("g", { class: "disputed", transform: "translate(" + item[2] + "," + item[3] + ")" },
          svg("circle", { r: 6 }), svg("text", { y: 3.6, "text-anchor": "middle" }, "?")));
      var shown = laid.words === "all" || laid.words.indexOf("mmn:" + graph.relation(edge.p).id) >= 0;
      var words = svg("text", { class: "words" + (shown ? " shown" : ""), x: item[2], y: item[3] - (edge.contested ? 9 : 5), "text-anchor": "middle", "aria-hidden": "true" },
        (edge.absent ? "not: " : "") + graph.relation(edge.p).label);
      group.addEventListener("click", function () { page.show(edge.id); });
      drawing.appendChild(group);
      return { group: group, words: words };
    }

    function figureWords(edge) {
      var figures = graph.figures(edge);
      return figures.length ? ", " + figures.slice(0, 2).join(", ") : "";
    }

    function drawNode(node, n) {
      var kind = graph.kind(node.place);
      var room = node.h > (node.lines.length + 1) * LINE;
      var figure = node.card && room ? cardFigure(node.card) : "";
      var label = graph.label(node.place);
      var seen = node.lines.join(" ");
      var told = node.card ? graph.say(node.card) + figureWords(node.card) : label + ", " + kind.label;
      var shape = svg("path", { d: page.outline(kind.shape, node.w, node.h), class: "shape" });
      var shown = clip(figure, node.w);
      var rows = node.lines.length + (figure ? 1 : 0);
      var top = (node.h - rows * LINE) / 2 + 11.5;
      var middle = node.card ? 9 : node.w / 2;
      shape.style.setProperty("--fill", kind.fill);
      var group = svg("g", {
        class: "node" + (node.card ? " card" : "") + (node.card && node.card.absent ? " absent" : ""),
        transform: "translate(" + node.x + "," + node.y + ")", role: "button", tabindex: n ? -1 : 0,
        // What is seen comes first, so that one can say it to a machine that listens.
        "aria-label": node.card ? seen + (shown ? " " + shown : "") + ": " + told : seen === label ? told : seen + ": " + told,
      },
      svg("title", null, node.card ? told : label + ": " + graph.definition(node.place)),
      shape,
      svg("text", { y: top, "text-anchor": node.card ? "start" : "middle" },
        node.lines.map(function (line, i) { return svg("tspan", { x: middle, dy: i ? LINE : 0 }, line + " "); }),
        shown && svg("tspan", { x: middle, dy: LINE, class: "figure" }, shown)),
      node.card && node.card.contested && svg("g", { class: "disputed", transform: "translate(" + (node.w - 10) + ",10)" },
        svg("circle", { r: 6 }), svg("text", { y: 3.6, "text-anchor": "middle" }, "?")));
      group.addEventListener("click", function () { open(n); });
      group.addEventListener("focus", function () { rove(group); near(n); });
      group.addEventListener("mouseenter", function () { near(n); });
      group.addEventListener("mouseleave", function () { near(-1); });
      group.addEventListener("blur", function () { near(-1); });
      drawing.appendChild(group);
      return group;
    }

    function open(n) {
      page.show(nodes[n].card ? nodes[n].card.id : graph.id(nodes[n].place));
    }

    function touches(n, edge) {
      var node = nodes[n];
      return node.card ? edge === node.card : edge && (edge.s === node.place || edge.o === node.place);
    }

    // Point out what is joined to a node.
    function near(n) {
      drawing.classList.toggle("pointing", n >= 0);
      edgeMarks.forEach(function (mark, i) {
        if (mark) {
          mark.group.classList.toggle("near", n >= 0 && touches(n, edges[i]));
          mark.words.classList.toggle("near", n >= 0 && !nodes[n].card && touches(n, edges[i]));
        }
      });
      nodeMarks.forEach(function (mark, i) {
        mark.classList.toggle("near", n === i || n >= 0 && edges.some(function (edge) {
          return edge && touches(n, edge) && touches(i, edge);
        }));
      });
    }

    // --- Keys: one stop for the Tab key, arrows within ---------------------------------------

    function rove(mark) {
      drawing.querySelectorAll('[tabindex="0"]').forEach(function (other) { other.setAttribute("tabindex", -1); });
      mark.setAttribute("tabindex", 0);
    }

    var ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

    // The nearest visible node in a direction.
    function step(from, way) {
      var best = -1;
      var least = Infinity;
      nodes.forEach(function (node, n) {
        var dx = node.x + node.w / 2 - nodes[from].x - nodes[from].w / 2;
        var dy = node.y + node.h / 2 - nodes[from].y - nodes[from].h / 2;
        var ahead = dx * way[0] + dy * way[1];
        var aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
        if (n !== from && ahead > 4 && !nodeMarks[n].classList.contains("out") && ahead + 2.2 * aside < least) {
          least = ahead + 2.2 * aside;
          best = n;
        }
      });
      return best;
    }

    // The next edge at the node, for the key E.
    function nextEdge(from, current) {
      var list = edges.map(function (edge, i) { return i; }).filter(function (i) {
        return edges[i] && touches(from, edges[i]) && !edgeMarks[i].group.classList.contains("out");
      });
      return list.length ? list[(list.indexOf(current) + 1) % list.length] : -1;
    }

    var walked = { node: 0, edge: -1 };
    drawing.addEventListener("keydown", function (event) {
      var at = nodeMarks.indexOf(event.target);
      if (event.altKey || event.ctrlKey || event.metaKey) {
        return;
      }
      if (at >= 0) {
        walked = { node: at, edge: -1 };
      }
      if (event.key === "Enter" || event.key === " ") {
        event.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      } else if (ARROWS[event.key]) {
        var next = step(walked.node, ARROWS[event.key]);
        nodeMarks[next >= 0 ? next : walked.node].focus();
      } else if (event.key === "e" || event.key === "E") {
        walked.edge = nextEdge(walked.node, walked.edge);
        if (walked.edge >= 0) {
          rove(edgeMarks[walked.edge].group);
          edgeMarks[walked.edge].group.focus();
          near(walked.node);
        }
      } else if (event.key === "+" || event.key === "=") {
        zoom(1.2);
      } else if (event.key === "-") {
        zoom(1 / 1.2);
      } else if (event.key === "0") {
        chosen = false;
        fit();
      } else {
        return;
      }
      event.preventDefault();
    });

    // --- Size --------------------------------------------------------------------------------

    function apply() {
      drawing.setAttribute("width", Math.round(laid.width * scale));
      drawing.setAttribute("height", Math.round(laid.height * scale));
    }

    function fit() {
      var whole = Math.min(canvas.clientWidth / laid.width, canvas.clientHeight / laid.height, 1.3);
      if (!canvas.clientWidth || chosen) {
        return;
      }
      if (whole >= READABLE) {
        scale = whole;
        apply();
      } else if (!document.body.classList.contains("with-details")) {
        scale = COMFORTABLE;
        apply();
        if (!laid.cards) {
          center([nodes[0]]);
        }
      }
    }

    // Scroll so that some nodes are in the middle.
    function center(some) {
      if (some.length) {
        var middle = function (from, size) {
          var low = Math.min.apply(null, some.map(function (node) { return node[from]; }));
          var high = Math.max.apply(null, some.map(function (node) { return node[from] + node[size]; }));
          return (low + high) / 2 * scale;
        };
        canvas.scrollLeft = middle("x", "w") - canvas.clientWidth / 2;
        canvas.scrollTop = middle("y", "h") - canvas.clientHeight / 2;
      }
    }

    function zoom(factor) {
      chosen = true;
      scale = Math.min(Math.max(scale * factor, 0.2), 4);
      apply();
    }

    function tool(text, label, action) {
      return el("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: action }, text);
    }

    canvas.addEventListener("pointerdown", function (event) {
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".node, .edge")) {
        return;
      }
      var from = [event.clientX + canvas.scrollLeft, event.clientY + canvas.scrollTop];
      function move(now) {
        canvas.scrollLeft = from[0] - now.clientX;
        canvas.scrollTop = from[1] - now.clientY;
      }
      canvas.classList.add("dragged");
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", function () {
        canvas.classList.remove("dragged");
        window.removeEventListener("pointermove", move);
      }, { once: true });
    });
    canvas.addEventListener("wheel", function (event) {
      if (event.ctrlKey) {
        event.preventDefault();
        zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      }
    }, { passive: false });

    // --- Together ----------------------------------------------------------------------------

    var places = nodes.map(function (node) { return node.place; });
    var known = edges.filter(Boolean);

    function apart(passes) {
      nodes.forEach(function (node, n) {
        nodeMarks[n].classList.toggle("out", !passes.term(node.place) || Boolean(node.card && !passes.edge(node.card)));
      });
      edges.forEach(function (edge, n) {
        if (edge) {
          var out = !passes.edge(edge) || !passes.term(edge.s) || !passes.term(edge.o);
          edgeMarks[n].group.classList.toggle("out", out);
          list.items[n].hidden = out;
        }
      });
    }

    function makeList() {
      var items = edges.map(function (edge) {
        return edge && el("li", null, page.opener(edge.id, graph.say(edge), edge.absent ? "absent" : ""),
          el("span", { class: "figure" }, figureWords(edge).replace(/^,/, "")), page.marks(edge));
      });
      return { items: items, element: el("details", { class: "as-list", open: window.matchMedia("(max-width: 52rem)").matches },
        el("summary", null, "The same as a list (", known.length, " claims)"), el("ul", { class: "edges" }, items)) };
    }

    var list = makeList();
    root.appendChild(el("div", { class: "view" },
      el("div", { class: "head" },
        el("h2", null, laid.title),
        el("div", { class: "toolbar" },
          page.filter(places, known, apart),
          tool("−", "Smaller", function () { zoom(1 / 1.2); }),
          tool("+", "Larger", function () { zoom(1.2); }),
          tool("Fit", "Fit to the window", function () { chosen = false; fit(); }))),
      page.legend(prefix, places, known),
      canvas,
      el("p", { class: "lead" }, laid.summary),
      el("p", { class: "keys" }, "Click a box or a line for figures and sources. By keyboard: arrows move, Enter opens, E walks the lines of a box, + and − zoom."),
      list.element));

    new ResizeObserver(fit).observe(canvas);

    page.onShow(function (id) {
      if (!document.contains(canvas)) {
        return false;
      }
      edgeMarks.forEach(function (mark, n) {
        if (mark) {
          mark.group.classList.toggle("selected", edges[n].id === id);
        }
      });
      nodeMarks.forEach(function (mark, n) {
        var own = nodes[n].card ? nodes[n].card.id : graph.id(nodes[n].place);
        mark.classList.toggle("selected", own === id);
        if (own === id && canvas.clientWidth) {
          mark.scrollIntoView({ block: "nearest", inline: "nearest" });
        }
      });
      return true;
    });

    return {
      // Show no more than some terms and edges as lit; the story uses it.
      light: function (terms, claims) {
        drawing.classList.toggle("telling", terms !== null);
        nodes.forEach(function (node, n) {
          nodeMarks[n].classList.toggle("lit", terms !== null && terms.indexOf(node.place) >= 0);
        });
        edges.forEach(function (edge, n) {
          if (edge) {
            edgeMarks[n].group.classList.toggle("lit", claims !== null && claims.indexOf(edge) >= 0);
          }
        });
        center(nodes.filter(function (node) { return terms !== null && terms.indexOf(node.place) >= 0; }));
      },
    };
  };
}());
