"""Pack large data for the page: deflate, then base64, which the page undoes as a stream."""

from __future__ import annotations

import base64
import json
import zlib


def pack(data: bytes) -> str:
    """
    Return bytes as base64 of a zlib stream (``deflate`` in the browser's words).

    >>> zlib.decompress(base64.b64decode(pack(b"aaaa")))
    b'aaaa'
    """
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def pack_json(value: object) -> dict[str, str]:
    """
    Return a value as ``{"packed": …}``, its JSON packed; `mmn.inflateJson` reads it in the page.

    >>> zlib.decompress(base64.b64decode(pack_json(["a"])["packed"]))
    b'["a"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return {"packed": pack(text.encode("utf-8"))}
