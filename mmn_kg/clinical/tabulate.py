"""Compute the lesion table of a graph; the rules stand in docs/clinical.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mmn_kg.clinical import costs, spread
from mmn_kg.clinical.anatomy import Anatomy, Name
from mmn_kg.clinical.effects import LEVELS, Effect, Effects
from mmn_kg.clinical.lesions import Lesion, LesionTable, Term
from mmn_kg.clinical.movers import Movers
from mmn_kg.store import KnowledgeGraph

#: A sign that more movements and muscles than this can show says nothing of the place.
_WAYS: Final = 24


def tabulate(graph: KnowledgeGraph) -> LesionTable:
    """Compute the table of a graph."""
    return _Tabulator(Anatomy(graph)).table()


class _Tabulator:
    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.effects = Effects(anatomy)
        self.muscles = [m for m in sorted(anatomy.kind("mmn:Muscle")) if self._supplied(m)]
        skin = [s for s in sorted(anatomy.kind("mmn:SkinTerritory")) if self._supplied(s)]
        self.targets = [*self.muscles, *skin]
        self.position = {target: i for i, target in enumerate(self.targets)}
        self.claims: dict[str, int] = {}
        self.movers = Movers(anatomy, set(self.muscles))

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
        supply = (
            *self.anatomy.of("innervates", object_=target),
            *self.anatomy.of("lesionWeakens", object_=target),
            *self.anatomy.of("lesionNumbs", object_=target),
            *self.anatomy.of("hasRootSupply", subject=target),
        )
        return any(claim.present for claim in supply)

    def _claim(self, id_: str) -> int:
        return self.claims.setdefault(id_.removeprefix("assertion:"), len(self.claims))

    def _name(self, term: str) -> Name:
        return self.anatomy.names.get(term, Name(term))

    # --- Terms ------------------------------------------------------------------------------

    def _terms(self) -> Iterator[Term]:
        for muscle in sorted(self.anatomy.kind("mmn:Muscle")):
            if main := [muscle] if muscle in self.position else self._parts(muscle):
                yield self._term(muscle, "muscle", main=main)
        for movement, main in self.movers.main.items():
            helpers = [m for m in self.movers.accessory.get(movement, ()) if m not in main]
            yield self._term(movement, "movement", main=main, accessory=helpers)
        for skin in sorted(self.anatomy.kind("mmn:SkinTerritory")):
            own = [skin] if skin in self.position else []
            wholes = sorted(self.anatomy.links("mmn:partOf", skin) & set(self.position))
            if main := [*own, *self._parts(skin)] or wholes:
                yield self._term(skin, "skin", main=main)
        for sign in sorted(self.anatomy.kind("mmn:Finding")):
            ways = self.movers.ways(sign)
            if 0 < len(ways) <= _WAYS:
                together = self.movers.together(sign)
                yield self._term(sign, "sign", any_=ways, together=together)

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

    # --- Places -----------------------------------------------------------------------------

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
        for part in sorted(self.anatomy.kind("mmn:PlexusPart")):
            wholes = self.anatomy.links("mmn:partOf", part)
            if not any(self.anatomy.links("mmn:partOf", whole) for whole in wholes):
                yield part, "plexus"
        for root in sorted(self.anatomy.kind("mmn:SpinalNerveRoot"), key=spread.downwards):
            yield root, "root"

    def _sourced(self, nerve: str) -> bool:
        """Tell whether a source, not an assumption alone, says what a nerve supplies."""
        supply = (
            *self.anatomy.of("innervates", subject=nerve),
            *self.anatomy.of("lesionNumbs", subject=nerve),
        )
        return any(claim.present and not claim.assumed for claim in supply)

    def _whole(self, place: str) -> str:
        """Return the whole nerve that a site or branch belongs to, "" for other places."""
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
        told = [
            site
            for site in self.anatomy.kind("mmn:NerveSite")
            if self._whole(site) == self._whole(place) and self._told(site)
        ]
        return not told or place in told

    def _told(self, site: str) -> bool:
        claims = (
            *self.anatomy.of("lesionWeakens", subject=site),
            *self.anatomy.of("lesionNumbs", subject=site),
        )
        return any(claim.present and not claim.assumed for claim in claims)

    def _takes(self, levels: dict[str, str]) -> dict[str, tuple[int, ...]]:
        found = {
            level: tuple(self.position[t] for t in self.targets if levels.get(t) == level)
            for level in LEVELS
        }
        return {level: positions for level, positions in found.items() if positions}

    def _why(self, effects: dict[str, Effect]) -> dict[int, tuple[int, ...]]:
        return {
            self.position[target]: tuple(self._claim(id_) for id_ in dict.fromkeys(effect.why))
            for target, effect in effects.items()
        }

    def _also(self, place: str) -> tuple[str, ...]:
        """
        Return the signs of a nerve's palsy whose main movers it does not supply.

        The movements that these signs show are returned with them.
        """
        found: set[str] = set()
        nerves = self.anatomy.links("mmn:partOf", place)
        if place not in self.anatomy.kind("mmn:NerveSite"):
            return ()
        for nerve in nerves:
            for claim in self.anatomy.of("weaknessShowsAs", subject=nerve):
                ways = self.movers.ways(claim.object) if claim.present else set()
                movers = self.movers.leading(ways)
                if movers and not any(self._supplies(nerve, mover) for mover in movers):
                    self._claim(claim.id)
                    found |= {claim.object, *ways}
        return tuple(sorted(found))

    def _supplies(self, nerve: str, muscle: str) -> bool:
        routes = self.effects.routes(muscle)
        return any(nerve == r.nerve or nerve in self.effects.sources(r.nerve) for r in routes)

    # --- Patterns without a focus -----------------------------------------------------------

    def _patterns(self) -> Iterator[Lesion]:
        for pattern, levels in spread.by_region(self.anatomy, self.movers, self.muscles):
            if pattern in costs.PATTERNS:
                yield self._pattern(pattern, levels)
        for roots, levels in spread.by_segment(self.anatomy, self.effects, self.muscles):
            yield self._pattern(costs.SEGMENTAL, levels, roots)

    def _pattern(self, pattern: str, levels: dict[str, str], roots: tuple[str, ...] = ()) -> Lesion:
        kind, _, symmetric = costs.PATTERNS[pattern]
        name = self._name(pattern)
        return Lesion(
            *(pattern, name.label, kind, tuple(name.synonyms)),
            takes=self._takes(levels),
            symmetric=symmetric,
            roots=roots,
        )
