"""Compute the lesion table of a graph; the rules stand in docs/clinical.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.anatomy import Anatomy, Name
from mmn_kg.clinical.effects import LEVELS, Effect, Effects
from mmn_kg.clinical.lesions import Lesion, LesionTable, Term
from mmn_kg.store import KnowledgeGraph

_MAIN_MOVER: Final = "mmn:MainMover"
_LATE: Final = "mmn:LateDisease"
_ANY_MUSCLE: Final = "mmn:MuscleWeakness"
#: A segmental pattern takes so many neighbouring roots.
_WINDOW: Final = 3
#: A sign that more movements and muscles than this can show says nothing of the place.
_WAYS: Final = 24


def tabulate(graph: KnowledgeGraph) -> LesionTable:
    """Compute the table of a graph."""
    return _Tabulator(Anatomy(graph)).table()


class _Tabulator:
    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.effects = Effects(anatomy)
        self.muscles = sorted(anatomy.kind("mmn:Muscle"))
        skin = sorted(anatomy.kind("mmn:SkinTerritory"))
        self.targets = [t for t in (*self.muscles, *skin) if self._supplied(t)]
        self.position = {target: i for i, target in enumerate(self.targets)}
        self.claims: dict[str, int] = {}
        self.main = self._movers(main=True)
        self.accessory = self._movers(main=False)
        self.shown = self._shown()

    def table(self) -> LesionTable:
        lesions = tuple(self._lesions())
        terms = sorted(self._terms(), key=lambda term: (term.kind, term.id))
        return LesionTable(
            targets=tuple(self.targets),
            terms={term.id: term for term in terms},
            lesions=lesions,
            patterns=tuple(self._patterns()),
            claims=tuple(self.claims),
        )

    def _supplied(self, target: str) -> bool:
        relations = ("innervates", "lesionWeakens", "lesionNumbs", "hasRootSupply")
        return any(
            any(claim.present for claim in self.anatomy.of(relation, object_=target))
            for relation in relations[:3]
        ) or any(claim.present for claim in self.anatomy.of(relations[3], subject=target))

    def _claim(self, id_: str) -> int:
        return self.claims.setdefault(id_.removeprefix("assertion:"), len(self.claims))

    def _name(self, term: str) -> Name:
        return self.anatomy.names.get(term, Name(term))

    # --- Terms --------------------------------------------------------------------------------------

    def _movers(self, *, main: bool) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for claim in self.anatomy.claims.get("performs", ()):
            if claim.present and (claim.scope == _MAIN_MOVER) is main:
                movers = found.setdefault(claim.object, [])
                if claim.subject in self.position and claim.subject not in movers:
                    movers.append(claim.subject)
        return {movement: sorted(movers) for movement, movers in found.items() if movers}

    def _shown(self) -> dict[str, set[str]]:
        """Sign → the movements, or where there are none the muscles, whose weakness it shows."""
        found: dict[str, set[str]] = {}
        for kind in ("mmn:Movement", "mmn:Muscle"):
            members, done = self.anatomy.kind(kind), set(found)
            for claim in self.anatomy.claims.get("weaknessShowsAs", ()):
                known = claim.subject in self.main or claim.subject in self.position
                if claim.present and claim.subject in members and known:
                    if claim.object not in done:
                        found.setdefault(claim.object, set()).add(claim.subject)
        return found

    def _ways(self, sign: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """Return what is weak when a sign, or one below it, is there."""
        found = set(self.shown.get(sign, ()))
        for child in self.anatomy.linked("rdfs:subClassOf", sign):
            if child not in seen:
                found |= self._ways(child, seen | {sign})
        return found

    def _terms(self) -> Iterator[Term]:
        for muscle in self.muscles:
            if muscle in self.position:
                yield self._term(muscle, "muscle", main=[muscle])
            elif parts := self._parts(muscle):
                yield self._term(muscle, "muscle", main=parts)
        for movement, movers in sorted(self.main.items()):
            helpers = [m for m in self.accessory.get(movement, ()) if m not in movers]
            yield self._term(movement, "movement", main=movers, accessory=helpers)
        for skin in sorted(self.anatomy.kind("mmn:SkinTerritory")):
            parts = [p for p in (skin, *self._parts(skin)) if p in self.position]
            wholes = [w for w in self.anatomy.links("mmn:partOf", skin) if w in self.position]
            if parts or wholes:
                yield self._term(skin, "skin", main=parts or wholes)
        for sign in sorted(self.anatomy.kind("mmn:Finding")):
            ways = self._ways(sign)
            if 0 < len(ways) <= _WAYS:
                yield self._term(sign, "sign", any_=ways, together=self._together(sign))

    def _term(
        self,
        id_: str,
        kind: str,
        *,
        main: list[str] | None = None,
        accessory: list[str] | None = None,
        any_: set[str] | None = None,
        together: bool = False,
    ) -> Term:
        name = self._name(id_)
        return Term(
            *(id_, kind, name.label, tuple(name.synonyms), tuple(name.ids)),
            main=tuple(self.position[x] for x in main or ()),
            accessory=tuple(self.position[x] for x in accessory or ()),
            any=tuple(sorted(any_ or ())),
            together=together,
        )

    def _parts(self, term: str) -> list[str]:
        return [x for x in self.anatomy.linked("mmn:partOf", term) if x in self.position]

    def _together(self, sign: str) -> bool:
        """Tell whether each main mover alone is denied to show the sign."""
        denied = {
            claim.subject
            for claim in self.anatomy.of("weaknessShowsAs", object_=sign)
            if not claim.present
        }
        ways = self.shown.get(sign, set())
        movers = {mover for way in ways for mover in self.main.get(way, ())}
        return len(movers) > 1 and movers <= denied

    # --- Places -----------------------------------------------------------------------------------------

    def _lesions(self) -> Iterator[Lesion]:
        for place, kind in self._places():
            effects = {
                target: effect
                for target in self.targets
                if (effect := self.effects.of(place, target)) is not None
            }
            if effects:
                name = self._name(place)
                yield Lesion(
                    *(place, name.label, kind, tuple(name.synonyms), self._whole(place)),
                    described=self._described(place),
                    takes=self._takes({t: e.level for t, e in effects.items()}),
                    also=self._also(place),
                    why=self._why(effects),
                )

    def _places(self) -> Iterator[tuple[str, str]]:
        sites = self.anatomy.kind("mmn:NerveSite")
        for site in sorted(sites):
            nerve = min(self.anatomy.links("mmn:partOf", site), default="")
            yield site, "branch" if self.anatomy.links("mmn:partOf", nerve) else "nerve"
        placed = {nerve for site in sites for nerve in self.anatomy.links("mmn:partOf", site)}
        for nerve in sorted(self.anatomy.kind("mmn:Nerve") - placed):
            if self._sourced(nerve):
                yield nerve, "branch" if self.anatomy.links("mmn:partOf", nerve) else "nerve"
        parts = self.anatomy.kind("mmn:PlexusPart")
        for part in sorted(parts):
            wholes = self.anatomy.links("mmn:partOf", part)
            if not any(self.anatomy.links("mmn:partOf", whole) for whole in wholes):
                yield part, "plexus"
        for root in sorted(self.anatomy.kind("mmn:SpinalNerveRoot"), key=_natural):
            yield root, "root"

    def _sourced(self, nerve: str) -> bool:
        """Tell whether a source, not an assumption alone, says what a nerve supplies."""
        claims = [
            *self.anatomy.of("innervates", subject=nerve),
            *self.anatomy.of("lesionNumbs", subject=nerve),
        ]
        return any(claim.present and not claim.assumed for claim in claims)

    def _whole(self, place: str) -> str:
        """Return the whole nerve that a site or branch belongs to."""
        nerves = self.anatomy.kind("mmn:Nerve")
        whole = place if place in nerves else ""
        above = self.anatomy.links("mmn:partOf", place) & nerves
        while above:
            whole = min(above)
            above = self.anatomy.links("mmn:partOf", whole) & nerves
        return whole

    def _described(self, place: str) -> bool:
        if place in self.anatomy.kind("mmn:Nerve"):
            return not self.anatomy.links("mmn:partOf", place)
        if place not in self.anatomy.kind("mmn:NerveSite"):
            return True
        sites = [
            site
            for site in self.anatomy.kind("mmn:NerveSite")
            if self._whole(site) == self._whole(place) and self._told(site)
        ]
        return not sites or place in sites

    def _told(self, site: str) -> bool:
        return any(
            claim.present and not claim.assumed
            for relation in ("lesionWeakens", "lesionNumbs")
            for claim in self.anatomy.of(relation, subject=site)
        )

    def _takes(self, levels: dict[str, str]) -> dict[str, tuple[int, ...]]:
        found = {
            level: tuple(self.position[t] for t in self.targets if levels.get(t) == level)
            for level in LEVELS
        }
        return {level: positions for level, positions in found.items() if positions}

    def _why(self, effects: dict[str, Effect]) -> dict[int, tuple[int, ...]]:
        return {
            self.position[target]: tuple(
                self._claim(id_) for id_ in dict.fromkeys(effect.why)
            )
            for target, effect in effects.items()
        }

    def _also(self, place: str) -> tuple[str, ...]:
        """Return signs of a nerve's palsy whose main movers it does not supply, and the movements."""
        found: set[str] = set()
        if place not in self.anatomy.kind("mmn:NerveSite"):
            return ()
        for nerve in self.anatomy.links("mmn:partOf", place):
            for claim in self.anatomy.of("weaknessShowsAs", subject=nerve):
                ways = self._ways(claim.object) if claim.present else set()
                movers = {m for way in ways for m in self.main.get(way, (way,))}
                if movers and not any(self._supplies(nerve, mover) for mover in movers):
                    self._claim(claim.id)
                    found |= {claim.object, *ways}
        return tuple(sorted(found))

    def _supplies(self, nerve: str, muscle: str) -> bool:
        routes = self.effects.routes(muscle)
        return any(nerve == r.nerve or nerve in self.effects.sources(r.nerve) for r in routes)

    # --- Patterns without a focus ----------------------------------------------------------------------

    def _patterns(self) -> Iterator[Lesion]:
        regions: dict[str, dict[str, str]] = {}
        for claim in self.anatomy.claims.get("weakensRegion", ()):
            if claim.present:
                level = "partly" if claim.scope == _LATE else "mostly"
                regions.setdefault(claim.subject, {})[claim.object] = level
        for pattern, levels in sorted(regions.items()):
            if pattern not in costs.PATTERNS:
                continue
            found: dict[str, str] = {}
            for region, level in sorted(levels.items(), key=lambda item: item[1]):
                for muscle in self._region(region):
                    found.setdefault(muscle, level)
            yield self._pattern(pattern, found)
        for roots in self._windows():
            found = {}
            for muscle in self.muscles:
                levels_ = [e.level for r in roots if (e := self._root(r, muscle)) is not None]
                if any(level in {"mostly", "partly"} for level in levels_):
                    found[muscle] = "mostly"
                elif levels_:
                    found[muscle] = "partly"
            yield self._pattern(costs.SEGMENTAL, found, roots)

    def _root(self, root: str, muscle: str) -> Effect | None:
        return self.effects.of(root, muscle) if muscle in self.position else None

    def _pattern(
        self, pattern: str, levels: dict[str, str], roots: tuple[str, ...] = ()
    ) -> Lesion:
        kind, _, symmetric = costs.PATTERNS[pattern]
        name = self._name(pattern)
        return Lesion(
            *(pattern, name.label, kind, tuple(name.synonyms)),
            takes=self._takes(levels),
            symmetric=symmetric,
            roots=roots,
        )

    def _region(self, region: str) -> list[str]:
        """
        Return the muscles of a region: those that its signs show, and their main movers.

        A muscle that leads no movement counts by those that it helps.
        """
        muscles = [muscle for muscle in self.muscles if muscle in self.position]
        if region == _ANY_MUSCLE:
            return muscles
        ways = self._ways(region)
        movers = {mover for way in ways for mover in self.main.get(way, (way,))}
        leading = {mover for found in self.main.values() for mover in found}
        helpers = {m for way in ways for m in self.accessory.get(way, ()) if m not in leading}
        return [muscle for muscle in muscles if muscle in movers | helpers]

    def _windows(self) -> Iterator[tuple[str, ...]]:
        """Yield the runs of neighbouring roots of the arm and of the leg."""
        for plexus in sorted(self.anatomy.kind("mmn:PlexusPart")):
            if not self.anatomy.links("mmn:partOf", plexus):
                roots = sorted(self.anatomy.roots_of(plexus), key=_natural)
                for start in range(len(roots) - _WINDOW + 1):
                    yield tuple(roots[start : start + _WINDOW])


def _natural(root: str) -> tuple[int, int, str]:
    """Sort roots from the neck down: C, T, L, S, each by number."""
    match = re.fullmatch(r"mmn:([CTLS])(\d+)Root", root)
    return ("CTLS".index(match[1]), int(match[2]), root) if match else (9, 0, root)
