// The fewest lesions that explain what is weak and spared: the same answers as `mmn-kg localise`
// (mmn_kg/clinical/localise.py, search.py, settle.py) over the same table, ontology/lesions.json.
(function () {
  "use strict";

  const costs = mmn.lesionCosts;
  const LIMIT = 12;
  const MOST = 3;
  const ENOUGH = 20000;
  const SERIES = 3;
  const SIDES = ["R", "L", ""];
  const PROMISE = [4, 3, 2, 1, 1];

  // --- The search -----------------------------------------------------------------------------

  // All that bears on a term, accessory movers too.
  function bearing(table, term) {
    return new Set([...term.main, ...term.accessory, ...term.any.flatMap((id) => [...bearing(table, table.terms.get(id))])]);
  }

  // The findings of each side, by what some place can join.
  function components(table, findings) {
    return SIDES.flatMap((side) => {
      let groups = [];
      for (const finding of findings.filter((item) => item.side === side)) {
        const mask = [...bearing(table, finding.term)];
        const touched = new Set(table.lesions.filter(({ reach }) => reach.also.has(finding.term.id) || mask.some((at) => reach.levels[at] !== 0)));
        const rest = [];
        let joined = [finding];
        for (const group of groups) {
          if ([...group.touched].some((lesion) => touched.has(lesion))) {
            group.touched.forEach((lesion) => touched.add(lesion));
            joined = [...group.joined, ...joined];
          } else {
            rest.push(group);
          }
        }
        groups = [...rest, { touched, joined }];
      }
      return groups.map(({ joined }) => ({ side, findings: joined }));
    });
  }

  // The sets of places of one side that can be part of a best explanation, by branch and bound.
  function searchPart(table, side, findings, partialSide) {
    const margin = table.costs.margin;
    const least = Math.min(...Object.values(table.costs.lesion));
    const weak = findings.filter((finding) => finding.weak);
    const price = (list, reach) => list.reduce((sum, finding) => sum + costs.ofFinding(table, finding, reach, partialSide), 0);
    const groups = grouped(table, side, findings);
    const none = costs.nothing(table);
    const floor = price(weak, groups.reduce((all, group) => costs.union(all, group.reach), none));
    const found = [{ size: 0, cost: price(findings, none), groups: [] }];
    let limit = found[0].cost + margin;

    function needed(chosen, total) {
      if (chosen.length === 1) {
        return total < found[0].cost;
      }
      return chosen.every((leftOut) => {
        const kept = chosen.filter((group) => group !== leftOut);
        const reach = kept.reduce((all, group) => costs.union(all, group.reach), none);
        return kept.reduce((sum, group) => sum + group.cost, 0) + price(findings, reach) > total;
      });
    }

    function extend(sets, chosen, reach, cost, start, left) {
      for (let at = start; at < groups.length; at += 1) {
        const paid = cost + groups[at].cost;
        const promised = paid + (left - 1) * least + floor;
        if (promised > limit) {
          continue;
        }
        const both = costs.union(reach, groups[at].reach);
        const more = [...chosen, groups[at]];
        if (left > 1) {
          if (promised + price(findings.filter((finding) => !finding.weak), both) <= limit) {
            extend(sets, more, both, paid, at + 1, left - 1);
          }
          continue;
        }
        const total = paid + price(findings, both);
        if (total <= limit && needed(more, total)) {
          sets.push({ size: more.length, cost: total, groups: more });
          limit = Math.min(limit, total + margin);
        }
      }
    }

    for (let size = 1; size <= MOST; size += 1) {
      const sets = [];
      extend(sets, [], none, 0, 0, size);
      found.push(...sets.filter((set) => set.cost <= limit));
    }
    return found;
  }

  // Places that do the same to all that was given are searched as one.
  function grouped(table, side, findings) {
    const relevant = [...new Set(findings.flatMap((finding) => [...bearing(table, finding.term)]))];
    const given = new Set(findings.flatMap((finding) => [finding.term.id, ...finding.term.any]));
    const weak = findings.filter((finding) => finding.weak);
    const moved = new Set(weak.flatMap((finding) => [...costs.movers(table, finding.term)]));
    const named = new Set(weak.flatMap((finding) => [finding.term.id, ...finding.term.any]));
    const found = new Map();
    for (const lesion of table.lesions) {
      const reach = costs.nothing(table);
      relevant.forEach((at) => { reach.levels[at] = lesion.reach.levels[at]; });
      lesion.reach.also.forEach((id) => given.has(id) && reach.also.add(id));
      if (![...moved].some((at) => reach.levels[at] !== 0) && ![...reach.also].some((id) => named.has(id))) {
        continue; // it bears on nothing weak
      }
      const cost = costs.ofLesion(table, lesion);
      const key = [cost, reach.levels.join(), [...reach.also].sort().join()].join("|");
      if (!found.has(key)) {
        found.set(key, { cost, reach, places: [] });
      }
      found.get(key).places.push({ side, lesion });
    }
    return [...found.values()];
  }

  function comparePlaces(one, other) {
    const [a, b] = [one, other].map(({ lesion, side }) => [lesion.territory, lesion.id, side]);
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
  }

  function compareLists(one, other) {
    for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
      const found = comparePlaces(one[at], other[at]);
      if (found !== 0) {
        return found;
      }
    }
    return one.length - other.length;
  }

  function product(lists) {
    return lists.reduce((all, list) => all.flatMap((some) => list.map((item) => [...some, item])).slice(0, ENOUGH), [[]]);
  }

  // The sets of all parts put together: those within the margin, with how many there are by cost.
  function join(table, parts) {
    const cheapest = parts.map((part) => Math.min(...part.map((set) => set.cost)));
    const limit = cheapest.reduce((sum, cost) => sum + cost, 0) + table.costs.margin;
    let sets = [{ cost: 0, groups: [] }];
    parts.forEach((part, index) => {
      const rest = cheapest.slice(index + 1).reduce((sum, cost) => sum + cost, 0);
      sets = sets.flatMap((set) => part.map((more) => ({ cost: set.cost + more.cost, groups: [...set.groups, ...more.groups] })))
        .filter((set) => set.cost + rest <= limit);
    });
    return sets.sort((one, other) => one.cost - other.cost);
  }

  function first(sets, limit) {
    const found = [];
    for (const cost of new Set(sets.map((set) => set.cost))) {
      if (found.length >= limit) {
        break;
      }
      const tied = sets.filter((set) => set.cost === cost).flatMap(({ groups }) =>
        product(groups.map((group) => [...group.places].sort(comparePlaces).slice(0, limit)))
          .map((places) => ({ cost, lesions: places.sort(comparePlaces) })));
      found.push(...tied.sort((one, other) => compareLists(one.lesions, other.lesions)));
    }
    return found.slice(0, limit);
  }

  // --- Patterns without a focus ----------------------------------------------------------------

  function isFocal(table, { lesion }) {
    return Object.hasOwn(table.costs.lesion, lesion.kind);
  }

  function nerves(lesions) {
    return new Set(lesions.filter(({ lesion }) => lesion.nerve).map(({ lesion, side }) => `${lesion.nerve} ${side}`));
  }

  function oneNerveASide(table, findings) {
    const weak = findings.filter((finding) => finding.weak);
    return [...new Set(weak.map((finding) => finding.side))].every((side) => {
      const own = weak.filter((finding) => finding.side === side);
      return table.lesions.some((lesion) => lesion.nerve && own.every((finding) =>
        costs.ofFinding(table, finding, lesion.reach, false) < costs.unexplained(table, finding)));
    });
  }

  function patterns(table, findings, named) {
    const count = named.length > 0 ? nerves(named[0].lesions).size : 0;
    const series = table.costs.series[Math.min(count, table.costs.series.length - 1)];
    const alone = oneNerveASide(table, findings);
    const found = new Map();
    for (const lesion of table.patterns) {
      const cost = (named.length > 0 ? series : 0) + costs.ofPattern(table, lesion, findings, alone);
      if (!found.has(lesion.id) || cost < found.get(lesion.id).cost) {
        found.set(lesion.id, { cost, lesions: [{ side: "", lesion }] });
      }
    }
    return [...found.keys()].sort().map((id) => found.get(id));
  }

  // --- Which muscle would settle a tie -----------------------------------------------------------

  function gain(promises) {
    return promises.reduce((sum, one, at) => sum + promises.slice(at + 1).reduce((part, other) =>
      part + (one === 1 || other === 1 ? 0 : Math.abs(one - other)), 0), 0);
  }

  function settle(table, findings, tied, others) {
    if (tied.length < 2) {
      return [];
    }
    const known = new Set(findings.flatMap((finding) => finding.term.main.map((at) => `${at} ${finding.side}`)));
    const movements = [...table.terms.values()].filter((term) => term.kind === "movement").map((term) => term.main);
    const testable = new Set(movements.flat());
    const alone = new Set(movements.map((main) => main.join()));
    const sides = [...new Set(tied.flat().map((placed) => placed.side))].sort();
    let best = null;
    for (const side of sides) {
      const reaches = [...tied, ...others].map((lesions) => lesions
        .filter((placed) => placed.side === side || !isFocal(table, placed))
        .reduce((all, placed) => costs.union(all, placed.lesion.reach), costs.nothing(table)));
      for (const term of table.terms.values()) {
        if (term.kind !== "muscle" || term.main.length !== 1 || known.has(`${term.main[0]} ${side}`)) {
          continue;
        }
        const promises = reaches.map(({ levels }) => {
          const bit = table.costs.levels.findIndex((_, at) => (levels[term.main[0]] >> at) & 1);
          return bit < 0 ? 0 : PROMISE[bit];
        });
        const own = gain(promises.slice(0, tied.length));
        const key = [testable.has(term.main[0]) ? 0 : 1, -own, alone.has(term.main.join()) ? 0 : 1, -gain(promises), term.id];
        if (own > 0 && (best === null || less(key, best))) {
          best = key;
        }
      }
    }
    return best === null ? [] : [best[4]];
  }

  function less(one, other) {
    const at = one.findIndex((value, index) => value !== other[index]);
    return at >= 0 && one[at] < other[at];
  }

  // --- The answer ------------------------------------------------------------------------------

  function ids(findings) {
    return [...new Set(findings.map((finding) => finding.term.id))];
  }

  function explanation(table, findings, item, rank, settled) {
    const focal = item.lesions.every((placed) => isFocal(table, placed));
    const none = costs.nothing(table);
    const weakSides = new Set(findings.filter((finding) => finding.weak).map((finding) => finding.side));
    const lesions = [...item.lesions].sort((one, other) => SIDES.indexOf(one.side) - SIDES.indexOf(other.side));
    const acts = (placed, side) => (isFocal(table, placed) ? placed.side === side : placed.lesion.roots.length === 0 || weakSides.has(side));
    const price = (finding, some) => costs.ofFinding(table, finding, some
      .filter((placed) => acts(placed, finding.side)).reduce((all, placed) => costs.union(all, placed.lesion.reach), none), false);
    const explains = (some) => (finding) => price(finding, some) < costs.unexplained(table, finding);
    const explained = findings.filter((finding) => finding.weak).filter(explains(lesions));
    const alone = lesions.map((placed) => explained.filter(explains([placed])));
    const jointly = explained.filter((finding) => !alone.some((some) => some.includes(finding)));
    const several = focal && nerves(item.lesions).size >= SERIES;
    return {
      rank,
      cost: item.cost / 100,
      kind: several ? "multifocal" : lesions[0].lesion.kind,
      lesions: lesions.map((placed, at) => ({
        site: placed.lesion.id,
        label: placed.lesion.label,
        kind: placed.lesion.kind,
        side: placed.side || null,
        explains: ids(explained.filter((finding) => alone[at].includes(finding) || (jointly.includes(finding) && acts(placed, finding.side)))),
      })),
      unexplained: ids(findings.filter((finding) => finding.weak && !explained.includes(finding))),
      contradicted_by: ids(findings.filter((finding) => !finding.weak && price(finding, lesions) > 0)),
      settled_by: rank === 1 ? settled : [],
    };
  }

  // The explanations of findings [{term: CURIE, side, weak, partial}], as in the JSON of localise.
  mmn.localise = function (table, given, limit = LIMIT) {
    const findings = given.map((finding) => Object.assign({ partial: false }, finding, { term: table.terms.get(finding.term) }));
    const partial = costs.partialSides(findings);
    const parts = components(table, findings).map((part) => searchPart(table, part.side, part.findings, partial.has(part.side)));
    const sets = join(table, parts);
    const focal = first(sets, Math.max(limit, LIMIT));
    const named = focal.filter((item) => item.lesions.length > 0);
    const all = [...named, ...patterns(table, findings, named)].sort((one, other) => one.cost - other.cost);
    const best = all[0].cost;
    const every = all.filter((item) => item.cost <= best + table.costs.margin);
    const told = every.slice(0, limit);
    const settled = settle(table, findings, told.filter((item) => item.cost === best).map((item) => item.lesions),
      told.filter((item) => item.cost > best).map((item) => item.lesions));
    const number = sets.filter((set) => set.cost <= best + table.costs.margin)
      .reduce((sum, set) => sum + set.groups.reduce((times, group) => times * group.places.length, 1), 0);
    const diffuse = every.filter((item) => !isFocal(table, item.lesions[0])).length;
    return {
      explanations: told.map((item) =>
        explanation(table, findings, item, told.findIndex((other) => other.cost === item.cost) + 1, settled)),
      explanations_in_all: Math.max(number + diffuse - (focal.length - named.length), told.length),
    };
  };
})();
