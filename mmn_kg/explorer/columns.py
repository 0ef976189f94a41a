"""Pack rows into columns: what is rare, or the same in many rows, takes little room in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def pack(rows: Sequence[Row]) -> dict[str, Any]:
    """
    Return rows as ``{"rows": n, "columns": {name: column}}``; ``scripts/table.js`` unpacks them.

    A column holds its values as ``v``. Where rows lack the value, ``r`` holds the distances
    from each row that has it to the one before. Where values repeat, ``v`` holds each once, and
    ``d`` the place in ``v`` for each row. None counts as lacking.

    >>> pack([{"a": 1}, {"a": None, "b": "x"}, {"a": 1, "b": "x"}])["columns"]
    {'a': {'v': [1, 1], 'r': [0, 2]}, 'b': {'v': ['x', 'x'], 'r': [1, 1]}}
    """
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: _column([row.get(name) for row in rows]) for name in names}
    return {"rows": len(rows), "columns": {name: c for name, c in columns.items() if c["v"]}}


def _column(cells: Sequence[Any]) -> dict[str, Any]:
    present = [number for number, cell in enumerate(cells) if cell is not None]
    values = [cells[number] for number in present]
    column: dict[str, Any] = _shorter(values)
    if len(present) < len(cells):
        column["r"] = [
            number - before for number, before in zip(present, [0, *present], strict=False)
        ]
    return column


def _shorter(values: list[Any]) -> dict[str, Any]:
    """Return the values as they are or each once with places, whichever is the shorter."""
    places: dict[str, int] = {}
    where = [places.setdefault(json.dumps(value), len(places)) for value in values]
    coded = {"v": [json.loads(text) for text in places], "d": where}
    plain = {"v": values}
    return min(plain, coded, key=lambda form: len(json.dumps(form)))
