"""Which muscles move what, and whose weakness a sign shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from mmn_kg.clinical.anatomy import Anatomy

_MAIN: Final = "mmn:MainMover"


class Movers:
    """
    The main and the accessory movers of each movement, and the ways to each sign.

    Args:
        anatomy: The anatomy.
        muscles: The muscles that count; others are as if they were not there.

    Attributes:
        main: Movement → its main movers; movements without one are left out.
        accessory: Movement → the muscles that help.
        shown: Sign → the movements whose weakness it shows directly; where there are none, the
            muscles.
    """

    def __init__(self, anatomy: Anatomy, muscles: Collection[str]) -> None:
        self._anatomy = anatomy
        self._muscles = muscles
        self.main = self._movers(main=True)
        self.accessory = self._movers(main=False)
        self.shown = self._shown(self.main)
        for sign, found in self._shown(muscles).items():
            self.shown.setdefault(sign, found)

    def _movers(self, *, main: bool) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for claim in self._anatomy.claims.get("performs", ()):
            if claim.present and (claim.scope == _MAIN) is main and claim.subject in self._muscles:
                found.setdefault(claim.object, set()).add(claim.subject)
        return {movement: sorted(movers) for movement, movers in sorted(found.items())}

    def _shown(self, subjects: Collection[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for claim in self._anatomy.claims.get("weaknessShowsAs", ()):
            if claim.present and claim.subject in subjects:
                found.setdefault(claim.object, set()).add(claim.subject)
        return found

    def ways(self, sign: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """Return the movements and muscles whose weakness a sign, or a kind of it, shows."""
        found = set(self.shown.get(sign, ()))
        for child in self._anatomy.linked("rdfs:subClassOf", sign):
            if child not in seen:
                found |= self.ways(child, seen | {sign})
        return found

    def leading(self, ways: Iterable[str]) -> set[str]:
        """Return the muscles among some ways, and the main movers of the movements."""
        return {mover for way in ways for mover in self.main.get(way, (way,))}

    def together(self, sign: str) -> bool:
        """Tell whether each main mover alone is denied to show a sign."""
        denied = {
            claim.subject
            for claim in self._anatomy.of("weaknessShowsAs", object_=sign)
            if not claim.present
        }
        movers = self.leading(self.shown.get(sign, ()))
        return len(movers) > 1 and movers <= denied

    def of_region(self, region: str) -> set[str]:
        """
        Return the muscles of a region: those that its signs show, and their main movers.

        A muscle that leads no movement counts by those that it helps.
        """
        ways = self.ways(region)
        leading = {mover for movers in self.main.values() for mover in movers}
        helpers = {m for way in ways for m in self.accessory.get(way, ()) if m not in leading}
        return self.leading(ways) | helpers
