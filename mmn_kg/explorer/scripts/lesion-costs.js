// The cost model of localisation over ontology/lesions.json: the same as mmn_kg/clinical/costs.py.
(function () {
  "use strict";

  // What a set of lesions on one side takes: for each target one bit a level, and terms beside.
  function nothing(table) {
    return { levels: new Uint8Array(table.targets.length), also: new Set() };
  }

  function union(one, other) {
    const levels = one.levels.slice();
    other.levels.forEach((bits, at) => {
      levels[at] |= bits;
    });
    return { levels, also: new Set([...one.also, ...other.also]) };
  }

  function reachOf(table, lesion) {
    const reach = nothing(table);
    table.costs.levels.forEach((level, bit) => {
      for (const position of lesion.takes[level] || []) {
        reach.levels[position] |= 1 << bit;
      }
    });
    (lesion.also || []).forEach((term) => reach.also.add(term));
    return reach;
  }

  // The price for every combination of levels: the least or the greatest of theirs.
  function prices(figures, choose) {
    return Array.from({ length: 1 << figures.length }, (_, bits) => choose(...figures.filter((__, bit) => (bits >> bit) & 1)));
  }

  // Ready a table for use: terms by CURIE, a reach for each lesion, prices by levels.
  function ready(document) {
    const table = Object.assign({}, document);
    table.terms = new Map(document.terms.map((term) => [term.id, Object.assign({ main: [], accessory: [], any: [] }, term)]));
    table.weak = document.costs.weak.map((figures) => prices(figures, Math.min));
    table.spared = document.costs.spared.map((figures) => prices(figures, Math.max));
    table.lesions = document.lesions.map((lesion) => place(table, lesion));
    table.patterns = document.patterns.map((lesion) => place(table, lesion));
    return table;
  }

  function place(table, lesion) {
    const territory = Object.values(lesion.takes).reduce((sum, positions) => sum + positions.length, 0);
    return Object.assign({ nerve: "", described: true, roots: [] }, lesion, { reach: reachOf(table, lesion), territory });
  }

  function mean(list) {
    return Math.floor(list.reduce((sum, value) => sum + value, 0) / list.length);
  }

  function ofLesion(table, lesion) {
    return table.costs.lesion[lesion.kind] + (lesion.described ? 0 : table.costs.undescribed);
  }

  function unexplained(table, finding) {
    return table.costs.unexplained[finding.partial ? 1 : 0];
  }

  function weak(table, term, reach, partial) {
    let found = table.costs.unexplained[partial ? 1 : 0];
    const taken = (position) => reach.levels[position] !== 0;
    if (term.any.length > 0) {
      for (const way of term.any.map((id) => table.terms.get(id))) {
        if (!term.together || way.main.every(taken)) {
          found = Math.min(found, weak(table, way, reach, partial));
        }
      }
    } else if (term.main.some(taken)) {
      const price = table.weak[partial ? 1 : 0];
      found = Math.min(found, mean(term.main.map((at) => (taken(at) ? price[reach.levels[at]] : table.costs.missing_mover))));
    }
    return reach.also.has(term.id) ? Math.min(found, table.costs.also) : found;
  }

  function spared(table, term, reach, price) {
    if (term.any.length > 0) {
      return Math.max(...term.any.map((id) => spared(table, table.terms.get(id), reach, price)));
    }
    const taken = (position) => reach.levels[position] !== 0;
    const paid = term.main.map((at) => (taken(at) ? price[reach.levels[at]] : 0));
    const lost = paid.filter((cost) => cost > 0).length;
    const found = Math.floor((paid.reduce((sum, cost) => sum + cost, 0) * lost) / paid.length ** 2);
    return term.accessory.every(taken) ? found : Math.floor(found / 2);
  }

  // What a finding {term, side, weak, partial} costs under the lesions of its side.
  function ofFinding(table, finding, reach, partialSide) {
    return finding.weak
      ? weak(table, finding.term, reach, finding.partial)
      : spared(table, finding.term, reach, table.spared[partialSide ? 1 : 0]);
  }

  // The sides where all that is weak is so only partly.
  function partialSides(findings) {
    const sides = new Set(findings.filter((finding) => finding.weak).map((finding) => finding.side));
    return new Set([...sides].filter((side) => findings.every((finding) => !finding.weak || finding.side !== side || finding.partial)));
  }

  // The positions of the main movers, through the ways of a sign.
  function movers(table, term) {
    return new Set([...term.main, ...term.any.flatMap((id) => [...movers(table, table.terms.get(id))])]);
  }

  function asymmetry(table, finding, findings) {
    const own = movers(table, finding.term);
    const other = { R: "L", L: "R" }[finding.side];
    const seen = findings.filter((item) => item.side === other && [...movers(table, item.term)].some((at) => own.has(at)));
    if (seen.some((item) => item.weak)) {
      return 0;
    }
    return seen.length > 0 ? table.costs.asymmetry : table.costs.other_side_untold;
  }

  // What all findings cost under a pattern without a focus, with its own cost.
  function ofPattern(table, pattern, findings, oneNerveASide) {
    const [, own, symmetric] = table.costs.patterns[pattern.id];
    const partial = partialSides(findings);
    const weakSides = new Set(findings.filter((finding) => finding.weak).map((finding) => finding.side));
    const first = pattern.takes.mostly;
    let cost = own + (pattern.roots.length > 0 && oneNerveASide ? table.costs.one_nerve_a_side : 0);
    let led = first === undefined;
    for (const finding of findings) {
      if (pattern.roots.length > 0 && !weakSides.has(finding.side)) {
        continue;
      }
      cost += ofFinding(table, finding, pattern.reach, partial.has(finding.side));
      if (finding.weak) {
        led = led || [...movers(table, finding.term)].some((at) => first.includes(at));
        cost += symmetric ? asymmetry(table, finding, findings) : 0;
      }
    }
    return led ? cost : cost + table.costs.not_led;
  }

  mmn.lesionCosts = { movers, nothing, ofFinding, ofLesion, ofPattern, partialSides, ready, unexplained, union };
})();
