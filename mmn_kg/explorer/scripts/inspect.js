// Reads a SPARQL text as far as a student's mistakes need it; the engine alone judges the rest.
(function () {
  "use strict";

  const TOKEN = new RegExp(
    [
      /(?<comment>#[^\n]*)/,
      /(?<string>"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/,
      /(?<iri><[^<>"{}|^`\\\s]*>)/,
      /(?<variable>[?$]\w+)/,
      /(?<name>(?:[A-Za-z][\w-]*)?:(?:[\w-](?:[\w.-]*[\w-])?)?)/,
      /(?<word>@?[A-Za-z_][\w-]*)/,
      /(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/,
      /(?<blank>_:\w+)/,
      /(?<space>\s+)/,
      /(?<mark>.)/,
    ].map((part) => part.source).join("|"),
    "gsu",
  );
  const FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
  const UPDATES = ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"];
  const CLAUSES = [
    "PREFIX", "BASE", ...FORMS, "WHERE", "DISTINCT", "REDUCED", "OPTIONAL", "UNION", "MINUS", "FILTER", "BIND", "VALUES",
    "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "ASC", "DESC", "AS", "EXISTS", "NOT", "IN", "UNDEF", "GRAPH",
    "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "SEPARATOR", "REGEX", "STR", "LANG", "BOUND", "CONTAINS",
    "STRSTARTS", "STRENDS", "LCASE", "UCASE", "IF", "COALESCE", "CONCAT", "DATATYPE", "ROUND", "ABS", "ISIRI", "ISLITERAL",
    "REPLACE", "SUBSTR", "STRLEN", "STRAFTER", "STRBEFORE", "IRI", "URI", "BNODE", "STRDT", "STRLANG", "LANGMATCHES", "SAMETERM",
    "NOW", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "CEIL", "FLOOR", "RAND", "UUID", "STRUUID",
    "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "ENCODE_FOR_URI", "ISBLANK", "ISNUMERIC", "ISURI", "NAMED", "FROM", "SERVICE",
    "SILENT", "TRUE", "FALSE", "A",
  ];
  const TERMS = ["variable", "name", "iri", "string", "number", "blank"];
  const QUOTES = ['"', "'"];
  const PAIRS = { "{": "}", "(": ")", "[": "]" };

  function tokens(text) {
    const found = [];
    for (const match of text.matchAll(TOKEN)) {
      const kind = Object.keys(match.groups).find((key) => match.groups[key] !== undefined);
      if (kind !== "space" && kind !== "comment") {
        found.push({ kind, text: match[0], at: match.index });
      }
    }
    return found;
  }

  // "line 3, column 7" of an offset.
  function place(text, at) {
    const before = text.slice(0, at).split("\n");
    return `line ${before.length}, column ${before[before.length - 1].length + 1}`;
  }

  // Number of single-letter changes from one text to the other.
  function distance(one, other) {
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= one.length; row += 1) {
      const next = [row];
      for (let at = 1; at <= other.length; at += 1) {
        const same = one[row - 1] === other[at - 1] ? 0 : 1;
        next.push(Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + same));
      }
      last = next;
    }
    return last[other.length];
  }

  // The nearest of the names, letter case ignored, the best first; each name may give other texts.
  function nearest(text, names, most, keys = (name) => [name]) {
    const wanted = text.toLowerCase();
    const rank = (name) => Math.min(...keys(name).map((key) => {
      const lower = key.toLowerCase();
      const within = wanted.length > 3 && (lower.includes(wanted) || wanted.includes(lower)) && lower.length > 3;
      const apart = distance(wanted, lower) / Math.max(wanted.length, lower.length, 1);
      return within ? Math.min(apart, 0.3 + apart / 10) : apart;
    }));
    const ranked = names.map((name) => ({ name, rank: rank(name) }));
    ranked.sort((one, other) => one.rank - other.rank || (one.name < other.name ? -1 : 1));
    return ranked.slice(0, most).map((item) => item.name);
  }

  function brackets(text, list) {
    const open = [];
    for (const token of list) {
      if (token.kind === "mark" && PAIRS[token.text] !== undefined) {
        open.push(token);
      } else if (token.kind === "mark" && Object.values(PAIRS).includes(token.text)) {
        const partner = open.pop();
        if (partner === undefined) {
          return [`The ${token.text} at ${place(text, token.at)} closes nothing: take it out, or open it first.`];
        }
        if (PAIRS[partner.text] !== token.text) {
          return [`The ${partner.text} at ${place(text, partner.at)} is closed by a ${token.text} at ${place(text, token.at)}: a ${PAIRS[partner.text]} is missing.`];
        }
      }
    }
    return open.slice(-1).map((token) => `The ${token.text} at ${place(text, token.at)} is never closed: add a ${PAIRS[token.text]}.`);
  }

  function quotes(text, list) {
    const lone = list.find((token) => token.kind === "mark" && QUOTES.includes(token.text));
    return lone === undefined ? [] : [`The text that begins with ${lone.text} at ${place(text, lone.at)} is never closed: add a ${lone.text}.`];
  }

  function spelling(text, list) {
    const lone = list.findIndex((token) => token.kind === "mark" && QUOTES.includes(token.text));
    const odd = list.slice(0, lone < 0 ? list.length : lone).filter((token) => {
      return token.kind === "word" && token !== beginning(list) && !token.text.startsWith("@") && !CLAUSES.includes(token.text.toUpperCase());
    });
    return odd.slice(0, 2).map((token) => {
      const [near] = nearest(token.text, CLAUSES, 1);
      const guess = distance(token.text.toUpperCase(), near) <= 2 ? `: did you mean ${near}?` : ".";
      return `“${token.text}” at ${place(text, token.at)} is no word that is known here${guess} A variable is written ?name, a term mmn:Name, a text "in quotes".`;
    });
  }

  // Lines with too few or too many parts, of those that are plain terms and no more.
  function triples(text, list) {
    const found = [];
    let parts = [];
    let wanted = 3; // 0: a filter, a path or the like, of which the engine knows better
    let table = false; // inside VALUES
    for (const token of list.slice(Math.max(0, list.findIndex((item) => item.text === "{")))) {
      table = /^VALUES$/i.test(token.text) || (table && token.text !== "}");
      if (TERMS.includes(token.kind) || token.text === "a") {
        parts.push(token);
      } else if ([".", ";", "{", "}"].includes(token.text)) {
        if (wanted > 0 && parts.length > 0 && parts.length < wanted) {
          found.push(`At ${place(text, parts[0].at)} a part is missing after ${parts[parts.length - 1].text}: a line has a subject, a relation and an object.`);
        } else if (wanted > 0 && parts.length > wanted) {
          found.push(`After ${parts[wanted - 1].text} at ${place(text, parts[wanted - 1].at)} a dot is missing.`);
        }
        wanted = table ? 0 : token.text === ";" ? 2 : 3;
        parts = [];
      } else if (token.text === ",") {
        parts.pop();
      } else {
        wanted = 0;
      }
    }
    return found.slice(0, 2);
  }

  function beginning(list) {
    let at = 0;
    while (list[at] !== undefined && /^(PREFIX|BASE)$/i.test(list[at].text)) {
      at += list[at].text.length === 4 ? 2 : 3;
    }
    return list[at];
  }

  // The text's own prefixes: prefix → namespace.
  function declared(list) {
    const found = {};
    list.forEach((token, at) => {
      if (token.kind === "name" && at > 0 && list[at - 1].text.toUpperCase() === "PREFIX") {
        found[token.text.slice(0, -1)] = list[at + 1] === undefined ? "" : list[at + 1].text.slice(1, -1);
        token.kind = "declaration";
      }
    });
    return found;
  }

  function unusedVariables(list) {
    const select = list.findIndex((token) => /^SELECT$/i.test(token.text));
    const brace = list.findIndex((token, at) => at > select && token.text === "{");
    if (select < 0 || brace < 0) {
      return [];
    }
    const inside = new Set(list.slice(brace).filter((token) => token.kind === "variable").map((token) => token.text));
    const made = new Set(list.slice(select, brace).filter((_, at, part) => at > 0 && /^AS$/i.test(part[at - 1].text)).map((token) => token.text));
    const asked = list.slice(select, brace).filter((token) => token.kind === "variable" && !made.has(token.text));
    const lost = new Set(asked.map((token) => token.text).filter((name) => !inside.has(name)));
    return Array.from(lost, (name) => {
      const [near] = nearest(name, Array.from(inside), 1);
      return `${name} is asked for, but stands nowhere between the braces${near ? `: is it ${near}?` : "."}`;
    });
  }

  // What a text is: its form, the query with the prefixes it lacks, its terms, and likely mistakes.
  function inspect(text, prefixes) {
    const list = tokens(text);
    const own = declared(list);
    const used = new Set(list.filter((token) => token.kind === "name").map((token) => token.text.split(":")[0]));
    const lacking = Array.from(used).filter((prefix) => !Object.hasOwn(own, prefix));
    const filled = lacking.filter((prefix) => Object.hasOwn(prefixes, prefix)).sort();
    const first = beginning(list);
    const form = first === undefined ? "" : first.text.toUpperCase();

    const mistakes = [];
    if (first === undefined) {
      mistakes.push("There is no query yet: write a SELECT, as in the example.");
    } else if (UPDATES.includes(form)) {
      mistakes.push("The page only reads: SELECT, ASK, CONSTRUCT and DESCRIBE are run, updates are not.");
    } else if (!FORMS.includes(form)) {
      const [near] = nearest(form, FORMS, 1);
      mistakes.push(`A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with “${first.text}”${distance(form, near) <= 2 ? `: did you mean ${near}?` : "."}`);
    }
    for (const prefix of lacking.filter((name) => !Object.hasOwn(prefixes, name))) {
      const token = list.find((item) => item.kind === "name" && item.text.startsWith(`${prefix}:`));
      const near = nearest(prefix, Object.keys(prefixes), 3).map((name) => `${name}:`).join(", ");
      mistakes.push(`The prefix ${prefix}: at ${place(text, token.at)} is unknown: the nearest are ${near}. Or declare it: PREFIX ${prefix}: <address>`);
    }
    mistakes.push(...quotes(text, list), ...brackets(text, list), ...spelling(text, list), ...triples(text, list));
    if (list.some((token) => token.kind === "word" && /^SERVICE$/i.test(token.text))) {
      mistakes.unshift("SERVICE is refused: the page asks nobody outside.");
    }

    const heading = filled.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>`).join(" ");
    return { form, query: `${heading}\n${text}`, filled, mistakes, terms: termsOf(list, Object.assign({}, prefixes, own)), warnings: unusedVariables(list) };
  }

  // IRIs that the text names, other than datatypes and declarations: IRI → as it is written.
  function termsOf(list, prefixes) {
    const found = new Map();
    list.forEach((token, at) => {
      const declares = at > 0 && (list[at - 1].kind === "declaration" || /^BASE$/i.test(list[at - 1].text));
      if (token.kind === "iri" && !declares && token.text.includes(":")) {
        found.set(token.text.slice(1, -1), token.text);
      } else if (token.kind === "name" && !token.text.startsWith("xsd:")) {
        const iri = mmn.cells.expand(token.text, prefixes);
        if (iri !== token.text) {
          found.set(iri, token.text);
        }
      }
    });
    return found;
  }

  // The engine's own words, put plainly: where it stopped, with the line and a mark under the place.
  function engineError(message, text, mistakes) {
    if (/SELECT contains a variable that is unbound/.test(message)) {
      return ["With COUNT, SUM and their like, every other variable after SELECT must stand in GROUP BY."];
    }
    if (/service/i.test(message) && /not supported/.test(message)) {
      return ["SERVICE is refused: the page asks nobody outside."];
    }
    if (/expected BY$/.test(message)) {
      return ["ORDER and GROUP are followed by BY: ORDER BY ?name."];
    }
    const found = /error at (\d+):(\d+)/.exec(message);
    if (found === null) {
      return mistakes.length > 0 ? mistakes : [`The engine says: ${message.split("\n")[0]}`];
    }
    const number = Number(found[1]) - 1;
    const line = text.split("\n")[number - 1] || "";
    const column = Math.min(Number(found[2]), line.length + 1);
    const where = number < 1 ? "" : `The query cannot be read on from line ${number}, column ${column}:\n${line}\n${" ".repeat(column - 1)}^`;
    const dot = "Look just before that place: is a dot between two triples missing, a brace, or a part of a triple (subject, relation, object)?";
    return mistakes.length > 0 ? [...mistakes, where] : [where, dot];
  }

  mmn.sparql = { distance, engineError, inspect, nearest };
})();
