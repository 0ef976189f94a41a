"""Ages in years, from the time elements of a phenopacket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mmn_kg import errors
from mmn_kg.clinical.document import shown

#: The oldest age that is believed, in years.
MAX_AGE: Final = 130.0
#: Days of a year, of a month and of a week.
_YEAR, _MONTH, _WEEK = 365.25, 365.25 / 12, 7.0
_PART: Final = r"(?:(\d+(?:\.\d+)?){})?"
_DURATION: Final = re.compile(
    "P"
    + "".join(_PART.format(letter) for letter in "YMWD")
    + f"(?:T{''.join(_PART.format(letter) for letter in 'HMS')})?"
)
_DAYS: Final = (_YEAR, _MONTH, _WEEK, 1.0, 1 / 24, 1 / 1440, 1 / 86400)


def years(element: Mapping[str, Any], *, birth: str, place: str) -> float | None:
    """
    Return the age that a time element tells, in years.

    An age range counts as its middle; a time before birth as 0; a date needs the date of birth.

    Args:
        element: A checked ``TimeElement``.
        birth: The date of birth as a timestamp, or "".
        place: Where it stands, for messages.

    Returns:
        Years, or None where the element tells no number.

    Raises:
        CaseError: A duration is malformed or older than 130 years; a range runs backwards; a date
            lies before the birth.

    Example:
        >>> years({"age": {"iso8601duration": "P45Y6M"}}, birth="", place="x")
        45.5
        >>> years({"ontologyClass": {"id": "HP:0003581"}}, birth="", place="x") is None
        True
    """
    if "age" in element:
        return _age(element["age"], f"{place}.age")
    if "ageRange" in element:
        return _middle(
            [
                _age(element["ageRange"].get(end, {}), f"{place}.ageRange.{end}")
                for end in ("start", "end")
            ],
            place,
        )
    if "gestationalAge" in element:
        return 0.0
    if birth and "timestamp" in element:
        return _since(birth, element["timestamp"], place)
    if birth and {"start", "end"} <= element.get("interval", {}).keys():
        ends = [_since(birth, element["interval"][end], place) for end in ("start", "end")]
        return _middle(ends, place)
    return None


def _age(age: Mapping[str, str], place: str) -> float:
    text = age.get("iso8601duration", "")
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise errors.CaseError(f"{place}: {shown(text)} is no age: write P45Y or P45Y6M")
    days = sum(
        float(part or 0) * length for part, length in zip(match.groups(), _DAYS, strict=True)
    )
    if days > MAX_AGE * _YEAR:
        raise errors.CaseError(f"{place}: {shown(text)} is more than {MAX_AGE:g} years")
    return round(days / _YEAR, 4)


def _since(birth: str, moment: str, place: str) -> float:
    import datetime

    born, then = (datetime.date.fromisoformat(text[:10]) for text in (birth, moment))
    if then < born:
        raise errors.CaseError(f"{place}: {moment[:10]} lies before the birth on {birth[:10]}")
    return round((then - born).days / _YEAR, 4)


def _middle(ends: list[float], place: str) -> float:
    if ends[0] > ends[1]:
        raise errors.CaseError(f"{place}: its start comes after its end")
    return sum(ends) / 2
