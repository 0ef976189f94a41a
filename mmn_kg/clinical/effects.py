"""
Derive what a lesion at a place weakens or numbs, and how surely, from the anatomy alone.

The rules are told in docs/clinical.md, section "How the lesion table is made".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from mmn_kg.clinical.anatomy import Anatomy, Claim

#: How a place takes a muscle: always; as a rule; in part, for it has other supply too; as a rule,
#: but so variably that a spared muscle says nothing; as an exception, or by a minor supply.
LEVELS: Final = ("certain", "mostly", "partly", "variable", "rarely")
_MAIN: Final = "mmn:MainRoot"
_MINOR: Final = "mmn:MinorRoot"


@dataclass(frozen=True, slots=True)
class Effect:
    """How surely a lesion takes a muscle or an area of skin, and the claims behind it."""

    level: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """
    One way by which fibres reach a target.

    Attributes:
        nerve: The last nerve.
        own: The places are those of the target's own branch, not of the nerve.
        places: Where they leave the stem: pairs of site and claim.
        varies: This way differs from person to person.
        why: The claims that tell of the nerve.
    """

    nerve: str
    own: bool
    places: tuple[tuple[str, str], ...]
    varies: bool
    why: tuple[str, ...]


class Effects:
    """The effects of a lesion at any place of an anatomy."""

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.routes = cache(self._routes)
        self.sources = cache(anatomy.sources_of)
        self.above = cache(anatomy.above)
        self.roots = cache(self._roots_of)

    # --- By what way a target is supplied ---------------------------------------------------

    def _routes(self, target: str) -> tuple[Route, ...]:
        by_nerve: dict[str, list[Claim]] = {}
        skin = target in self.anatomy.kind("mmn:SkinTerritory")
        for claim in self.anatomy.of("lesionNumbs" if skin else "innervates", object_=target):
            if claim.present and claim.subject in self.anatomy.kind("mmn:Nerve"):
                by_nerve.setdefault(claim.subject, []).append(claim)
        last = [
            nerve
            for nerve in by_nerve
            if not any(nerve in self.sources(x) for x in by_nerve if x != nerve)
        ]
        found = []
        for nerve in sorted(last):
            own = self._places(target, nerve)
            places = own or self._leaves(nerve)
            claims = by_nerve[nerve] + [
                c for c in self.anatomy.of("leavesAt", subject=target) if (c.object, c.id) in places
            ]
            varies = any(claim.varies for claim in claims)
            why = tuple(claim.id for claim in by_nerve[nerve])
            found.append(Route(nerve, bool(own), tuple(places), varies, why))
        return tuple(found)

    def _places(self, target: str, nerve: str) -> list[tuple[str, str]]:
        """Return where the target's own branches leave a nerve: pairs of site and claim."""
        return [
            (claim.object, claim.id)
            for claim in self.anatomy.of("leavesAt", subject=target)
            if claim.present and self._lineage(self._nerve_of(claim.object), nerve)
        ]

    def _leaves(self, nerve: str, seen: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Return where a nerve, or the nearest of its stems, leaves another one."""
        own = [
            (claim.object, claim.id)
            for claim in self.anatomy.of("leavesAt", subject=nerve)
            if claim.present
        ]
        if own:
            return own
        nerves = self.anatomy.kind("mmn:Nerve")
        parents = sorted((self.anatomy.parents(nerve) & nerves) - seen)
        return [place for parent in parents for place in self._leaves(parent, seen | {nerve})]

    def _lineage(self, first: str, second: str) -> bool:
        return first == second or first in self.sources(second) or second in self.sources(first)

    def _nerve_of(self, site: str) -> str:
        return min(self.anatomy.links("mmn:partOf", site), default="")

    # --- What a place takes -----------------------------------------------------------------

    def of(self, place: str, target: str) -> Effect | None:
        """
        Return what a lesion at a place does to a muscle or an area of skin.

        Args:
            place: A nerve site, a nerve, a part of a plexus, or a root.
            target: A muscle or a skin territory.
        """
        skin = target in self.anatomy.kind("mmn:SkinTerritory")
        derived = self._derived(place, target, skin=skin)
        relation = "lesionNumbs" if skin else "lesionWeakens"
        objects = [target, *(sorted(self.anatomy.links("mmn:partOf", target)) if skin else ())]
        for object_ in objects:
            for claim in self.anatomy.of(relation, subject=place, object_=object_):
                if object_ == target or not claim.present:
                    return self._stated(claim, derived)
        return derived

    def _stated(self, claim: Claim, derived: Effect | None) -> Effect | None:
        if not claim.present:
            loose = claim.varies or claim.sometimes or claim.disputed
            return Effect("rarely", (claim.id,)) if loose else None
        if claim.varies:
            return Effect("variable", (claim.id,))
        if claim.sometimes:
            return Effect("mostly", (claim.id,))
        if claim.subject in self.anatomy.kind("mmn:SpinalNerveRoot"):
            return Effect("mostly", (claim.id,))
        if derived is not None and derived.level == "partly":
            return Effect("partly", (claim.id, *derived.why))
        return Effect("certain", (claim.id,))

    def _derived(self, place: str, target: str, *, skin: bool) -> Effect | None:
        if place in self.anatomy.kind("mmn:SpinalNerveRoot"):
            found = None if skin else self._by_root(place, target)
        elif place in self.anatomy.kind("mmn:PlexusPart"):
            found = self._by_plexus(place, target)
        else:
            return self._by_nerve(place, target)
        routes = self.routes(target)
        if found is not None and found.level != "rarely" and all(r.varies for r in routes):
            return Effect("variable" if routes else found.level, found.why)
        return found

    def _by_nerve(self, place: str, target: str) -> Effect | None:
        caught: list[Route] = []
        why: list[str] = []
        whole, sure, missed = True, False, False
        for route in self.routes(target):
            share, used = self._share(place, route)
            if share == 0:
                missed = missed or not route.varies
                continue
            caught.append(route)
            why += [*used, *route.why]
            whole = whole and share == 1
            sure = sure or not route.varies
        if not caught:
            return None
        if not sure:
            return Effect("variable", tuple(why))
        return Effect("certain" if whole and not missed else "partly", tuple(why))

    def _share(self, place: str, route: Route) -> tuple[float, list[str]]:
        """Return what share of a route runs through a place, and the claims that tell so."""
        if place in self.anatomy.kind("mmn:Nerve"):
            return float(place == route.nerve or place in self.sources(route.nerve)), []
        nerve = self._nerve_of(place)
        if not route.own and nerve == route.nerve:
            return 1.0, []
        if not route.places:
            return float(nerve in self.sources(route.nerve)), []
        used = [id_ for site, id_ in route.places if site == place or place in self.above(site)]
        return len(used) / len(route.places), used

    # --- Roots and plexus -------------------------------------------------------------------

    def _roots_of(self, target: str) -> tuple[dict[str, list[str]], set[str], set[str]]:
        """
        Return all roots of a target with their claims, the main and the minor ones.

        Where none are told of a muscle, those of its nerves stand for them, or of their stems.
        """
        found: dict[str, list[str]] = {}
        main: set[str] = set()
        minor: set[str] = set()
        tier = [target]
        if target in self.anatomy.kind("mmn:SkinTerritory"):
            tier = [route.nerve for route in self.routes(target)]
        seen: set[str] = set()
        while tier and not found:
            for item in tier:
                claims, more, less = self._told_roots(item)
                for root, ids in claims.items():
                    found.setdefault(root, []).extend(ids)
                main, minor = main | more, minor | less
            if tier == [target]:
                tier = [route.nerve for route in self.routes(target)]
            else:
                nerves = self.anatomy.kind("mmn:Nerve")
                seen |= set(tier)
                above = {x for item in tier for x in self.anatomy.parents(item) & nerves}
                tier = sorted(above - seen)
        return found, main, minor - main

    def _told_roots(self, target: str) -> tuple[dict[str, list[str]], set[str], set[str]]:
        spinal = self.anatomy.kind("mmn:SpinalNerveRoot")
        found: dict[str, list[str]] = {}
        main: set[str] = set()
        plain: set[str] = set()
        for claim in self.anatomy.of("hasRootSupply", subject=target):
            if claim.present and claim.object in spinal:
                found.setdefault(claim.object, []).append(claim.id)
                if claim.scope == _MAIN:
                    main.add(claim.object)
                elif claim.scope != _MINOR:
                    plain.add(claim.object)
        return found, main or plain, set(found) - main - plain

    def _by_root(self, root: str, muscle: str) -> Effect | None:
        found, main, _ = self.roots(muscle)
        if root not in found:
            return None
        level = "rarely" if root not in main else "mostly" if len(main) == 1 else "partly"
        return Effect(level, tuple(found[root]))

    def _by_plexus(self, part: str, target: str) -> Effect | None:
        routes = [r for r in self.routes(target) if part in self.sources(r.nerve)]
        if not routes:
            return None
        inside = self.anatomy.roots_of(part)
        found, main, minor = self.roots(target)
        here = inside & set(found)
        missed = [r for r in self.routes(target) if r not in routes and not r.varies]
        if not found or main <= inside:
            level = "partly" if missed or not found else "certain"
        elif main & inside:
            level = "partly"
        elif here - minor:
            level = "rarely"
        else:
            return None
        ids = [id_ for root in sorted(here) for id_ in found[root]]
        return Effect(level, (*ids, *(id_ for route in routes for id_ in route.why)))
