"""Each shape and each check query has one good and one bad graph, and fails on that very one."""

from __future__ import annotations

import re

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH

from mmn_kg import catalog, terms, validate
from mmn_kg.reader import read_graph
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

MMN = terms.PREFIXES["mmn"]
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in terms.PREFIXES.items())

#: Shape → (good graph, bad graph).
CASES = {
    "LabelShape": ("mmn:X a mmn:Entity ; rdfs:label 'x' .", "mmn:X a mmn:Entity ; rdfs:label 'x' , 'y' ."),
    "DefinitionShape": (
        "mmn:X a mmn:Entity ; IAO:0000115 'What it is.' .",
        "mmn:X a mmn:Entity ; IAO:0000115 'Short' .",
    ),
    "KindShape": ("mmn:X a mmn:Entity ; mmn:kind mmn:Nerve .", "mmn:X a mmn:Entity ; mmn:kind mmn:Nerve , mmn:Muscle ."),
    "RegimenTreatmentShape": (
        "mmn:R a mmn:Regimen ; mmn:ofTreatment mmn:T . mmn:T a mmn:Treatment .",
        "mmn:R a mmn:Regimen .",
    ),
    "RegimenRouteShape": (
        "mmn:R a mmn:Regimen ; mmn:byRoute mmn:O . mmn:O a mmn:Route .",
        "mmn:R a mmn:Regimen ; mmn:byRoute mmn:O .",
    ),
    "RegimenDoseShape": (
        "mmn:R mmn:dose 2.0 ; mmn:doseUnit mmn:U . mmn:U a mmn:Unit .",
        "mmn:R mmn:dose 2.0 .",
    ),
    "CriterionSetShape": (
        "mmn:C a mmn:Criterion ; mmn:inSet mmn:S . mmn:S a mmn:CriteriaSet .",
        "mmn:C a mmn:Criterion .",
    ),
    "ThresholdUnitShape": (
        "mmn:T a mmn:Threshold ; mmn:unit mmn:U . mmn:U a mmn:Unit .",
        "mmn:T a mmn:Threshold .",
    ),
    "ThresholdLimitShape": ("mmn:T a mmn:Threshold ; mmn:low 1.0 .", "mmn:T a mmn:Threshold ."),
    **{
        f"Assertion{name}Shape": (
            f"mmn:A a mmn:Assertion ; mmn:{path} mmn:X .",
            f"mmn:A a mmn:Assertion ; mmn:{path} mmn:X , mmn:Y ." if path != "hasEvidence" else "mmn:A a mmn:Assertion .",
        )
        for name, path in (
            ("Subject", "subject"),
            ("Predicate", "predicate"),
            ("Object", "object"),
            ("Polarity", "polarity"),
            ("Evidence", "hasEvidence"),
            ("Scope", "scope"),
        )
    },
    **{
        f"Evidence{name}Shape": (
            f"mmn:E a mmn:Evidence ; mmn:{path} mmn:X .",
            f"mmn:E a mmn:Evidence ; mmn:{path} mmn:X , mmn:Y .",
        )
        for name, path in (
            ("Source", "source"),
            ("Direction", "direction"),
            ("Design", "design"),
            ("ReadAs", "readAs"),
            ("Status", "status"),
            ("Measure", "measure"),
            ("Unit", "unit"),
            ("Band", "band"),
            ("Interval", "interval"),
            ("Regimen", "regimen"),
        )
    },
    **{
        f"{name}ValueShape": (
            f"mmn:E mmn:{path} mmn:X . mmn:X a mmn:{class_name} .",
            f"mmn:E mmn:{path} mmn:X . mmn:X a mmn:Other .",
        )
        for name, path, class_name in (
            ("Polarity", "polarity", "Polarity"),
            ("Evidence", "hasEvidence", "Evidence"),
            ("Scope", "scope", "Entity"),
            ("Direction", "direction", "Direction"),
            ("Design", "design", "StudyDesign"),
            ("ReadAs", "readAs", "ReadingDepth"),
            ("Status", "status", "Status"),
            ("Measure", "measure", "Measure"),
            ("Unit", "unit", "Unit"),
            ("Band", "band", "Band"),
            ("Interval", "interval", "Interval"),
            ("Regimen", "regimen", "Regimen"),
            ("Source", "source", "Reference"),
        )
    },
    "EvidenceCountShape": ("mmn:E mmn:count 2 ; mmn:total 3 .", "mmn:E mmn:count 4 ; mmn:total 3 ."),
    "EvidenceTotalShape": ("mmn:E mmn:total 3 .", "mmn:E mmn:total 0 ."),
    "EvidenceControlCountShape": (
        "mmn:E mmn:controlCount 0 ; mmn:controlTotal 3 .",
        "mmn:E mmn:controlCount 4 ; mmn:controlTotal 3 .",
    ),
    "EvidenceValueNumberShape": ("mmn:E mmn:value 2.5 .", "mmn:E mmn:value 'two' ."),
    "EvidenceLowShape": ("mmn:E mmn:low 1.0 ; mmn:high 2.0 .", "mmn:E mmn:low 3.0 ; mmn:high 2.0 ."),
    "CountNeedsTotalShape": ("mmn:E mmn:count 1 ; mmn:total 2 .", "mmn:E mmn:count 1 ."),
    "PercentShape": (
        "mmn:E mmn:count 1 ; mmn:percent 50.0 .",
        "mmn:E mmn:count 1 ; mmn:percent 150.0 .",
    ),
    "ValueNeedsUnitShape": ("mmn:E mmn:value 1.0 ; mmn:unit mmn:Percent .", "mmn:E mmn:value 1.0 ."),
    "CountNeedsMeasureShape": ("mmn:E mmn:count 1 ; mmn:measure mmn:Frequency .", "mmn:E mmn:count 1 ."),
    "ValueNeedsMeasureShape": ("mmn:E mmn:value 1.0 ; mmn:measure mmn:Mean .", "mmn:E mmn:value 1.0 ."),
    "ConflictPairShape": (
        "mmn:C a mmn:Conflict ; mmn:conflictOf mmn:A , mmn:B . mmn:A a mmn:Assertion . mmn:B a mmn:Assertion .",
        "mmn:C a mmn:Conflict ; mmn:conflictOf mmn:A . mmn:A a mmn:Assertion .",
    ),
    "ConflictReasonShape": (
        "mmn:C a mmn:Conflict ; mmn:conflictReason 'Why.' .",
        "mmn:C a mmn:Conflict .",
    ),
    "DerivationRuleShape": ("mmn:D a mmn:Derivation ; mmn:rule 'r' .", "mmn:D a mmn:Derivation ."),
    "DerivationPremiseShape": (
        "mmn:D a mmn:Derivation ; mmn:derivedFrom mmn:P . mmn:P a mmn:Edge .",
        "mmn:D a mmn:Derivation .",
    ),
    "ReferenceTitleShape": ("mmn:R a mmn:Reference ; mmn:title 'Title' .", "mmn:R a mmn:Reference ."),
    "ReferenceWorkShape": (
        "mmn:R a mmn:Reference ; mmn:isReferenceTo mmn:W . mmn:W a mmn:Work .",
        "mmn:R a mmn:Reference .",
    ),
    "ReferencePmidShape": ("mmn:R mmn:pmid '24741315' .", "mmn:R mmn:pmid 'PMC24741315' ."),
    "ReferenceDoiShape": ("mmn:R mmn:doi '10.2147/NDT.S39592' .", "mmn:R mmn:doi 'doi:10.1/x' ."),
    "ReferenceUrlShape": ("mmn:R mmn:url 'https://example.org/' .", "mmn:R mmn:url 'javascript:1' ."),
    "ReferenceIdentifierShape": (
        "mmn:R a mmn:Reference ; mmn:doi '10.2147/NDT.S39592' .",
        "mmn:R a mmn:Reference .",
    ),
    "SentenceParaphraseShape": ("mmn:S a mmn:Sentence ; mmn:paraphrase 'w' .", "mmn:S a mmn:Sentence ."),
    "SentenceHashShape": (
        f"mmn:S a mmn:Sentence ; mmn:sha256 '{'0' * 64}' .",
        "mmn:S a mmn:Sentence ; mmn:sha256 'xyz' .",
    ),
    "SentenceCarriedShape": ("mmn:S a mmn:Sentence ; mmn:carriedBy mmn:A .", "mmn:S a mmn:Sentence ."),
    "MotorOnlyFindingShape": (
        "mmn:MultifocalMotorNeuropathy mmn:hasFinding mmn:F . mmn:F rdfs:subClassOf mmn:G .",
        "mmn:MultifocalMotorNeuropathy mmn:hasFinding mmn:F . mmn:F rdfs:subClassOf mmn:G . "
        "mmn:G mmn:motorOnlyExclusion true .",
    ),
    "MotorOnlyNerveShape": (
        "mmn:MultifocalMotorNeuropathy mmn:affectsNerve mmn:N .",
        "mmn:MultifocalMotorNeuropathy mmn:affectsNerve mmn:N . mmn:N mmn:motorOnlyExclusion true .",
    ),
}  # fmt: skip

