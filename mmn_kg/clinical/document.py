"""
Read a JSON or YAML file that somebody gave us, as untrusted input.

YAML is read as JSON would be: plain numbers, ``true``, ``false`` and ``null`` have their meaning,
everything else is text. Tags are refused, aliases are counted, keys stand once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, NoReturn

from mmn_kg import errors, incoming

#: The largest file that is read, in bytes.
MAX_BYTES: Final = 5 * 1024 * 1024
#: The deepest nesting and the most values, with every alias of YAML written out.
MAX_DEPTH: Final = 60
MAX_VALUES: Final = 500_000
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_WORDS: Final[dict[str, bool | None]] = {
    "null": None,
    "~": None,
    "": None,
    "true": True,
    "false": False,
}


def read_document(path: Path) -> object:
    """
    Read a file whose ending is .json, .yaml or .yml.

    Returns:
        Dictionaries, lists, texts, numbers, truth values and None.

    Raises:
        CaseSyntaxError: It is malformed; the message names line and column.
        InputError: There is no such file, it is a folder, empty, too large, not UTF-8, or of no
            known format.
    """
    suffix = path.suffix.lower()
    if suffix not in {".json", ".yaml", ".yml"}:
        raise errors.InputError(
            f"{path}: unknown format {suffix or '(no ending)'}: use .json .yaml .yml"
        )
    return parse_document(_text(path), where=str(path), yaml=suffix != ".json")


def parse_document(text: str, *, where: str, yaml: bool = False) -> object:
    """
    Parse JSON, or YAML, as `read_document` does.

    Args:
        text: The text of the document.
        where: What messages call it.
        yaml: Whether it is YAML.

    Example:
        >>> parse_document("a: [1, HP:0031189, no]", where="x", yaml=True)
        {'a': [1, 'HP:0031189', 'no']}
    """
    return _Yaml(text, where).document() if yaml else _json(text, where)


def _text(path: Path) -> str:
    data = incoming.read(path, most=MAX_BYTES, too_large="one case a file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise errors.InputError(f"{path}:{line}: is not UTF-8: save it as UTF-8") from error


def _json(text: str, where: str) -> object:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise errors.CaseSyntaxError(
                    f"{where}: the key {shown(name)} stands twice in one object: keep one"
                )
            found[name] = value
        return found

    def refuse(word: str) -> NoReturn:
        raise errors.CaseSyntaxError(f"{where}: {word} is no number of JSON: leave the value out")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise errors.CaseSyntaxError(
            f"{where}:{error.lineno}: malformed JSON at column {error.colno}: {error.msg}"
        ) from error
    except RecursionError:
        raise errors.CaseSyntaxError(f"{where}: is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise errors.CaseSyntaxError(
            f"{where}: a number is too long: leave the value out"
        ) from error


class _Yaml:
    """One YAML document, built from the parser's events, so that nothing is ever constructed."""

    def __init__(self, text: str, where: str) -> None:
        import yaml

        self._yaml = yaml
        self._where = where
        self._loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        #: Anchor → its value and how many values it holds.
        self._anchors: dict[str, tuple[object, int]] = {}

    def document(self) -> object:
        """Return the only document of the stream."""
        try:
            self._next()  # the stream
            if isinstance(self._next(), self._yaml.StreamEndEvent):
                return None  # comments at most
            value, _ = self._value(self._next(), 0)
            self._next()
            event = self._next()
            if isinstance(event, self._yaml.DocumentStartEvent):
                self._fail(event, "a second document begins: one case a file")
        except self._yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f":{mark.line + 1}" if mark else ""
            column = f" at column {mark.column + 1}" if mark else ""
            raise errors.CaseSyntaxError(
                f"{self._where}{place}: malformed YAML{column}: {error.problem or error.context}"
            ) from error
        except self._yaml.YAMLError as error:
            line = " ".join(str(error).split())
            raise errors.CaseSyntaxError(f"{self._where}: malformed YAML: {line}") from error
        return value

    def _next(self) -> Any:
        return self._loader.get_event()

    def _fail(self, event: Any, what: str) -> NoReturn:
        mark = event.start_mark
        raise errors.CaseSyntaxError(
            f"{self._where}:{mark.line + 1}: malformed YAML at column {mark.column + 1}: {what}"
        )

    def _value(self, event: Any, depth: int) -> tuple[object, int]:
        """Return the value that an event begins, and how many values it holds."""
        if depth > MAX_DEPTH:
            self._fail(event, "it is nested too deeply")
        if isinstance(event, self._yaml.AliasEvent):
            if event.anchor not in self._anchors:
                self._fail(event, f"the alias *{event.anchor} points to nothing complete")
            return self._anchors[event.anchor]
        if getattr(event, "tag", None) is not None:
            self._fail(event, f"the tag {event.tag} is not read: leave it out")
        held: tuple[object, int]
        if isinstance(event, self._yaml.MappingStartEvent):
            held = self._mapping(depth)
        elif isinstance(event, self._yaml.SequenceStartEvent):
            held = self._sequence(depth)
        elif isinstance(event, self._yaml.ScalarEvent):
            held = self._scalar(event), 1
        else:
            self._fail(event, "there is no value")
        if held[1] > MAX_VALUES:
            self._fail(event, f"with its aliases written out it has more than {MAX_VALUES} values")
        if event.anchor:
            self._anchors[event.anchor] = held
        return held

    def _mapping(self, depth: int) -> tuple[dict[str, object], int]:
        found: dict[str, object] = {}
        size = 1
        while not isinstance(event := self._next(), self._yaml.MappingEndEvent):
            key, _ = self._value(event, depth + 1)
            if not isinstance(event, self._yaml.ScalarEvent):
                self._fail(event, "a key is a plain word")
            name = key if isinstance(key, str) else event.value
            if name in found:
                self._fail(event, f"the key {shown(name)} stands twice in one object: keep one")
            found[name], held = self._value(self._next(), depth + 1)
            size = min(size + held, MAX_VALUES + 1)
        return found, size

    def _sequence(self, depth: int) -> tuple[list[object], int]:
        found: list[object] = []
        size = 1
        while not isinstance(event := self._next(), self._yaml.SequenceEndEvent):
            value, held = self._value(event, depth + 1)
            found.append(value)
            size = min(size + held, MAX_VALUES + 1)
        return found, size

    def _scalar(self, event: Any) -> object:
        """Read a plain scalar as JSON would; a quoted one is text."""
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.fullmatch(text):
            if len(text) > 400:
                self._fail(event, "a number is too long")
            return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
        return text


def shown(value: object) -> str:
    """
    Return a value for a message: quoted, on one line, not long.

    >>> shown("a" * 90)[-4:]
    "aa…'"
    """
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
