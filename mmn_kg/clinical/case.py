"""
One patient's findings, as a GA4GH Phenopacket version 2 tells them.

    case = read_case("case.json")    # or case.yaml
    check_consistency(case, Hierarchy.shipped())

A finding is present, excluded, not assessed or not assessable. Nothing follows from silence. A
diagnosis in the packet is never read as a finding; only its onset is. See docs/cases.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmn_kg import errors
from mmn_kg.clinical.document import read_document
from mmn_kg.clinical.findings import Case, Conduction, Laboratory, Observation, Strength
from mmn_kg.clinical.identifiers import normalise
from mmn_kg.clinical.measurements import read_measurements
from mmn_kg.clinical.packet import Packet, check_packet
from mmn_kg.clinical.profile import SEVERITIES, SIDES, Side
from mmn_kg.clinical.times import years

__all__ = [
    "Case",
    "Conduction",
    "Laboratory",
    "Observation",
    "Strength",
    "build_case",
    "read_case",
]


def read_case(path: str | Path) -> Case:
    """
    Read one case from a phenopacket in JSON or YAML.

    Args:
        path: A file whose ending is .json, .yaml or .yml.

    Raises:
        CaseSyntaxError: The file is malformed.
        CaseError: It is no phenopacket of version 2, breaks the profile, or says nothing.
        InputError: The file cannot be read.
    """
    path = Path(path)
    return build_case(read_document(path), where=str(path), name=path.stem)


def build_case(document: object, *, where: str = "case", name: str = "case") -> Case:
    """
    Build a case from a phenopacket that was parsed elsewhere.

    Args:
        document: The packet as dictionaries, such as ``MessageToDict`` of protobuf gives.
        where: What messages call it.
        name: The id of the case where the packet has none.

    Raises:
        CaseError: It is no phenopacket of version 2, breaks the profile, or says nothing.

    Example:
        >>> case = build_case({"phenotypicFeatures": [{"type": {"id": "HP:0031189"}}]})
        >>> [(found.given, found.status) for found in case.observations]
        [('HP:0031189', 'present')]
    """
    return _Reader(check_packet(document, where=where), where).case(name)


class _Reader:
    """Reads one checked packet."""

    def __init__(self, packet: Packet, where: str) -> None:
        self._packet = packet
        self._where = where
        self._subject: Packet = packet.get("subject", {})
        self._birth: str = self._subject.get("dateOfBirth", "")
        self._declared = [
            resource["namespacePrefix"]
            for resource in packet.get("metaData", {}).get("resources", ())
            if resource.get("namespacePrefix")
        ]
        self._observations: list[Observation] = []
        self._ignored: list[tuple[str, str]] = []
        #: Onsets of features that are told as a term.
        self._onsets: dict[str, Observation] = {}

    def case(self, name: str) -> Case:
        packet = self._packet
        if not packet.get("phenotypicFeatures") and not packet.get("measurements"):
            raise errors.CaseError(
                f"{self._where}: says nothing: give phenotypicFeatures or measurements"
            )
        for index, feature in enumerate(packet.get("phenotypicFeatures", ())):
            self._feature(feature, f"{self._where}: phenotypicFeatures[{index}]")
        measured = read_measurements(packet, where=self._where, identify=self._identify)
        features = [found.onset for found in self._observations if found.status == "present"]
        onset = self._onset(features)
        if onset is None and not any("onset" in disease for disease in packet.get("diseases", ())):
            self._observations += self._onsets.values()
        for part in ("interpretations", "biosamples", "medicalActions", "files"):
            if packet.get(part):
                self._ignored.append((part, "is not read as a finding"))
        age = self._years(self._subject, "timeAtLastEncounter", f"{self._where}: subject")
        if age is not None and onset is not None and onset > age:
            raise errors.CaseError(
                f"{self._where}: the onset at {onset:g} years comes after the age of {age:g}"
            )
        return Case(
            id=packet.get("id") or name,
            sex={"MALE": "male", "FEMALE": "female"}.get(self._subject.get("sex", ""), ""),  # type: ignore[arg-type]
            age=age,
            onset=onset,
            observations=(*self._observations, *measured.observations),
            strengths=tuple(measured.strengths),
            conductions=tuple(measured.conductions),
            laboratory=tuple(measured.laboratory),
            ignored=(*self._ignored, *measured.ignored),
        )

    def _identify(self, holder: Packet, place: str) -> tuple[str, str]:
        """Return the identifier, in our spelling, and the label of an ontology class."""
        found = normalise(holder.get("id", ""), place=place, declared=self._declared)
        return found, holder.get("label", "")

    def _years(self, holder: Packet, field: str, place: str) -> float | None:
        if field not in holder:
            return None
        return years(holder[field], birth=self._birth, place=f"{place}.{field}")

    def _feature(self, feature: Packet, place: str) -> None:
        given, label = self._identify(feature.get("type", {}), f"{place}.type")
        sides: set[Side] = set()
        severity = ""
        if "severity" in feature:
            severity, _ = self._identify(feature["severity"], f"{place}.severity")
        for index, modifier in enumerate(feature.get("modifiers", ())):
            term, _ = self._identify(modifier, f"{place}.modifiers[{index}]")
            if term in SIDES:
                sides.add(SIDES[term])
            elif term in SEVERITIES and severity in {"", term}:
                severity = term
            elif term in SEVERITIES:
                raise errors.CaseError(f"{place}: has two severities, {severity} and {term}")
            else:
                self._ignored.append(
                    (term, f"modifies {given}: only the side and the severity are read")
                )
        onset = self._years(feature, "onset", place)
        told = feature.get("onset", {}).get("ontologyClass")
        if told is not None:
            class_id, name = self._identify(told, f"{place}.onset.ontologyClass")
            onset_term = Observation(class_id, name, "present", "", "", None)
            self._onsets.setdefault(class_id, onset_term)
        elif "onset" in feature and onset is None:
            self._ignored.append((given, "its onset is no age, nor a date after a date of birth"))
        if "resolution" in feature:
            self._ignored.append((given, "that it went away is not read: it counts as told"))
        self._observations.append(
            Observation(
                given=given,
                label=label,
                status="excluded" if feature.get("excluded") else "present",
                side=_side(sides),
                severity=severity,
                onset=onset,
            )
        )

    def _onset(self, features: list[float | None]) -> float | None:
        """Return the age at onset; an onset told as a term becomes a finding."""
        told: list[float | None] = []
        for index, disease in enumerate(self._packet.get("diseases", ())):
            term: dict[str, Any] = disease.get("term", {})
            self._ignored.append(
                (term.get("id", "diseases"), "a diagnosis is no finding: only its onset is read")
            )
            if disease.get("excluded") or "onset" not in disease:
                continue
            place = f"{self._where}: diseases[{index}]"
            if "ontologyClass" in disease["onset"]:
                given, label = self._identify(
                    disease["onset"]["ontologyClass"], f"{place}.onset.ontologyClass"
                )
                self._observations.append(Observation(given, label, "present", "", "", None))
            told.append(self._years(disease, "onset", place))
        ages = [age for age in told if age is not None] or [
            age for age in features if age is not None
        ]
        return min(ages, default=None)


def _side(told: set[Side]) -> Side:
    """Return the side that all modifiers of a finding tell together."""
    exact = told - {"one"}
    if len(exact) > 1:
        return "both"
    return next(iter(exact or told), "")
