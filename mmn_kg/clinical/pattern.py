"""Which pattern of weakness the best explanations show, as a finding for a differential."""

from __future__ import annotations

from typing import Final

from mmn_kg.clinical.localisation import Explanation, Localisation

#: The nine patterns that ``ontology/assumptions/patterns.tsv`` gives a frequency for.
PATTERNS: Final = (
    "mmn:SingleNerveWeakness",
    "mmn:SingleRootWeakness",
    "mmn:PlexusWeakness",
    "mmn:MultifocalWeakness",
    "mmn:LengthDependentWeakness",
    "mmn:ProximalSymmetricWeakness",
    "mmn:GeneralisedAnteriorHornWeakness",
    "mmn:BulbarOcularWeakness",
    "mmn:SegmentalLimbWeakness",
)
#: Explanations that cost so little more than the best one are not ruled out.
_CLOSE: Final = 50
#: From so many findings on a pattern can be decided.
_ENOUGH: Final = 2
_WITHIN: Final = {"mmn:DiffuseSymmetricWeakness": "mmn:ProximalSymmetricWeakness"}


def pattern(localisation: Localisation) -> str | None:
    """
    Return the CURIE of the pattern on which the best explanations agree.

    Explanations that cost less than 0.5 more than the best one count as best here.

    Returns:
        One of `PATTERNS`; None where they do not agree, where they leave something weak
        unexplained, where one finding is all that was given, and where several lesions lie on a
        side that was not told: they may as well lie on both sides.
    """
    if len(localisation.findings) < _ENOUGH:
        return None
    best = localisation.explanations[0].cost
    found = {
        of_explanation(explanation)
        for explanation in localisation.explanations
        if explanation.cost < best + _CLOSE
    }
    return found.pop() if len(found) == 1 else None


def pattern_costs(localisation: Localisation) -> dict[str, float]:
    """Return for each pattern that is told what its cheapest explanation costs."""
    found: dict[str, float] = {}
    for explanation in localisation.explanations:
        name = of_explanation(explanation)
        if name is not None:
            found.setdefault(name, explanation.cost / 100)
    return found


def of_explanation(explanation: Explanation) -> str | None:
    """Return the pattern that one explanation shows, None where it shows none."""
    untold = len(explanation.lesions) > 1 and any(not p.side for p in explanation.lesions)
    if explanation.unexplained or untold:
        return None
    if not explanation.focal:
        id_ = explanation.lesions[0].id
        return _WITHIN.get(id_, id_)
    kinds = [placed.lesion.kind for placed in explanation.lesions]
    if explanation.nerves:
        several = len(explanation.nerves) > 1 or not set(kinds) <= {"nerve", "branch"}
        return "mmn:MultifocalWeakness" if several else "mmn:SingleNerveWeakness"
    if kinds == ["root"]:
        return "mmn:SingleRootWeakness"
    if set(kinds) == {"root"}:
        return "mmn:SegmentalLimbWeakness"
    if set(kinds) == {"plexus"} and len({placed.side for placed in explanation.lesions}) == 1:
        return "mmn:PlexusWeakness"
    return None
