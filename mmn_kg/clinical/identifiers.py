"""Bring the identifiers of a case into one spelling: CURIEs such as ``HP:0031189``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mmn_kg import errors, terms
from mmn_kg.clinical.document import shown

#: Prefixes that phenopackets use beside those of the graph; others must be declared in metaData.
_FOREIGN: Final = (
    *("CMO", "EFO", "GENO", "ICD10", "LOINC", "MP", "NCBITaxon", "OMIM", "PATO"),
    *("PMID", "SNOMED", "SNOMEDCT", "UCUM", "UMLS", "UO"),
)
_KNOWN: Final = {name.lower(): name for name in (*terms.PREFIXES, *_FOREIGN)} | {
    "orphanet": "ORPHA",
    "ordo": "ORPHA",
}
_OBO: Final = re.compile(r"https?://purl\.obolibrary\.org/obo/([A-Za-z]+)_(\w+)")
_UNDERSCORE: Final = re.compile(r"([A-Za-z]+)_(\d+)")
_CURIE: Final = re.compile(r"([A-Za-z][A-Za-z0-9._-]*):(\S+)")


def normalise(text: str, *, place: str, declared: Iterable[str] = ()) -> str:
    """
    Return an identifier as a CURIE, its prefix in the spelling of the graph.

    Args:
        text: A CURIE, in any case of the prefix; ``HP_0031189``; or an IRI.
        place: Where it stands, for messages.
        declared: Further prefixes that the packet declares.

    Raises:
        CaseError: It is no identifier, its prefix is unknown, or an HPO id has not seven digits.

    Example:
        >>> normalise("http://purl.obolibrary.org/obo/HP_0031189", place="x")
        'HP:0031189'
        >>> normalise("orphanet:641", place="x"), normalise("hp_0031189", place="x")
        ('ORPHA:641', 'HP:0031189')
    """
    given = text.strip()
    if not given:
        raise errors.CaseError(f"{place}: has no id: give one such as HP:0031189")
    short = terms.shorten(given.replace("https://purl.", "http://purl.", 1))
    match = (
        _OBO.fullmatch(given) or _UNDERSCORE.fullmatch(given) or _CURIE.fullmatch(short or given)
    )
    if match is None or match[2].startswith("//"):
        raise errors.CaseError(
            f"{place}: {shown(given)} is no identifier: give one such as HP:0031189"
        )
    known = {name.lower(): name for name in declared} | _KNOWN
    prefix = known.get(match[1].lower())
    if prefix is None:
        raise errors.CaseError(f"{place}: {_unknown(given, match[1], known)}")
    if prefix == "HP" and not re.fullmatch(r"[0-9]{7}", match[2]):
        raise errors.CaseError(f"{place}: {shown(given)} is no HPO id: HP: and seven digits")
    return f"{prefix}:{match[2]}"


def _unknown(given: str, prefix: str, known: dict[str, str]) -> str:
    import difflib

    near = [known[name] for name in difflib.get_close_matches(prefix.lower(), known, n=1)]
    hint = f"did you mean {near[0]}?" if near else "declare it in metaData.resources"
    return f"the prefix of {shown(given)} is unknown: {hint}"
