"""Which pattern of weakness the best explanations show, as a finding for a differential."""

from __future__ import annotations

from typing import Final

from mmn_kg.clinical.localise import Explanation, Localisation

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
_CLOSE: Final = 100
_WITHIN: Final = {"mmn:DiffuseSymmetricWeakness": "mmn:ProximalSymmetricWeakness"}


def pattern(localisation: Localisation) -> str | None:
    """
    Return the CURIE of the pattern on which the best explanations agree.

    Explanations that cost less than 1 more than the best one count as best here.

    Returns:
        One of `PATTERNS`; None where they do not agree, or where they leave something weak
        unexplained.
    """
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
    if explanation.unexplained:
        return None
    if not explanation.focal:
        id_ = explanation.lesions[0].id
        return _WITHIN.get(id_, id_)
    kinds = [placed.lesion.kind for placed in explanation.lesions]
    if len(explanation.nerves) >= 2:
        return "mmn:MultifocalWeakness"
    if explanation.nerves and set(kinds) <= {"nerve", "branch"}:
        return "mmn:SingleNerveWeakness"
    if kinds == ["root"]:
        return "mmn:SingleRootWeakness"
    if set(kinds) == {"root"}:
        return "mmn:SegmentalLimbWeakness"
    if set(kinds) == {"plexus"} and len({placed.side for placed in explanation.lesions}) == 1:
        return "mmn:PlexusWeakness"
    return None