SHAPES = validate.load_shapes()
WRITTEN = rdflib.Graph()
for _path in sorted((ROOT / "ontology" / "shapes").glob("*.ttl")):
    if _path.name != "generated.ttl":
        WRITTEN.parse(_path)
GENERATED = sorted(
    str(shape).removeprefix(MMN)
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape)
    if (shape, None, None) not in WRITTEN and isinstance(shape, rdflib.URIRef)
)


def _only(name: str) -> rdflib.Graph:
    """Return the shapes with the targets of all but one taken away."""
    shapes = rdflib.Graph()
    targets = {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}
    for triple in SHAPES:
        if triple[1] not in targets or str(triple[0]) == MMN + name:
            shapes.add(triple)
    return shapes


def _broken(name: str, data: str) -> list[str]:
    graph = rdflib.Graph().parse(data=PREFIXES + data, format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=_only(name), inference=None)
    return [str(shape).removeprefix(MMN) for shape in report.objects(None, SH.sourceShape)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_shape(name: str) -> None:
    """The good graph passes; the bad one fails on that very shape."""
    good, bad = CASES[name]

    assert _broken(name, good) == []
    assert set(_broken(name, bad)) == {name}


def test_every_written_shape_has_its_case() -> None:
    """A shape without a good and a bad graph is not shipped."""
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    named = {str(shape).removeprefix(MMN) for path in targets for shape in WRITTEN.subjects(path)}

    assert named == set(CASES)


def test_every_shape_that_another_names_is_there() -> None:
    """A shape that another leans on, such as what it excludes, is not missing."""
    leaning = (SH["not"], SH.node, SH.property, SH.qualifiedValueShape)
    named = {shape for path in leaning for shape in SHAPES.objects(None, path)}

    assert named
    assert {shape for shape in named if (shape, SH.path, None) not in SHAPES} == set()


def test_every_shape_says_how_to_mend() -> None:
    """Each shape with a target has one message."""
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape in {shape for path in targets for shape in SHAPES.subjects(path)}:
        assert len(list(SHAPES.objects(shape, SH.message))) == 1, shape


def test_no_shape_needs_sparql() -> None:
    """Shapes keep to SHACL core, so that every validator gives the same answer fast."""
    assert (None, SH.sparql, None) not in SHAPES


@pytest.mark.parametrize("name", GENERATED)
def test_generated_shape(name: str) -> None:
    """A generated shape takes the kinds of its relation and no other."""
    shape = rdflib.URIRef(MMN + name)
    kinds = [str(kind).removeprefix(MMN) for kind in SHAPES.items(SHAPES.value(shape, SH["in"]))]
    relation = SHAPES.value(shape, SH.targetSubjectsOf) or SHAPES.value(shape, SH.targetObjectsOf)
    side = "Subject" if (shape, SH.targetSubjectsOf, None) in SHAPES else "Object"
    other = next(kind for kind in ("Sentence", "Reference") if kind not in kinds)
    edge = f"mmn:A <{relation}> mmn:B . mmn:{'A' if side == 'Subject' else 'B'}"

    for kind in kinds:
        assert _broken(name, f"{edge} mmn:kind mmn:{kind} .") == []
    assert _broken(name, f"{edge} mmn:kind mmn:{other} .") == [name]
    assert _broken(name, f"{edge} a mmn:Nothing .") == [name]


def test_each_relation_has_two_generated_shapes(kg: KnowledgeGraph) -> None:
    """Domain and range of every relation are checked."""
    relations = kg.select(f"SELECT ?r WHERE {{ ?r a <{MMN}Relation> }}")
    expected = {
        f"{name[0].upper()}{name[1:]}{side}Shape"
        for row in relations
        for name in [re.sub("^mmn:", "", row["r"])]
        for side in ("Subject", "Object")
    }

    assert set(GENERATED) == expected


A = "assertion:A a mmn:Assertion ; mmn:subject mmn:S ; mmn:predicate mmn:binds ; mmn:object mmn:O ; "
R = "mmn:binds a mmn:Relation . mmn:S a owl:Class . mmn:O a owl:Class . "
#: What the ontology states of itself.
HEADER_STATES = (
    "dcterms:title",
    "dcterms:description",
    "dcterms:license",
    "dcterms:creator",
    "owl:versionIRI",
)
HEADER = (
    "<https://w3id.org/mmn-kg> a owl:Ontology ; "
    + " ; ".join(f"{stated} 'x'" for stated in HEADER_STATES)
    + " ."
)
#: Check query → a good graph, then bad ones: one for each way to fail.
CHECKS = {
    "absent-claim-as-edge": (R + A + "mmn:polarity mmn:absent .", R + A + "mmn:polarity mmn:absent . mmn:S mmn:binds mmn:O ."),
    "advised-and-avoided": (
        "mmn:A mmn:predicate mmn:advises ; mmn:object mmn:T ; mmn:scope mmn:D ; mmn:polarity mmn:present . "
        "mmn:B mmn:predicate mmn:advisesAgainst ; mmn:object mmn:T ; mmn:scope mmn:E ; mmn:polarity mmn:present .",
        "mmn:A mmn:predicate mmn:hasTier ; mmn:subject mmn:T ; mmn:object mmn:FirstLine ; mmn:scope mmn:D ; mmn:polarity mmn:present . "
        "mmn:B mmn:predicate mmn:advisesAgainst ; mmn:object mmn:T ; mmn:scope mmn:D ; mmn:polarity mmn:present .",
    ),
    "approval-without-date": (
        "mmn:A mmn:predicate mmn:approvedFor ; mmn:subject mmn:S ; mmn:scope mmn:J ; mmn:hasEvidence mmn:E . mmn:E mmn:year 2025 .",
        "mmn:A mmn:predicate mmn:approvedFor ; mmn:subject mmn:S ; mmn:hasEvidence mmn:E . mmn:E mmn:year 2025 .",
    ),
    "old-regulatory-status": (
        "mmn:A mmn:predicate mmn:approvedFor ; mmn:hasEvidence mmn:E , mmn:F . mmn:E mmn:year 2012 . mmn:F mmn:year 2999 .",
        "mmn:A mmn:predicate mmn:approvedFor ; mmn:hasEvidence mmn:E . mmn:E mmn:year 2012 .",
    ),
    "assertion-without-support": (
        A + "mmn:polarity mmn:present ; mmn:hasEvidence mmn:E . mmn:E mmn:direction mmn:supports .",
        A + "mmn:polarity mmn:present ; mmn:hasEvidence mmn:E . mmn:E mmn:direction mmn:disputes .",
    ),
    "derived-edge-without-derivation": (
        "mmn:mayShow a mmn:DerivedRelation . mmn:S mmn:mayShow mmn:O . "
        "mmn:D a mmn:Derivation ; mmn:subject mmn:S ; mmn:predicate mmn:mayShow ; mmn:object mmn:O .",
        "mmn:mayShow a mmn:DerivedRelation . mmn:S mmn:mayShow mmn:O .",
    ),
    "duplicate-label": (
        "mmn:S a owl:Class ; rdfs:label 'x' . mmn:O a owl:Class ; rdfs:label 'y' .",
        "mmn:S a owl:Class ; rdfs:label 'x' . mmn:O a owl:ObjectProperty ; rdfs:label 'X' .",
    ),
    "built-in-redefined": (
        "mmn:S a owl:Class ; rdfs:subClassOf owl:Thing .",
        "owl:Thing rdfs:label 'thing' .",
        "rdf:type a owl:ObjectProperty .",
        "rdfs:label rdfs:label 'label' .",
        "xsd:string a mmn:Kind .",
    ),
    "class-without-parent": (
        "mmn:S a owl:Class ; rdfs:subClassOf mmn:K . mmn:K a owl:Class . mmn:k a mmn:K . mmn:R a owl:Class . [] owl:members ( mmn:R ) .",
        "mmn:S a owl:Class .",
    ),
    "definition-form": (
        "mmn:S rdfs:label 'wrist drop' ; IAO:0000115 'The hand hangs.' . mmn:O rdfs:label 'half' ; IAO:0000115 '50 per cent.' .",
        "mmn:S rdfs:label 'wrist drop' ; IAO:0000115 'the hand hangs.' .",
        "mmn:S rdfs:label 'wrist drop' ; IAO:0000115 'The hand hangs' .",
        "mmn:S rdfs:label 'wrist drop' ; IAO:0000115 'Wrist drop.' .",
    ),
    "deprecated-in-part": (
        "mmn:S owl:deprecated true ; rdfs:label 'obsolete x' ; IAO:0100001 mmn:O . mmn:O rdfs:label 'x' .",
        "mmn:S owl:deprecated 'true' ; rdfs:label 'x' .",
        "mmn:S owl:deprecated true ; rdfs:label 'x' .",
        "mmn:S rdfs:label 'Obsolete x' .",
        "mmn:S rdfs:label 'x' ; IAO:0100001 mmn:O .",
    ),
    "deprecated-term-in-use": (
        "mmn:S owl:deprecated true ; rdfs:label 'obsolete x' ; skos:exactMatch HP:0031189 . mmn:O rdfs:label 'x' .",
        "mmn:S owl:deprecated true . mmn:O rdfs:subClassOf mmn:S .",
        "mmn:S owl:deprecated true ; rdfs:subClassOf mmn:O .",
        "mmn:S owl:deprecated true . mmn:A mmn:S mmn:B .",
        "mmn:S owl:deprecated true . [] owl:onProperty mmn:R ; owl:someValuesFrom mmn:S .",
        "mmn:S owl:deprecated true . assertion:A mmn:object mmn:S .",
    ),
    "described-twice": (
        "mmn:S rdfs:label 'x' ; IAO:0000115 'What it is.' .",
        "mmn:S rdfs:label 'x' , 'y' .",
        "mmn:S IAO:0000115 'What it is.' , 'What else it is.' .",
    ),
    "doubtful-equivalence": (
        "mmn:S owl:equivalentClass [ owl:intersectionOf ( mmn:O [ owl:onProperty mmn:r ; owl:someValuesFrom mmn:P ] ) ] .",
        "mmn:S owl:equivalentClass mmn:O .",
        "mmn:S owl:equivalentClass [ owl:onProperty mmn:r ; owl:someValuesFrom mmn:P ] .",
        "mmn:S owl:equivalentClass [ owl:intersectionOf ( mmn:O mmn:P ) ] , [ owl:intersectionOf ( mmn:O mmn:Q ) ] .",
    ),
    "duplicate-definition": (
        "mmn:S IAO:0000115 'What it is.' . mmn:O IAO:0000115 'What else it is.' .",
        "mmn:S IAO:0000115 'What it is.' . mmn:O IAO:0000115 'what it is.' .",
    ),
    "duplicate-synonym": (
        "mmn:S skos:altLabel 'x' , 'X' . mmn:O skos:altLabel 'y' .",
        "mmn:S skos:altLabel 'x' . mmn:O skos:altLabel 'X' .",
    ),
    "incomplete-header": (
        HEADER,
        *(HEADER.replace(f"{stated} 'x'", "rdfs:comment 'x'") for stated in HEADER_STATES),
    ),
    "malformed-identifier": (
        "mmn:S skos:exactMatch HP:0031189 , MONDO:0018979 , FMA:5982 , ICD10CM:G61.82 , MESH:D000690 , UNII:MRK240IY2L .",
        "mmn:S skos:exactMatch HP:31189 .",
        "mmn:S skos:closeMatch <https://purl.obolibrary.org/obo/HP_0031189> .",
        "mmn:S skos:broadMatch <http://purl.org/obo/HP_0031189> .",
        "mmn:S skos:relatedMatch MESH:multifocal .",
    ),
    "stray-white-space": (
        "mmn:S rdfs:label 'wrist drop' ; mmn:note 'One; two.' .",
        "mmn:S rdfs:label ' wrist drop' .",
        "mmn:S IAO:0000115 'The hand hangs. ' .",
        "mmn:S mmn:note 'One;  two.' .",
        "mmn:S rdfs:label 'wrist\\tdrop' .",
        "mmn:S skos:altLabel 'wrist\\ndrop' .",
    ),
    "unexplained-conflict": (
        "mmn:A mmn:conflictsWith mmn:B . mmn:C a mmn:Conflict ; mmn:conflictOf mmn:A , mmn:B .",
        "mmn:A mmn:conflictsWith mmn:B .",
        "mmn:A mmn:conflictsWith mmn:B . mmn:C a mmn:Conflict ; mmn:conflictOf mmn:A , mmn:X .",
        "mmn:C a mmn:Conflict ; mmn:conflictOf mmn:A , mmn:B .",
    ),
    "undescribed-term": (
        "mmn:S a owl:Class ; rdfs:label 'x' ; IAO:0000115 'What it is.' . <https://example.org/x> a owl:Class . evidence:E a mmn:Evidence .",
        "mmn:S a owl:Class ; rdfs:label 'x' .",
        "mmn:s a owl:ObjectProperty ; IAO:0000115 'What it is.' .",
        "mmn:s a owl:DatatypeProperty ; rdfs:label '' ; IAO:0000115 'What it is.' .",
        "mmn:s a mmn:Status . mmn:Status rdfs:subClassOf mmn:ControlledValue .",
    ),
    "edge-without-assertion": (
        R + A + "mmn:polarity mmn:present . mmn:S mmn:binds mmn:O .",
        R + "mmn:S mmn:binds mmn:O .",
    ),
    "evidence-without-assertion": (
        "mmn:A mmn:hasEvidence mmn:E . mmn:E a mmn:Evidence .",
        "mmn:A mmn:hasEvidence mmn:E . mmn:B mmn:hasEvidence mmn:E . mmn:E a mmn:Evidence .",
    ),
    "motor-only-assertion": (
        "mmn:A mmn:subject mmn:MultifocalMotorNeuropathy ; mmn:predicate mmn:hasFinding ; mmn:object mmn:F ; "
        "mmn:polarity mmn:absent . mmn:F mmn:motorOnlyExclusion true .",
        "mmn:A mmn:subject mmn:MultifocalMotorNeuropathy ; mmn:predicate mmn:hasFinding ; mmn:object mmn:F ; "
        "mmn:polarity mmn:present . mmn:F mmn:motorOnlyExclusion true .",
    ),
    "one-sided-conflict": (
        "mmn:A mmn:conflictsWith mmn:B . mmn:B mmn:conflictsWith mmn:A .",
        "mmn:A mmn:conflictsWith mmn:B .",
    ),
    "present-claim-without-edge": (
        R + A + "mmn:polarity mmn:present . mmn:S mmn:binds mmn:O .",
        R + A + "mmn:polarity mmn:present .",
    ),
    "same-work-twice": (
        "mmn:A mmn:pmid '1' ; mmn:isReferenceTo mmn:W . mmn:B mmn:pmid '1' ; mmn:isReferenceTo mmn:W .",
        "mmn:A mmn:pmid '1' ; mmn:isReferenceTo mmn:W . mmn:B mmn:pmid '1' ; mmn:isReferenceTo mmn:V .",
    ),
    "synonym-of-another": (
        "mmn:A a owl:Class ; rdfs:label 'x' . mmn:B skos:altLabel 'y' .",
        "mmn:A a owl:Class ; rdfs:label 'x' . mmn:B skos:altLabel 'X' .",
        "mmn:A a owl:ObjectProperty ; rdfs:label 'x' ; skos:altLabel 'x' .",
    ),
    "uncited-reference": (
        "mmn:R a mmn:Reference . mmn:E mmn:source mmn:R .",
        "mmn:R a mmn:Reference .",
    ),
    "undeclared-term": ("mmn:A mmn:p mmn:B . mmn:B a owl:Class .", "mmn:A mmn:p mmn:B ."),
    "better-and-worse": (
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:improves ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:worsens ; mmn:object mmn:O ; mmn:polarity mmn:present . mmn:A mmn:conflictsWith mmn:B .",
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:improves ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:worsens ; mmn:object mmn:O ; mmn:polarity mmn:present . ",
    ),
    "denied-above-claimed-below": (
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:hasFinding ; mmn:object mmn:Above ; mmn:polarity mmn:absent . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:hasFinding ; mmn:object mmn:Below ; mmn:polarity mmn:present . mmn:Above rdfs:subClassOf mmn:Below .",
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:hasFinding ; mmn:object mmn:Above ; mmn:polarity mmn:absent . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:hasFinding ; mmn:object mmn:Below ; mmn:polarity mmn:present . mmn:Below rdfs:subClassOf mmn:Above .",
    ),
    "denial-that-says-nothing": (
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:improves ; mmn:object mmn:O ; mmn:polarity mmn:absent .",
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:advises ; mmn:object mmn:O ; mmn:polarity mmn:absent .",
    ),
    "favours-both": (
        "mmn:A mmn:subject mmn:X ; mmn:predicate mmn:favours ; mmn:object mmn:S ; mmn:scope mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:X ; mmn:predicate mmn:favours ; mmn:object mmn:O ; mmn:scope mmn:S ; mmn:polarity mmn:absent . ",
        "mmn:A mmn:subject mmn:X ; mmn:predicate mmn:favours ; mmn:object mmn:S ; mmn:scope mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:X ; mmn:predicate mmn:favours ; mmn:object mmn:O ; mmn:scope mmn:S ; mmn:polarity mmn:present . ",
    ),
    "figure-against-polarity": (
        "mmn:A mmn:predicate mmn:hasFinding ; mmn:polarity mmn:absent ; mmn:hasEvidence mmn:E . mmn:E mmn:measure mmn:Frequency ; mmn:direction mmn:supports ; "
        "mmn:percent 0.0 ; mmn:band mmn:Excluded .",
        "mmn:A mmn:predicate mmn:hasFinding ; mmn:polarity mmn:absent ; mmn:hasEvidence mmn:E . mmn:E mmn:measure mmn:Frequency ; mmn:direction mmn:supports ; "
        "mmn:percent 12.5 .",
    ),
    "lesion-against-branch": (
        "mmn:A mmn:subject mmn:Site ; mmn:predicate mmn:lesionWeakens ; mmn:object mmn:M ; mmn:polarity mmn:absent . mmn:M mmn:leavesAt mmn:L . "
        "mmn:Site mmn:distalTo mmn:L .",
        "mmn:A mmn:subject mmn:Site ; mmn:predicate mmn:lesionWeakens ; mmn:object mmn:M ; mmn:polarity mmn:absent . mmn:M mmn:leavesAt mmn:L . "
        "mmn:L mmn:distalTo mmn:Site .",
    ),
    "mimic-half-described": (
        "mmn:A mmn:predicate mmn:mimics ; mmn:subject mmn:S ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:predicate mmn:consideredWhen ; mmn:subject mmn:O ; mmn:object mmn:F ; mmn:scope mmn:S . "
        "mmn:C mmn:predicate mmn:favours ; mmn:subject mmn:G ; mmn:object mmn:S ; mmn:scope mmn:O .",
        "mmn:A mmn:predicate mmn:mimics ; mmn:subject mmn:S ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:C mmn:predicate mmn:favours ; mmn:subject mmn:G ; mmn:object mmn:S ; mmn:scope mmn:O .",
    ),
    "regimen-of-another": (
        "mmn:T mmn:hasRegimen mmn:R . mmn:R a mmn:Regimen ; mmn:ofTreatment mmn:U . mmn:U rdfs:subClassOf mmn:T .",
        "mmn:T mmn:hasRegimen mmn:R . mmn:R a mmn:Regimen ; mmn:ofTreatment mmn:U .",
    ),
    "required-and-excluded": (
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:requires ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:excludedBy ; mmn:object mmn:P ; mmn:polarity mmn:present . ",
        "mmn:A mmn:subject mmn:S ; mmn:predicate mmn:requires ; mmn:object mmn:O ; mmn:polarity mmn:present . "
        "mmn:B mmn:subject mmn:S ; mmn:predicate mmn:excludedBy ; mmn:object mmn:O ; mmn:polarity mmn:present . ",
    ),
    "root-far-from-nerve": (
        "mmn:M mmn:hasRootSupply mmn:C7Root . mmn:N mmn:innervates mmn:M ; mmn:arisesFrom mmn:P . mmn:P mmn:hasRootSupply mmn:C8Root , mmn:T1Root .",
        "mmn:M mmn:hasRootSupply mmn:C7Root . mmn:N mmn:innervates mmn:M ; mmn:arisesFrom mmn:P . mmn:P mmn:hasRootSupply mmn:T1Root , mmn:L4Root .",
    ),
    "sensory-mark-against-fibres": (
        "mmn:N a mmn:Nerve ; mmn:carriesFibre mmn:SensoryNerveFibre ; mmn:motorOnlyExclusion true .",
        "mmn:N a mmn:Nerve ; mmn:carriesFibre mmn:SensoryNerveFibre .",
    ),
    "site-off-its-nerve": (
        "mmn:L a mmn:NerveSite ; mmn:partOf mmn:N . mmn:N a mmn:Nerve . mmn:M mmn:leavesAt mmn:L . mmn:B mmn:innervates mmn:M ; mmn:arisesFrom mmn:N .",
        "mmn:L a mmn:NerveSite ; mmn:partOf mmn:N . mmn:N a mmn:Nerve . mmn:M mmn:leavesAt mmn:L . mmn:B mmn:innervates mmn:M .",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(catalog.queries("check")))
def test_check_query(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The good graph gives no row, each bad one at least one; the columns are the promised ones."""
    query = catalog.queries("check")[name]
    results = []
    for text in CHECKS[name]:
        path = tmp_path_factory.mktemp("check") / "graph.ttl"
        path.write_text(PREFIXES + text)
        answer = KnowledgeGraph.of(read_graph(path)).select(query.text)
        assert answer.columns == ("entity", "property", "value")
        results.append(len(answer))

    assert results[0] == 0
    assert len(results) > 1
    assert 0 not in results[1:], CHECKS[name][results.index(0, 1)]


def test_check_queries_and_cases_match() -> None:
    """No case outlives its query."""
    assert set(CHECKS) == set(catalog.queries("check"))
