"""The built-in vocabulary of OWL 2, as far as the check of the profile needs it."""

from __future__ import annotations

import re
from typing import Final

from mmn_kg import terms


def names(prefix: str, text: str) -> frozenset[str]:
    """Return the IRIs of several local names, given as one text."""
    return frozenset(terms.iri(prefix, name) for name in text.split())


_NUMBER: Final = r"(\d+(\.\d*)?|\.\d+)"
_INTEGERS: Final = names(
    "xsd",
    "integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short "
    "byte unsignedLong unsignedInt unsignedShort unsignedByte",
)
_FLOATS: Final = names("xsd", "double float")
_TEXTS: Final = names(
    "xsd",
    "string normalizedString token language Name NCName NMTOKEN hexBinary base64Binary anyURI",
)
_TIMES: Final = names("xsd", "dateTime dateTimeStamp")
_OTHERS: Final = (
    names("rdf", "PlainLiteral XMLLiteral langString")
    | names("owl", "real rational")
    | names("rdfs", "Literal")
)
#: Datatype of the OWL 2 datatype map → the form of its literals, as far as it is checked.
DATATYPES: Final[dict[str, re.Pattern[str]]] = {
    **dict.fromkeys(_INTEGERS, re.compile(r"[+-]?\d+\Z")),
    **dict.fromkeys(_FLOATS, re.compile(rf"([+-]?{_NUMBER}([eE][+-]?\d+)?|[+-]?INF|NaN)\Z")),
    **dict.fromkeys(_TEXTS | _OTHERS, re.compile("")),
    **dict.fromkeys(_TIMES, re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d")),
    terms.iri("xsd", "decimal"): re.compile(rf"[+-]?{_NUMBER}\Z"),
    terms.iri("xsd", "boolean"): re.compile(r"(true|false|0|1)\Z"),
}
CLASS, DATATYPE, INDIVIDUAL = "class", "datatype", "individual"
OBJECT, DATA, ANNOTATION = "object property", "data property", "annotation property"
PROPERTIES: Final = (OBJECT, DATA, ANNOTATION)
#: Type of a declaration → the category that it puts an IRI into.
DECLARED_AS: Final = {
    terms.iri("owl", "Class"): CLASS,
    terms.iri("rdfs", "Datatype"): DATATYPE,
    terms.iri("owl", "ObjectProperty"): OBJECT,
    terms.iri("owl", "DatatypeProperty"): DATA,
    terms.iri("owl", "AnnotationProperty"): ANNOTATION,
    terms.iri("owl", "NamedIndividual"): INDIVIDUAL,
}
#: Category → the IRIs that need no declaration.
BUILT_IN: Final = {
    CLASS: names("owl", "Thing Nothing"),
    DATATYPE: frozenset(DATATYPES),
    OBJECT: names("owl", "topObjectProperty bottomObjectProperty"),
    DATA: names("owl", "topDataProperty bottomDataProperty"),
    ANNOTATION: names("rdfs", "label comment seeAlso isDefinedBy")
    | names("owl", "deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith"),
    INDIVIDUAL: frozenset(),
}
#: Categories of which an IRI may be in one only. A class may be an individual and a property too.
APART: Final = ((OBJECT, DATA), (OBJECT, ANNOTATION), (DATA, ANNOTATION), (CLASS, DATATYPE))
#: The namespaces of which no IRI may be declared.
RESERVED: Final = tuple(terms.PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd"))
#: What is said of a property by a type → the categories that it may be said of.
CHARACTERISTICS: Final = {
    **dict.fromkeys(
        names(
            "owl",
            "InverseFunctionalProperty ReflexiveProperty IrreflexiveProperty SymmetricProperty "
            "AsymmetricProperty TransitiveProperty",
        ),
        (OBJECT,),
    ),
    terms.iri("owl", "FunctionalProperty"): (OBJECT, DATA),
}
CARDINALITIES: Final = names("owl", "minCardinality maxCardinality cardinality")
QUANTIFIERS: Final = names("owl", "someValuesFrom allValuesFrom")
