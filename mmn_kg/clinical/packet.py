"""
The structure of a GA4GH Phenopacket, version 2: which field holds what, checked strictly.

A test compares the checks with the parser of the package ``phenopackets``. That package is not used
here: importing it takes far longer than reading a case does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from mmn_kg import errors
from mmn_kg.clinical.document import shown
from mmn_kg.clinical.messages import MESSAGES, ONE_OF, SEXES

#: Most entries of one list.
MAX_ENTRIES: Final = 10_000
#: Fields that only version 1 of the schema has.
_OLD: Final = {
    "genes",
    "variants",
    "htsFiles",
    "negated",
    "ageAtCollection",
    "ageOfOnset",
    "classOfOnset",
    "timeOfOnset",
    "periodOfOnset",
}
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})"
)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")

Packet = dict[str, Any]


def check_packet(document: object, *, where: str) -> Packet:
    """
    Check a document against the schema, and bring it into one form.

    Args:
        document: What `mmn_kg.clinical.document` read.
        where: What messages call it.

    Returns:
        The packet with the field names of JSON (``phenotypicFeatures``), numbers as floats,
        enumerations as names; fields without a value are left out.

    Raises:
        CaseError: It is no phenopacket, or of another version; an unknown field, a value of the
            wrong type, too many entries.

    Example:
        >>> check_packet({"phenotypic_features": [{"type": {"id": "HP:1"}}]}, where="x")
        {'phenotypicFeatures': [{'type': {'id': 'HP:1'}}]}
    """
    if not isinstance(document, dict):
        raise errors.CaseError(f"{where}: is no phenopacket: it must be an object with fields")
    names = {_camel(name) for name in document}
    if "proband" in names:
        raise errors.CaseError(f"{where}: is a Family: give the phenopacket of its proband alone")
    if "members" in names:
        raise errors.CaseError(f"{where}: is a Cohort: give its phenopackets one by one")
    if not names & MESSAGES["Phenopacket"].keys():
        raise errors.CaseError(
            f"{where}: is no phenopacket: it has none of the fields id, subject, "
            "phenotypicFeatures, measurements"
        )
    _check_version(document, where)
    packet: Packet = _Checker(where).message(document, "Phenopacket", "")
    return packet


def _check_version(document: Mapping[str, object], where: str) -> None:
    meta = document.get("metaData", document.get("meta_data"))
    if not isinstance(meta, dict):
        return
    version = meta.get("phenopacketSchemaVersion", meta.get("phenopacket_schema_version"))
    if not isinstance(version, str) or not version:
        return  # the checker tells a wrong type; where none is told, the fields decide
    told = version.strip().removeprefix("v")
    if told != "2" and not told.startswith("2."):
        raise errors.CaseError(
            f"{where}: is of phenopacket schema {shown(version)}: convert it to version 2"
        )


class _Checker:
    def __init__(self, where: str) -> None:
        self._where = where

    def _fail(self, place: str, what: str) -> NoReturn:
        raise errors.CaseError(f"{self._where}: {place}{': ' if place else ''}{what}")

    def message(self, value: object, kind: str, place: str) -> Packet:
        if not isinstance(value, dict):
            self._fail(place, f"must be an object with fields, not {shown(value)}")
        known = MESSAGES[kind]
        found: Packet = {}
        for name, content in value.items():
            field = _camel(name)
            word = name if str(name).isidentifier() else shown(name)
            here = f"{place}.{word}" if place else str(word)
            if field not in known:
                self._fail(here, _unknown(field, kind))
            if field in found:
                self._fail(here, "stands twice: keep one")
            if content is not None:
                found[field] = self._field(content, known[field], here)
        if len(given := ONE_OF.get(kind, set()) & found.keys()) > 1:
            self._fail(place, f"has {' and '.join(sorted(given))}: only one of them may stand")
        return found

    def _field(self, value: object, kind: str, place: str) -> Any:
        if not kind.startswith("["):
            return self._single(value, kind, place)
        if not isinstance(value, list):
            self._fail(place, f"must be a list, not {shown(value)}")
        if len(value) > MAX_ENTRIES:
            self._fail(place, f"has {len(value)} entries: at most {MAX_ENTRIES} are read")
        return [
            self._single(item, kind[1:-1], f"{place}[{index}]") for index, item in enumerate(value)
        ]

    def _single(self, value: object, kind: str, place: str) -> Any:
        if kind in MESSAGES:
            return self.message(value, kind, place)
        return _SINGLE[kind](self, value, place)

    def _unread(self, value: object, _place: str) -> object:
        return value

    def _string(self, value: object, place: str) -> str:
        if not isinstance(value, str):
            self._fail(place, f"must be a text, not {shown(value)}: put it in quotes")
        if _HALF.search(value):
            self._fail(place, "holds half a character (\\ud800 to \\udfff): write the whole of it")
        return value

    def _bool(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            self._fail(place, f"must be true or false, not {shown(value)}")
        return value

    def _double(self, value: object, place: str) -> float:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._fail(place, f"must be a number, not {shown(value)}")
        if not abs(value) < 1e300:
            self._fail(place, "is no finite number")
        return float(value)

    def _int(self, value: object, place: str) -> int:
        number = self._double(value, place)
        if number != int(number) or abs(number) >= 2**31:
            self._fail(place, f"must be a whole number, not {shown(value)}")
        return int(number)

    def _timestamp(self, value: object, place: str) -> str:
        if not (isinstance(value, str) and _TIMESTAMP.fullmatch(value) and _is_date(value)):
            self._fail(place, f"must be a time such as 2026-11-24T00:00:00Z, not {shown(value)}")
        return value

    def _sex(self, value: object, place: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(SEXES):
            return SEXES[value]
        if value not in SEXES:
            self._fail(place, f"must be one of {', '.join(SEXES)}, not {shown(value)}")
        return str(value)


_SINGLE: Final[dict[str, Any]] = {
    "unread": _Checker._unread,
    "string": _Checker._string,
    "bool": _Checker._bool,
    "double": _Checker._double,
    "int": _Checker._int,
    "Timestamp": _Checker._timestamp,
    "Sex": _Checker._sex,
}


def _is_date(text: str) -> bool:
    """Tell whether the calendar has the day and the clock the hour."""
    import datetime

    try:
        datetime.datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _camel(name: object) -> str:
    """Return the JSON name of a field, which files may also spell as the schema does."""
    head, *rest = str(name).split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _unknown(field: str, kind: str) -> str:
    if field in _OLD:
        return "is a field of phenopacket schema 1: convert the file to version 2"
    import difflib

    near = difflib.get_close_matches(field, MESSAGES[kind], n=1)
    hint = f"did you mean {near[0]}?" if near else f"{kind} has {', '.join(MESSAGES[kind])}"
    return f"is no field of a {kind}: {hint}"
