"""
The measurements of a case: strength, nerve conduction, laboratory, and what was not assessed.

A measurement has no field for the side. In those of strength and conduction it stands in
``description``, as parts with a name: ``side: right; segment: elbow to wrist; note: cold limb``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mmn_kg import errors
from mmn_kg.clinical import profile
from mmn_kg.clinical.document import shown
from mmn_kg.clinical.findings import Conduction, Laboratory, Observation, Strength
from mmn_kg.clinical.packet import Packet
from mmn_kg.clinical.profile import Side, Status

_Identify = Callable[[Packet, str], tuple[str, str]]


@dataclass(slots=True)
class Measured:
    """What the measurements of one packet tell."""

    observations: list[Observation] = field(default_factory=list)
    strengths: list[Strength] = field(default_factory=list)
    conductions: list[Conduction] = field(default_factory=list)
    laboratory: list[Laboratory] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)


def read_measurements(packet: Packet, *, where: str, identify: _Identify) -> Measured:
    """
    Read every measurement of a checked packet.

    Args:
        packet: The packet.
        where: What messages call it.
        identify: Gives the identifier and the label of an ontology class.

    Raises:
        CaseError: A grade, a unit, a number or a description breaks the profile.
    """
    measured = Measured()
    for index, entry in enumerate(packet.get("measurements", ())):
        place = f"{where}: measurements[{index}]"
        assay, label = identify(entry.get("assay", {}), f"{place}.assay")
        if "complexValue" in entry:
            measured.ignored.append((assay, "a compound value is not read"))
        elif not entry.get("value"):
            raise errors.CaseError(f"{place}: has no value: give a quantity or an ontologyClass")
        elif assay == profile.STRENGTH:
            _strength(measured, entry, place, identify)
        elif assay in profile.CONDUCTION:
            _conduction(measured, entry, assay, place, identify)
        else:
            _laboratory(measured, entry, (assay, label), place)
    return measured


def _strength(measured: Measured, entry: Packet, place: str, identify: _Identify) -> None:
    term, label = _site(entry, place, identify)
    side, segment = _told(entry, place)
    if segment:
        raise errors.CaseError(f"{place}: a strength has no segment: leave it out")
    if "ontologyClass" in entry["value"]:
        status = _unknown_status(entry, place)
        measured.observations.append(Observation(term, label, status, side, "", None))
        return
    least, most = profile.GRADES
    grade = _number(entry, "mmn:MrcGrade", place)
    if not least <= grade <= most:
        raise errors.CaseError(f"{place}: {grade:g} is no MRC grade: 0 to 5, 4- as 3.67")
    measured.strengths.append(Strength(term, label, side, grade))


def _conduction(
    measured: Measured, entry: Packet, assay: str, place: str, identify: _Identify
) -> None:
    nerve, label = _site(entry, place, identify)
    side, segment = _told(entry, place)
    if "ontologyClass" in entry["value"]:
        status = _unknown_status(entry, place)
        measured.observations.append(Observation(nerve, label, status, side, "", None))
        measured.ignored.append((assay, f"{status} on {nerve}"))
        return
    known = profile.CONDUCTION[assay]
    value = _number(entry, known.unit, place)
    if not known.least <= value <= known.most:
        raise errors.CaseError(
            f"{place}: {assay} of {value:g} cannot be: "
            f"{known.least:g} to {known.most:g} in {known.unit}"
        )
    for number, unit in [(value, known.unit), *_shares(entry, place)]:
        measured.conductions.append(Conduction(nerve, segment, side, assay, number, unit))


def _laboratory(measured: Measured, entry: Packet, assay: tuple[str, str], place: str) -> None:
    if "ontologyClass" in entry["value"]:
        status = _status(entry)
        if status in {"present", "excluded"}:
            measured.laboratory.append(Laboratory(*assay, None, "", status))
        elif status is not None:
            measured.observations.append(Observation(*assay, status, "", "", None))
        else:
            told = entry["value"]["ontologyClass"]
            word = shown(told.get("label") or told.get("id", ""))
            measured.ignored.append((assay[0], f"its value {word} is neither present nor absent"))
        return
    value, unit = _converted(entry, place)
    for number, name in [(value, unit), *_shares(entry, place)]:
        measured.laboratory.append(Laboratory(*assay, number, name, ""))


def _site(entry: Packet, place: str, identify: _Identify) -> tuple[str, str]:
    site = entry.get("procedure", {}).get("bodySite")
    if not site:
        raise errors.CaseError(
            f"{place}: names no muscle, nerve or movement: give it in procedure.bodySite"
        )
    return identify(site, f"{place}.procedure.bodySite")


def _told(entry: Packet, place: str) -> tuple[Side, str]:
    """Return the side and the segment of a description."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, entry.get("description", "").split(";"))):
        name, colon, text = (piece.strip() for piece in part.partition(":"))
        if not colon or name not in {"side", "segment", "note"} or name in found:
            raise errors.CaseError(
                f"{place}.description: {shown(part)} is not read: write "
                "'side: right; segment: elbow to wrist; note: free text', each once"
            )
        found[name] = text
    word = found.get("side", "")
    if word and word not in profile.SIDE_WORDS:
        raise errors.CaseError(
            f"{place}.description: the side {shown(word)} is unknown: right, left or both"
        )
    return profile.SIDE_WORDS.get(word, ""), found.get("segment", "")


