"""What is known of one patient: the classes that `mmn_kg.clinical.case` fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmn_kg.clinical.profile import Side, Status


@dataclass(frozen=True, slots=True)
class Observation:
    """
    A finding and whether it is there.

    Attributes:
        given: The term as a CURIE (``HP:0031189``, ``mmn:WristDrop``).
        label: Its label as given, or "".
        status: What was found; ``not assessed`` and ``not assessable`` say nothing either way.
        side: Where the packet tells one; "" is untold, or excluded anywhere.
        severity: A term such as ``HP:0012828`` (severe), or "".
        onset: Age at its onset in years.
    """

    given: str
    label: str
    status: Status
    side: Side
    severity: str
    onset: float | None


@dataclass(frozen=True, slots=True)
class Strength:
    """
    Strength of a muscle, of the muscles of a nerve, or of a movement.

    Attributes:
        term: The muscle, nerve or movement as a CURIE.
        label: Its label as given, or "".
        side: The side, or "".
        grade: MRC grade, 0 to 5; 4- is 3.67 and 4+ is 4.33.
    """

    term: str
    label: str
    side: Side
    grade: float


@dataclass(frozen=True, slots=True)
class Conduction:
    """
    One number of a nerve conduction study.

    Attributes:
        nerve: The nerve, or the site on it, as a CURIE.
        segment: The segment in words, or "".
        side: The side, or "".
        quantity: What was measured, such as ``mmn:CmapAreaReduction``.
        value: The number, in the unit.
        unit: A unit of the graph: that of the quantity; or ``mmn:PercentOfLowerLimit`` or
            ``mmn:PercentOfUpperLimit``, where the packet gives a reference range.
    """

    nerve: str
    segment: str
    side: Side
    quantity: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Laboratory:
    """
    One result of the laboratory.

    Attributes:
        test: The assay, or the finding that the result decides, as a CURIE.
        label: Its label as given, or "".
        value: The number, where there is one.
        unit: A unit of the graph where it has it, else as given; or, where the packet gives a
            reference range, ``mmn:PercentOfLowerLimit`` or ``mmn:PercentOfUpperLimit``.
        interpretation: What an ordinal result says; "" for a number.
    """

    test: str
    label: str
    value: float | None
    unit: str
    interpretation: Literal["present", "excluded", "not assessable", ""]


@dataclass(frozen=True, slots=True)
class Case:
    """
    All that is read of one packet.

    Attributes:
        id: The packet's id; where it has none, the name of the file.
        sex: Where the packet tells it.
        age: Age at the last encounter, in years.
        onset: Age at the onset of the disease, in years: the earliest onset of a disease in
            ``diseases`` that is not excluded; else the earliest onset of a finding present.
        observations: Findings with their status.
        strengths: Grades of strength.
        conductions: Numbers of nerve conduction.
        laboratory: Results of the laboratory.
        ignored: What was not read, and why.
    """

    id: str
    sex: Literal["male", "female", ""]
    age: float | None
    onset: float | None
    observations: tuple[Observation, ...]
    strengths: tuple[Strength, ...]
    conductions: tuple[Conduction, ...]
    laboratory: tuple[Laboratory, ...]
    ignored: tuple[tuple[str, str], ...]
