"""
Every namespace and prefix of the project, and the way between CURIE and IRI.

No other module spells an IRI.
"""

from __future__ import annotations

import re
from typing import Final

#: The base of every term of our own; it holds no version.
BASE: Final = "https://w3id.org/mmn-kg/"

#: Prefix → namespace, for reading and writing CURIEs and for every Turtle file we write.
PREFIXES: Final[dict[str, str]] = {
    "BFO": "http://purl.obolibrary.org/obo/BFO_",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "CL": "http://purl.obolibrary.org/obo/CL_",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "FMA": "http://purl.org/sig/ont/fma/fma",
    "GO": "http://purl.obolibrary.org/obo/GO_",
    "HGNC": "http://identifiers.org/hgnc/",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "IAO": "http://purl.obolibrary.org/obo/IAO_",
    "ICD10CM": "http://purl.bioontology.org/ontology/ICD10CM/",
    "MAXO": "http://purl.obolibrary.org/obo/MAXO_",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "ORPHA": "http://www.orpha.net/ORDO/Orphanet_",
    "RO": "http://purl.obolibrary.org/obo/RO_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
    "UNII": "http://identifiers.org/unii/",
    "UniProt": "http://purl.uniprot.org/uniprot/",
    "assertion": f"{BASE}assertion/",
    "assumption": f"{BASE}assumption/",
    "conflict": f"{BASE}conflict/",
    "dcterms": "http://purl.org/dc/terms/",
    "derivation": f"{BASE}derivation/",
    "edge": f"{BASE}edge/",
    "evidence": f"{BASE}evidence/",
    "mmn": BASE,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "reference": f"{BASE}reference/",
    "sentence": f"{BASE}sentence/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "work": f"{BASE}work/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: The ontology's own IRI.
ONTOLOGY: Final = BASE.rstrip("/")

_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda item: len(item[1]), reverse=True)
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_CURIE: Final = re.compile(
    r"([A-Za-z][A-Za-z0-9]*):([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)\Z"
)


def iri(prefix: str, local: str) -> str:
    """
    Join a known prefix and a local name.

    >>> iri("mmn", "WristDrop")
    'https://w3id.org/mmn-kg/WristDrop'
    """
    return PREFIXES[prefix] + local


def is_local(text: str) -> bool:
    """
    Tell whether a text can stand behind a prefix as it is, unescaped.

    >>> is_local("MMNF0001"), is_local("a/b"), is_local("ends.")
    (True, False, False)
    """
    return _LOCAL.match(text) is not None


def expand(curie: str) -> str | None:
    """
    Turn a CURIE into an IRI.

    Returns:
        The IRI, or None where the text is no CURIE or its prefix is not ours.

    >>> expand("HP:0031189")
    'http://purl.obolibrary.org/obo/HP_0031189'
    >>> expand("wrist drop") is None
    True
    """
    match = _CURIE.match(curie)
    if match is None or match[1] not in PREFIXES:
        return None
    return PREFIXES[match[1]] + match[2]


def shorten(full: str) -> str | None:
    """
    Turn an IRI into a CURIE.

    Returns:
        The CURIE, or None where no prefix fits or the local name is not a plain one.

    >>> shorten("https://w3id.org/mmn-kg/evidence/MMNF0023")
    'evidence:MMNF0023'
    """
    for prefix, namespace in _BY_LENGTH:
        if full.startswith(namespace):
            local = full[len(namespace) :]
            if is_local(local):
                return f"{prefix}:{local}"
    return None


def curie(full: str) -> str:
    """
    Turn an IRI into a CURIE where it can be, else return it as it is.

    >>> curie("http://example.org/a/b")
    'http://example.org/a/b'
    """
    return shorten(full) or full
