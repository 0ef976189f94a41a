"""How wide a text is, so that boxes fit their labels before any browser draws them."""

from __future__ import annotations

import textwrap
from typing import Final

#: Widths in thousandths of the type size, after the metrics of Helvetica and its equals.
_WIDTHS: Final[dict[str, int]] = {
    char: width
    for chars, width in (
        ("ijl'|", 222),
        ("ft I,.:;!/[]\\", 278),
        ('r()-`"', 340),
        ("ckvxyzsJ*", 500),
        ("L", 556),
        ("FTZ", 611),
        ("ABEKPSVXY&", 667),
        ("CDHNRUw", 722),
        ("GOQ", 778),
        ("mM", 833),
        ("%", 889),
        ("W@", 960),
    )
    for char in chars
}
_OTHER: Final = 580


def width(text: str, size: float) -> float:
    """
    Return the width of a text at a type size, in the same unit.

    >>> width("ill", 1000) < width("mow", 1000)
    True
    """
    return sum(_WIDTHS.get(char, _OTHER) for char in text) * size / 1000


def wrap(text: str, columns: int, *, lines: int = 3) -> list[str]:
    """
    Break a label into few lines of like length; what does not fit ends with an ellipsis.

    >>> wrap("nodal and paranodal disruption", 18)
    ['nodal and', 'paranodal', 'disruption']
    >>> wrap("nodal and paranodal disruption", 20)
    ['nodal and paranodal', 'disruption']
    """
    found = textwrap.wrap(text, columns, max_lines=lines, placeholder=" …") or [text[:columns]]
    narrower = columns
    while narrower > 6:  # the narrowest measure that needs no more lines
        tighter = textwrap.wrap(text, narrower - 1, break_long_words=False)
        if len(tighter) != len(found) or max(map(len, tighter)) > narrower - 1:
            break
        found, narrower = tighter, narrower - 1
    return found
