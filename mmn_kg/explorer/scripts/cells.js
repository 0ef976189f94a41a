// Cells of answers, from the page's own data and from the engine alike, and their CSV.
(function () {
  "use strict";

  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long"].map((name) => XSD + name));
  const LOCAL = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;

  // CURIE of an IRI, or the IRI itself where no prefix fits; the longest namespace wins.
  function curie(iri, prefixes) {
    let best = "";
    let found = iri;
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      const local = iri.slice(namespace.length);
      if (namespace.length > best.length && iri.startsWith(namespace) && LOCAL.test(local)) {
        best = namespace;
        found = `${prefix}:${local}`;
      }
    }
    return found;
  }

  // IRI of a CURIE, or the text itself where the prefix is none of ours.
  function expand(text, prefixes) {
    const at = text.indexOf(":");
    const prefix = text.slice(0, at);
    return at > 0 && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + text.slice(at + 1) : text;
  }

  // Equal numbers are equal texts, as in answers.py: "60.0" is "60".
  function canonical(text) {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
      return text;
    }
    if (/[eE]/.test(text)) {
      const number = String(Number(text));
      return number.includes("e") ? text : number;
    }
    const plain = text.includes(".") ? text.replace(/\.?0*$/, "") : text;
    return plain.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1").replace(/^(-?)\./, "$10.").replace(/^-0$/, "0") || "0";
  }

  // Cell of one place in the packed table of strings (questions.py).
  function ofTable(place, data) {
    if (place < 0) {
      return null;
    }
    const text = data.strings[place].slice(1);
    const kind = data.strings[place][0];
    return { kind, text, label: kind === "i" ? data.labels[text] || null : null };
  }

  // Cell of a term in the SPARQL results format.
  function ofTerm(term, labels, prefixes) {
    if (term === null) {
      return null;
    }
    if (term.type === "uri") {
      return { kind: "i", text: curie(term.value, prefixes), label: labels[term.value] || null };
    }
    if (term.type === "bnode") {
      return { kind: "b", text: term.value, label: null };
    }
    if (NUMBERS.has(term.datatype)) {
      return { kind: "n", text: canonical(term.value), label: null };
    }
    return { kind: term.datatype && term.datatype !== XSD + "string" ? "n" : "t", text: term.value, label: null };
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  // SPARQL 1.1 CSV: full IRIs, bare literals; the same bytes as `mmn-kg ask --format csv`.
  function csv(columns, rows, prefixes) {
    const value = (cell) => (cell === null ? "" : cell.kind === "i" ? expand(cell.text, prefixes) : cell.text);
    const lines = [columns, ...rows.map((row) => row.map(value))];
    return lines.map((line) => line.map(quoted).join(",") + "\r\n").join("");
  }

  // Order for sorting: unbound last, numbers by size, texts by their shown form.
  function compare(one, other) {
    if (one === null || other === null) {
      return (one === null) - (other === null);
    }
    const [left, right] = [one, other].map((cell) => (cell.kind === "i" || cell.text === "" ? NaN : Number(cell.text)));
    if (!Number.isNaN(left) && !Number.isNaN(right)) {
      return left - right;
    }
    return shown(one).localeCompare(shown(other), "en", { numeric: true });
  }

  function shown(cell) {
    return cell.label || cell.text;
  }

  mmn.cells = { canonical, compare, csv, curie, expand, ofTable, ofTerm, shown };
})();