def _status(entry: Packet) -> Status | None:
    told = entry["value"]["ontologyClass"]
    label = " ".join(told.get("label", "").lower().split())
    return profile.STATUS_IDS.get(told.get("id", "")) or profile.STATUS_LABELS.get(label)


def _unknown_status(entry: Packet, place: str) -> Status:
    status = _status(entry)
    if status not in {"not assessed", "not assessable"}:
        raise errors.CaseError(
            f"{place}.value: must be a quantity, or mmn:NotAssessed or mmn:NotAssessable"
        )
    return status


def _converted(entry: Packet, place: str) -> tuple[float, str]:
    """Return the number and its unit, in that of the graph where it has it."""
    quantity = entry["value"]["quantity"]
    if "value" not in quantity:
        raise errors.CaseError(f"{place}.value.quantity: has no value: give the number")
    given = quantity.get("unit", {}).get("id", "").strip()
    unit, factor = profile.UNITS.get(given, (given, 1.0))
    return _round(quantity["value"] * factor), unit


def _number(entry: Packet, wanted: str, place: str) -> float:
    value, unit = _converted(entry, place)
    if unit != wanted:
        fit = sorted(name for name, (known, _) in profile.UNITS.items() if known == wanted)
        raise errors.CaseError(
            f"{place}.value.quantity.unit: {shown(unit)} does not fit: use {' or '.join(fit)}"
        )
    return value


def _shares(entry: Packet, place: str) -> list[tuple[float, str]]:
    """Return the number as a percentage of each limit of its reference range."""
    quantity = entry["value"]["quantity"]
    limits = quantity.get("referenceRange", {})
    unit = limits.get("unit", quantity.get("unit", {})).get("id", "")
    if unit != quantity.get("unit", {}).get("id", ""):
        raise errors.CaseError(f"{place}: its reference range is in another unit than its value")
    if limits.get("low", 0.0) > limits.get("high", float("inf")):
        raise errors.CaseError(f"{place}: its reference range begins above its end")
    names = {"low": "mmn:PercentOfLowerLimit", "high": "mmn:PercentOfUpperLimit"}
    return [
        (_round(100 * quantity["value"] / limits[end]), names[end])
        for end in names
        if limits.get(end, 0.0) > 0
    ]


def _round(value: float) -> float:
    """Drop the noise of a conversion: nine significant digits are kept."""
    return float(f"{value:.9g}")
