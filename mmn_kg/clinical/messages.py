"""
The messages of the GA4GH Phenopacket schema, version 2, that a case is read from.

A test compares them with the descriptors of the package ``phenopackets``.
"""

from __future__ import annotations

from typing import Final

#: Message → field → type. ``[X]`` is a list of X; ``unread`` is not looked into.
MESSAGES: Final[dict[str, dict[str, str]]] = {
    "Phenopacket": {
        "id": "string",
        "subject": "Individual",
        "phenotypicFeatures": "[PhenotypicFeature]",
        "measurements": "[Measurement]",
        "biosamples": "[unread]",
        "interpretations": "[unread]",
        "diseases": "[Disease]",
        "medicalActions": "[unread]",
        "files": "[unread]",
        "metaData": "MetaData",
    },
    "Individual": {
        "id": "string",
        "alternateIds": "[string]",
        "dateOfBirth": "Timestamp",
        "timeAtLastEncounter": "TimeElement",
        "vitalStatus": "unread",
        "sex": "Sex",
        "karyotypicSex": "unread",
        "gender": "OntologyClass",
        "taxonomy": "OntologyClass",
    },
    "PhenotypicFeature": {
        "description": "string",
        "type": "OntologyClass",
        "excluded": "bool",
        "severity": "OntologyClass",
        "modifiers": "[OntologyClass]",
        "onset": "TimeElement",
        "resolution": "TimeElement",
        "evidence": "[unread]",
    },
    "Measurement": {
        "description": "string",
        "assay": "OntologyClass",
        "value": "Value",
        "complexValue": "unread",
        "timeObserved": "TimeElement",
        "procedure": "Procedure",
    },
    "Disease": {
        "term": "OntologyClass",
        "excluded": "bool",
        "onset": "TimeElement",
        "resolution": "TimeElement",
        "diseaseStage": "[OntologyClass]",
        "clinicalTnmFinding": "[OntologyClass]",
        "primarySite": "OntologyClass",
        "laterality": "OntologyClass",
    },
    "MetaData": {
        "created": "Timestamp",
        "createdBy": "string",
        "submittedBy": "string",
        "resources": "[Resource]",
        "updates": "[unread]",
        "phenopacketSchemaVersion": "string",
        "externalReferences": "[unread]",
    },
    "Resource": {
        "id": "string",
        "name": "string",
        "url": "string",
        "version": "string",
        "namespacePrefix": "string",
        "iriPrefix": "string",
    },
    "Value": {"quantity": "Quantity", "ontologyClass": "OntologyClass"},
    "Quantity": {
        "unit": "OntologyClass",
        "value": "double",
        "referenceRange": "ReferenceRange",
    },
    "ReferenceRange": {"unit": "OntologyClass", "low": "double", "high": "double"},
    "Procedure": {
        "code": "OntologyClass",
        "bodySite": "OntologyClass",
        "performed": "TimeElement",
    },
    "TimeElement": {
        "gestationalAge": "GestationalAge",
        "age": "Age",
        "ageRange": "AgeRange",
        "ontologyClass": "OntologyClass",
        "timestamp": "Timestamp",
        "interval": "TimeInterval",
    },
    "GestationalAge": {"weeks": "int", "days": "int"},
    "Age": {"iso8601duration": "string"},
    "AgeRange": {"start": "Age", "end": "Age"},
    "TimeInterval": {"start": "Timestamp", "end": "Timestamp"},
    "OntologyClass": {"id": "string", "label": "string"},
}
#: Messages of which only one field of the set may be given.
ONE_OF: Final = {
    "Measurement": {"value", "complexValue"},
    "Value": {"quantity", "ontologyClass"},
    "TimeElement": set(MESSAGES["TimeElement"]),
}
#: The values of the enumeration, in the order of their numbers.
SEXES: Final = ("UNKNOWN_SEX", "FEMALE", "MALE", "OTHER_SEX")
