"""Ask a SPARQL endpoint over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Final

from mmn_kg import errors
from mmn_kg.answers import Answer

_MAX_BYTES: Final = 64 * 1024 * 1024
_SECONDS: Final = 60.0


def select(url: str, query: str) -> Answer:
    """
    Send a SELECT to an endpoint.

    Args:
        url: The endpoint's address, http or https.
        query: The SPARQL text.

    Raises:
        InputError: The address is none, the endpoint does not answer, or refuses the query.
    """
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise errors.InputError(f"{url}: is no http or https address")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url,
        data=urllib.parse.urlencode({"query": query}).encode(),
        headers={
            "Accept": "application/sparql-results+json",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            body = response.read(_MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        told = error.read(300).decode("utf-8", "replace").strip().replace("\n", " ")
        raise errors.InputError(f"{url}: answered {error.code}: {told}") from error
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise errors.InputError(f"{url}: does not answer: {reason}") from error
    if len(body) > _MAX_BYTES:
        raise errors.InputError(f"{url}: answered more than {_MAX_BYTES >> 20} MiB: add a LIMIT")
    try:
        return Answer.from_json(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise errors.InputError(f"{url}: did not answer with SPARQL results in JSON") from error
