// The graph: terms, edges and evidence, looked up in the columns of explorer/records.py.
(function () {
  "use strict";

  var page = window.mmn.page;
  var raw = page.data("graph");
  var terms = page.unpack(raw.terms);
  var claims = page.unpack(raw.assertions);
  var evidence = page.unpack(raw.evidence);
  var references = page.unpack(raw.references);
  var derived = page.unpack(raw.derivations);
  var MATCHES = ["exact", "close", "broader", "narrower", "related"];
  var STRENGTH = ["observed", "stated", "analogy", "hypothesis"];
  var places = new Map();
  var edgesAt = [];
  var evidenceOf = [];
  var sentencesOf = new Map();
  var edges = new Array(claims.rows + derived.rows);
  var byId = null;
  var children = null;
  var i;

  function fill(size) {
    var list = new Array(size);
    for (var n = 0; n < size; n += 1) {
      list[n] = [];
    }
    return list;
  }

  function curie(id) {
    return id.indexOf(":") < 0 ? "mmn:" + id : id;
  }

  for (i = 0; i < terms.rows; i += 1) {
    places.set(curie(terms.id[i]), i);
  }
  edgesAt = fill(terms.rows);
  evidenceOf = fill(claims.rows);
  for (i = 0; i < evidence.rows; i += 1) {
    evidenceOf[evidence.a[i]].push(i);
  }
  raw.sentences.forEach(function (sentence) {
    sentence.assertions.forEach(function (place) {
      sentencesOf.set(place, (sentencesOf.get(place) || []).concat(sentence.text));
    });
  });

  function link(place, ends) {
    ends.forEach(function (end, n) {
      if (end !== undefined && ends.indexOf(end) === n) {
        edgesAt[end].push(place);
      }
    });
  }
  for (i = 0; i < claims.rows; i += 1) {
    link(i, [claims.s[i], claims.o[i], claims.scope && claims.scope[i]]);
  }
  for (i = 0; i < derived.rows; i += 1) {
    link(claims.rows + i, [derived.s[i], derived.o[i]]);
  }

  // An assertion is named by its parts, unless the table gives it a name of its own.
  function edgeId(place) {
    var scope = claims.scope ? claims.scope[place] : undefined;
    if (place >= claims.rows) {
      return "derived/" + (place - claims.rows);
    }
    return (claims.id && claims.id[place]) || "assertion:" + [
      terms.id[claims.s[place]], raw.relations[claims.p[place]].id, terms.id[claims.o[place]],
    ].concat(scope === undefined ? [] : [terms.id[scope]]).join("-");
  }

  function claim(n) {
    var rows = evidenceOf[n].map(graph.evidence);
    var directions = rows.map(function (row) { return row.direction; });
    var statuses = rows.map(function (row) { return STRENGTH.indexOf(row.status); })
      .filter(function (rank) { return rank >= 0; });
    return {
      place: n,
      id: edgeId(n),
      s: claims.s[n],
      p: claims.p[n],
      o: claims.o[n],
      scope: claims.scope ? claims.scope[n] : undefined,
      absent: Boolean(claims.absent && claims.absent[n]),
      derived: false,
      contested: directions.indexOf("supports") >= 0 && directions.indexOf("disputes") >= 0,
      conflicts: (claims.conflicts && claims.conflicts[n]) || [],
      evidence: rows,
      status: statuses.length ? STRENGTH[Math.min.apply(null, statuses)] : "",
      sentences: sentencesOf.get(n) || [],
      from: [],
      rule: null,
    };
  }

  function conclusion(n) {
    var flat = derived.from[n];
    var steps = [];
    for (var k = 0; k < flat.length; k += 3) {
      steps.push({ s: flat[k], p: flat[k + 1], o: flat[k + 2] });
    }
    return {
      place: claims.rows + n,
      id: edgeId(claims.rows + n),
      s: derived.s[n],
      p: derived.p[n],
      o: derived.o[n],
      scope: undefined,
      absent: false,
      derived: true,
      contested: false,
      conflicts: [],
      evidence: [],
      status: "derived",
      sentences: [],
      from: steps,
      rule: derived.rule[n],
    };
  }

  var graph = {
    size: terms.rows,
    claims: claims.rows,
    edges: edges.length,
    kinds: raw.kinds,
    relations: raw.relations,
    // The terms that records are written in: measures, units, kinds of study, properties.
    words: raw.words,
    strengths: STRENGTH,

    id: function (term) { return curie(terms.id[term]); },
    // The place of a CURIE, or -1.
    place: function (name) { return places.has(name) ? places.get(name) : -1; },
    label: function (term) { return terms.label[term]; },
    definition: function (term) { return (terms.definition && terms.definition[term]) || ""; },
    note: function (term) { return (terms.note && terms.note[term]) || ""; },
    synonyms: function (term) { return (terms.synonyms && terms.synonyms[term]) || []; },
    parents: function (term) { return (terms.parents && terms.parents[term]) || []; },
    children: function (term) {
      if (!children) {
        children = fill(terms.rows);
        (terms.parents || []).forEach(function (parents, child) {
          parents.forEach(function (parent) { children[parent].push(child); });
        });
      }
      return children[term];
    },
    kind: function (term) {
      var kind = terms.kind && terms.kind[term];
      return kind === undefined ? { id: "Other", label: "other", definition: "", shape: "box", fill: "#ffffff" } : raw.kinds[kind];
    },
    mappings: function (term) {
      return ((terms.mappings && terms.mappings[term]) || []).map(function (pair) {
        return { match: MATCHES[pair[0]], id: pair[1] };
      });
    },
    relation: function (p) { return raw.relations[p]; },
    // The number of edges at a term, claims and derived ones.
    degree: function (term) { return edgesAt[term].length; },
    // Every edge at a term: as subject, object or scope; claims first.
    at: function (term) { return edgesAt[term].map(graph.edge); },
    between: function (a, b) {
      return graph.at(a).filter(function (edge) {
        return edge.s === b || edge.o === b || edge.scope === b;
      });
    },
    edge: function (place) {
      if (!edges[place]) {
        edges[place] = place < claims.rows ? claim(place) : conclusion(place - claims.rows);
      }
      return edges[place];
    },
    // An edge by its id ("assertion:…" or "derived/…"), or null.
    find: function (id) {
      if (!byId) {
        byId = new Map();
        for (var n = 0; n < edges.length; n += 1) {
          byId.set(edgeId(n), n);
        }
      }
      return byId.has(id) ? graph.edge(byId.get(id)) : null;
    },
    evidence: function (n) {
      var row = {};
      Object.keys(evidence).forEach(function (name) {
        if (name !== "rows" && evidence[name][n] !== undefined) {
          row[name] = evidence[name][n];
        }
      });
      return row;
    },
    reference: function (n) {
      var row = {};
      Object.keys(references).forEach(function (name) {
        if (name !== "rows" && references[name][n] !== undefined) {
          row[name] = references[name][n];
        }
      });
      return row;
    },
    // "subject relation object (scope)", with "not" where it is denied.
    say: function (edge) {
      return (edge.absent ? "not: " : "") + graph.label(edge.s) + " " +
        graph.relation(edge.p).label + " " + graph.label(edge.o) +
        (edge.scope === undefined ? "" : " (" + graph.label(edge.scope) + ")");
    },
    // The figures of an edge, each once, in the order of the evidence.
    figures: function (edge) {
      return edge.evidence.map(function (row) { return row.figure || ""; })
        .filter(function (text, n, all) { return text && all.indexOf(text) === n; });
    },
  };

  page.graph = graph;
  // The label of a CURIE, or the CURIE itself.
  page.label = function (name) {
    var place = graph.place(name);
    return place < 0 ? name : graph.label(place);
  };
}());
