"""
The words of our profile of the phenopacket: sides, values, units, quantities.

See docs/cases.md. The limits are those of what a number of the kind can be, to catch slips of the
pen; what is normal is told by a reference range of the packet or by a threshold of the graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Right, left, one of them, both, or untold.
Side = Literal["R", "L", "one", "both", ""]
Status = Literal["present", "excluded", "not assessed", "not assessable"]

#: Modifiers of HPO that tell the side.
SIDES: Final[dict[str, Side]] = {
    "HP:0012834": "R",
    "HP:0012835": "L",
    "HP:0012833": "one",
    "HP:0012832": "both",
}
#: Words for the side in the description of a measurement.
SIDE_WORDS: Final[dict[str, Side]] = {"right": "R", "left": "L", "both": "both"}
#: Modifiers of HPO that tell the severity: borderline, mild, moderate, severe, profound.
SEVERITIES: Final = frozenset(
    {"HP:0012827", "HP:0012825", "HP:0012826", "HP:0012828", "HP:0012829"}
)
#: Ordinal values: ours and the one in the documentation of the schema, else by their label.
STATUS_IDS: Final[dict[str, Status]] = {
    "mmn:present": "present",
    "NCIT:C25626": "present",
    "mmn:absent": "excluded",
    "mmn:NotAssessed": "not assessed",
    "mmn:NotAssessable": "not assessable",
}
STATUS_LABELS: Final[dict[str, Status]] = {
    "present": "present",
    "positive": "present",
    "detected": "present",
    "absent": "excluded",
    "negative": "excluded",
    "not detected": "excluded",
    "not assessed": "not assessed",
    "not tested": "not assessed",
    "not assessable": "not assessable",
    "indeterminate": "not assessable",
}
#: Unit as given → the unit of the graph and how many of it one is.
UNITS: Final[dict[str, tuple[str, float]]] = {
    "mmn:Percent": ("mmn:Percent", 1),
    "UCUM:%": ("mmn:Percent", 1),
    "UO:0000187": ("mmn:Percent", 1),
    "mmn:Millivolt": ("mmn:Millivolt", 1),
    "UCUM:mV": ("mmn:Millivolt", 1),
    "UCUM:uV": ("mmn:Millivolt", 0.001),
    "mmn:Millisecond": ("mmn:Millisecond", 1),
    "UCUM:ms": ("mmn:Millisecond", 1),
    "UCUM:s": ("mmn:Millisecond", 1000),
    "mmn:MetrePerSecond": ("mmn:MetrePerSecond", 1),
    "UCUM:m/s": ("mmn:MetrePerSecond", 1),
    "mmn:MrcGrade": ("mmn:MrcGrade", 1),
    "mmn:GramPerLitre": ("mmn:GramPerLitre", 1),
    "UCUM:g/L": ("mmn:GramPerLitre", 1),
    "UCUM:mg/dL": ("mmn:GramPerLitre", 0.01),
    "mmn:MilligramPerLitre": ("mmn:MilligramPerLitre", 1),
    "UCUM:mg/L": ("mmn:MilligramPerLitre", 1),
    "mmn:PicogramPerMillilitre": ("mmn:PicogramPerMillilitre", 1),
    "UCUM:pg/mL": ("mmn:PicogramPerMillilitre", 1),
    "UCUM:ng/L": ("mmn:PicogramPerMillilitre", 1),
    "mmn:UnitPerLitre": ("mmn:UnitPerLitre", 1),
    "UCUM:U/L": ("mmn:UnitPerLitre", 1),
}
#: The assay of a grade of strength, and what its number may be.
STRENGTH: Final = "mmn:MuscleStrength"
GRADES: Final = (0.0, 5.0)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of nerve conduction: its unit, and the least and the most that is believed."""

    unit: str
    least: float
    most: float


#: Assay → what its number means.
CONDUCTION: Final[dict[str, Quantity]] = {
    "mmn:CmapAreaReduction": Quantity("mmn:Percent", 0, 100),
    "mmn:CmapAmplitudeReduction": Quantity("mmn:Percent", 0, 100),
    "mmn:CmapDurationChange": Quantity("mmn:Percent", -100, 1000),
    "mmn:DistalCmapAmplitude": Quantity("mmn:Millivolt", 0, 100),
    "mmn:DistalCmapDuration": Quantity("mmn:Millisecond", 0, 200),
    "mmn:DistalMotorLatency": Quantity("mmn:Millisecond", 0, 100),
    "mmn:MotorConductionVelocity": Quantity("mmn:MetrePerSecond", 0, 150),
    "mmn:FWaveLatency": Quantity("mmn:Millisecond", 0, 300),
    "mmn:SnapAmplitude": Quantity("mmn:Millivolt", 0, 1),
    "mmn:SensoryConductionVelocity": Quantity("mmn:MetrePerSecond", 0, 150),
}
