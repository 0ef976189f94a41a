// Runs in a worker, behind the vendored script of Oxigraph: holds the graph and answers queries.
(function () {
  "use strict";

  const LABELS = "SELECT ?term ?label { ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label }";
  let store = null;
  let labels = new Map();

  function start({ program, graph }) {
    initSync({ module: program });
    store = new Store();
    store.load(new TextDecoder().decode(graph), { format: "text/turtle", no_transaction: true });
    const found = JSON.parse(store.query(LABELS, { results_format: "json" })).results.bindings;
    labels = new Map(found.map((row) => [row.term.value, row.label.value]));
    return { triples: store.size, names: Array.from(labels) };
  }

  function cell(term) {
    if (term.termType === "NamedNode") {
      return { type: "uri", value: term.value };
    }
    if (term.termType === "BlankNode") {
      return { type: "bnode", value: term.value };
    }
    return { type: "literal", value: term.value, datatype: term.datatype.value };
  }

  function triples(quads, most) {
    const rows = quads.slice(0, most).map((quad) => [quad.subject, quad.predicate, quad.object].map(cell));
    return { columns: ["subject", "predicate", "object"], rows, total: quads.length };
  }

  function run({ query, form, most }) {
    if (form === "CONSTRUCT" || form === "DESCRIBE") {
      return triples(store.query(query), most);
    }
    const found = JSON.parse(store.query(query, { results_format: "json" }));
    if (typeof found.boolean === "boolean") {
      return { columns: ["answer"], rows: [[{ type: "literal", value: String(found.boolean) }]], total: 1 };
    }
    const columns = found.head.vars;
    const bindings = found.results.bindings;
    const rows = bindings.slice(0, most).map((row) => columns.map((name) => row[name] || null));
    return { columns, rows, total: bindings.length };
  }

  // The names of the terms in the rows, and which of the terms in the query the graph lacks.
  function told(found, terms) {
    const named = {};
    for (const row of found.rows) {
      for (const item of row) {
        if (item !== null && item.type === "uri" && labels.has(item.value)) {
          named[item.value] = labels.get(item.value);
        }
      }
    }
    return Object.assign(found, { labels: named, unknown: terms.filter((iri) => !known(iri)) });
  }

  function known(iri) {
    return store.query(`ASK { { <${iri}> ?p ?o } UNION { ?s <${iri}> ?o } UNION { ?s ?p <${iri}> } }`);
  }

  const JOBS = { start, run: (message) => told(run(message), message.terms) };

  self.addEventListener("message", (event) => {
    const message = event.data;
    try {
      self.postMessage({ id: message.id, found: JOBS[message.job](message) });
    } catch (error) {
      const broken = !(error instanceof Error) || error instanceof WebAssembly.RuntimeError;
      self.postMessage({ id: message.id, error: String(error.message || error), broken });
    }
  });
})();
