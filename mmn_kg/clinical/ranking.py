"""The outcome of `rank`: places, contributions and next tests, as JSON and as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mmn_kg.clinical.table import Disease

NOTICE: Final = "This informs and teaches. It is not medical advice, and it is no diagnosis."


@dataclass(frozen=True, slots=True)
class Contribution:
    """
    What one finding of the case says of one disease.

    Attributes:
        finding: The finding as the case gives it.
        label: Its label.
        status: ``present`` or ``excluded``.
        log10_lr: Decimal logarithm of its likelihood in the disease over that in the others.
        low: Lower end of the 90% interval.
        high: Upper end of the 90% interval.
        matched: The finding of the table that it was read as.
        how: ``found``, ``bounded`` or ``kin``.
        weight: How much of it counted, from 0 (implied by another finding) to 1.
        implied_by: The finding that implies it, or "".
        assumed: Whether the share is an assumption, without a source for the figure itself.
        unknown: Whether the share is not known for the disease, so that the finding is neutral.
        evidence: The ids of evidence in the graph for the same disease and finding.
    """

    finding: str
    label: str
    status: str
    log10_lr: float
    low: float
    high: float
    matched: str
    how: str
    weight: float
    implied_by: str
    assumed: bool
    unknown: bool
    evidence: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "finding": self.finding,
            "label": self.label,
            "status": self.status,
            "log10_lr": _round(self.log10_lr),
            "low": _round(self.low),
            "high": _round(self.high),
            "matched": self.matched,
            "how": self.how,
            "weight": _round(self.weight),
            "implied_by": self.implied_by or None,
            "assumed": self.assumed,
            "unknown": self.unknown,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Place:
    """
    One disease in the ranking.

    Attributes:
        disease: The disease.
        rank: 1 for the first.
        posterior: Its probability among the diseases of the table, from 0 to 1.
        low: Lower end of the 90% interval that the uncertainty of the shares leaves.
        high: Upper end of it.
        probability_first: How probably it is the first, given that uncertainty.
        contributions: What each finding says of it, the strongest first.
    """

    disease: Disease
    rank: int
    posterior: float
    low: float
    high: float
    probability_first: float
    contributions: tuple[Contribution, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "disease": self.disease.id,
            "label": self.disease.label,
            "mondo": self.disease.mondo,
            "rank": self.rank,
            "posterior": _round(self.posterior),
            "low": _round(self.low),
            "high": _round(self.high),
            "probability_first": _round(self.probability_first),
            "contributions": [item.to_dict() for item in self.contributions],
        }


@dataclass(frozen=True, slots=True)
class NextTest:
    """
    A finding not yet assessed, and what it would tell.

    Attributes:
        finding: The finding.
        label: Its label.
        bits: Expected information about which disease it is, in bits.
        chance: The probability that it is found, given what is known.
        if_present: The posterior of the first and of the second disease, if it is found.
        if_absent: The same, if it is looked for and not found.
    """

    finding: str
    label: str
    bits: float
    chance: float
    if_present: tuple[float, float]
    if_absent: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "finding": self.finding,
            "label": self.label,
            "expected_information_bits": _round(self.bits),
            "chance": _round(self.chance),
            "if_present": [_round(p) for p in self.if_present],
            "if_absent": [_round(p) for p in self.if_absent],
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """
    The differential of one case.

    Attributes:
        case: The id of the case.
        prior: The prior that was used: ``uniform``, ``casemix`` or ``own``.
        places: The diseases, the most probable first.
        ignored: What was not used, each with its reason.
        next_tests: What to assess next, the most informative first.
    """

    case: str
    prior: str
    places: tuple[Place, ...]
    ignored: tuple[tuple[str, str], ...]
    next_tests: tuple[NextTest, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `mmn-kg rank --format json` prints."""
        return {
            "case": self.case,
            "prior": self.prior,
            "ranking": [place.to_dict() for place in self.places],
            "ignored": [{"finding": what, "reason": why} for what, why in self.ignored],
            "next_tests": [test.to_dict() for test in self.next_tests],
            "notice": NOTICE,
        }

    def to_text(self, *, top: int = 5) -> str:
        """
        Write the ranking for people.

        Args:
            top: How many diseases and next tests are told.
        """
        lines = [f"{_line(self.case)} (prior: {self.prior})", ""]
        lines += [
            f"{place.rank:>3}. {place.disease.label:<50} {place.posterior:6.1%}"
            f"  (90%: {place.low:.1%} to {place.high:.1%};"
            f" first with {place.probability_first:.0%})"
            for place in self.places[:top]
        ]
        for place in self.places[:2]:
            lines += ["", f"{place.disease.label}, finding by finding (log10 likelihood ratio):"]
            lines += [_contribution(item) for item in place.contributions if item.weight]
            left = [_line(item.label) for item in place.contributions if not item.weight]
            if left:
                lines.append(f"    implied by another finding: {', '.join(left)}")
        first, second = (place.disease.label for place in self.places[:2])
        lines += ["", f"What to assess next (bits; {first} and {second} after it):"]
        lines += [_next(test) for test in self.next_tests[:top]]
        if self.ignored:
            lines += ["", "Not used:", *(f"    {what}: {_line(why)}" for what, why in self.ignored)]
        return "\n".join([*lines, "", NOTICE])


def _contribution(item: Contribution) -> str:
    remark = [] if item.how == "found" else [f"{item.how} {item.matched}"]
    if item.unknown:
        remark.append("not known for this disease: neutral")
    elif item.assumed:
        remark.append("assumed")
    remark += item.evidence[:3]
    sign = "no " if item.status == "excluded" else ""
    return f"    {item.log10_lr:+.2f}  {sign}{_line(item.label)}  [{'; '.join(remark)}]"


def _next(test: NextTest) -> str:
    present, absent = (
        " and ".join(f"{p:.0%}" for p in pair) for pair in (test.if_present, test.if_absent)
    )
    return f"    {test.bits:.2f}  {test.label}: if found {present}; if not {absent}"


def _line(text: str) -> str:
    """Return a text of the case as part of a line: what moves the cursor becomes a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _round(value: float) -> float:
    return round(value, 4)
