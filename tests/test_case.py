"""Cases: what a phenopacket tells is read, nothing else is, and what is wrong is refused."""

from __future__ import annotations

import contextlib
import copy
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import phenopackets
import pytest
import yaml
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from hypothesis import given, settings
from hypothesis import strategies as st

from mmn_kg import errors
from mmn_kg.clinical import profile
from mmn_kg.clinical.case import Case, build_case, read_case
from mmn_kg.clinical.consistency import check_consistency
from mmn_kg.clinical.document import MAX_BYTES, parse_document, read_document
from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.messages import MESSAGES, ONE_OF, SEXES
from mmn_kg.clinical.packet import MAX_ENTRIES, check_packet
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "docs" / "cases").iterdir())
SCHEMA = json.loads((ROOT / "mmn_kg/clinical/profile.schema.json").read_text(encoding="utf-8"))
Packet = dict[str, Any]


def _quantity(value: object, unit: str, **limits: float) -> Packet:
    found: Packet = {"unit": {"id": unit}, "value": value}
    if limits:
        found["referenceRange"] = {"unit": {"id": unit}, **limits}
    return {"quantity": found}


def _measurement(assay: str, value: Packet, site: str = "", told: str = "") -> Packet:
    found: Packet = {"assay": {"id": assay}, "value": value}
    if site:
        found["procedure"] = {"code": {"id": "mmn:ClinicalExamination"}, "bodySite": {"id": site}}
    if told:
        found["description"] = told
    return found


def _strength(grade: object, site: str = "mmn:Deltoid", told: str = "side: right") -> Packet:
    return _measurement("mmn:MuscleStrength", _quantity(grade, "mmn:MrcGrade"), site, told)


def _feature(term: str, **fields: object) -> Packet:
    return {"type": {"id": term}, **fields}


def _case(*features: Packet, measurements: list[Packet] | None = None, **fields: object) -> Case:
    packet = {"id": "x", "phenotypicFeatures": list(features), **fields}
    return build_case(packet | {"measurements": measurements or []})


def _side(word: str) -> Packet:
    return {"id": {"R": "HP:0012834", "L": "HP:0012835", "both": "HP:0012832"}[word]}


# --- What is read ----------------------------------------------------------------------------


def test_a_packet_is_read_into_a_case() -> None:
    """Sex, age, findings, sides, severities, onsets and numbers come out as they were told."""
    case = read_case(ROOT / "docs/cases/typical-mmn.json")
    drop = next(found for found in case.observations if found.given == "HP:0031189")

    assert (case.id, case.sex, case.age, case.onset) == ("typical-mmn", "male", 44.0, 40.0)
    assert (drop.label, drop.status, drop.side) == ("Wrist drop", "present", "R")
    assert (drop.severity, drop.onset) == ("HP:0012828", 40.0)
    assert {found.given for found in case.observations if found.status == "excluded"} == {
        "HP:0003487",
        "HP:0001257",
        "HP:0001283",
        "HP:0002936",
    }
    assert {(s.term, s.side): s.grade for s in case.strengths}[
        "mmn:FirstDorsalInterosseous", "L"
    ] == 3.67
    assert ("mmn:RadialNerve", "axilla to elbow", "R", 68.0, "mmn:Percent") in {
        (c.nerve, c.segment, c.side, c.value, c.unit)
        for c in case.conductions
        if c.quantity == "mmn:CmapAreaReduction"
    }
    assert [r.interpretation for r in case.laboratory if r.test == "mmn:AntiGM1IgMPositivity"] == [
        "present"
    ]


def test_json_and_yaml_tell_the_same() -> None:
    """One case written in both formats is one case."""
    assert read_case(ROOT / "docs/cases/typical-mmn.json") == read_case(
        ROOT / "docs/cases/typical-mmn.yaml"
    )


def test_nothing_follows_from_silence() -> None:
    """A packet yields no finding that it does not name."""
    case = _case(_feature("HP:0031189"))

    assert [found.given for found in case.observations] == ["HP:0031189"]
    assert (case.sex, case.age, case.onset) == ("", None, None)
    assert (case.strengths, case.conductions, case.laboratory, case.ignored) == ((), (), (), ())


@pytest.mark.parametrize(
    ("value", "status"),
    [("mmn:NotAssessed", "not assessed"), ("mmn:NotAssessable", "not assessable")],
)
def test_what_was_not_examined_is_neither_present_nor_excluded(value: str, status: str) -> None:
    """Not assessed and not assessable are states of their own, for findings and for muscles."""
    told = {"ontologyClass": {"id": value}}
    case = _case(
        measurements=[
            _measurement("HP:0002380", told),
            _measurement("mmn:MuscleStrength", told, "mmn:Deltoid", "side: left"),
            _measurement("mmn:CmapAreaReduction", told, "mmn:UlnarNerve", "side: left"),
        ]
    )

    assert [(found.given, found.side) for found in case.observations] == [
        ("HP:0002380", ""),
        ("mmn:Deltoid", "L"),
        ("mmn:UlnarNerve", "L"),
    ]
    assert {found.status for found in case.observations} == {status}
    assert case.strengths == case.conductions == case.laboratory == ()


def test_a_diagnosis_is_never_a_finding() -> None:
    """Diseases and interpretations change the onset at most, and are listed as ignored."""
    plain = _case(_feature("HP:0031189"))
    told = _case(
        _feature("HP:0031189"),
        diseases=[{"term": {"id": "MONDO:0018979"}}],
        interpretations=[{"id": "1", "diagnosis": {"disease": {"id": "MONDO:0018979"}}}],
    )

    assert told.observations == plain.observations
    assert [what for what, _ in told.ignored] == ["MONDO:0018979", "interpretations"]


def test_the_onset_is_that_of_the_disease_else_of_the_first_finding() -> None:
    """The earliest disease that is not excluded decides; without one, the earliest finding."""
    first = _feature("HP:0002380", onset={"age": {"iso8601duration": "P30Y"}})
    gone = _feature("HP:0001257", excluded=True, onset={"age": {"iso8601duration": "P1Y"}})
    disease = {"term": {"id": "mmn:X"}, "onset": {"age": {"iso8601duration": "P40Y6M"}}}

    assert _case(first, gone).onset == 30.0
    assert _case(first, gone, diseases=[disease]).onset == 40.5
    assert _case(first, gone, diseases=[disease | {"excluded": True}]).onset == 30.0


def test_an_onset_told_as_a_term_is_a_finding() -> None:
    """Adult onset of the disease is a finding, and no number is made of it."""
    onset = {"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}
    case = _case(_feature("HP:0031189"), diseases=[{"term": {"id": "mmn:X"}, "onset": onset}])

    assert case.onset is None
    assert ("HP:0003581", "present") in {(f.given, f.status) for f in case.observations}


@pytest.mark.parametrize(
    ("element", "age"),
    [
        ({"age": {"iso8601duration": "P44Y"}}, 44.0),
        ({"age": {"iso8601duration": "P1Y6M"}}, 1.5),
        (
            {
                "ageRange": {
                    "start": {"iso8601duration": "P40Y"},
                    "end": {"iso8601duration": "P50Y"},
                }
            },
            45,
        ),
        ({"gestationalAge": {"weeks": 20, "days": 1}}, 0.0),
        ({"timestamp": "2020-01-01T00:00:00Z"}, 40.0),
        ({"interval": {"start": "2019-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"}}, 40.0),
        ({"ontologyClass": {"id": "HP:0003581"}}, None),
    ],
)
def test_ages_are_read_in_every_form(element: Packet, age: float | None) -> None:
    """Each form of a time element gives the age in years, or none."""
    subject = {"dateOfBirth": "1980-01-01T00:00:00Z", "timeAtLastEncounter": element}
    case = _case(_feature("HP:0031189"), subject=subject)

    assert case.age == (age if age is None else pytest.approx(age, abs=0.01))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("HP:0031189", "HP:0031189"),
        ("hp:0031189", "HP:0031189"),
        ("HP_0031189", "HP:0031189"),
        ("http://purl.obolibrary.org/obo/HP_0031189", "HP:0031189"),
        ("https://purl.obolibrary.org/obo/HP_0031189", "HP:0031189"),
        ("https://w3id.org/mmn-kg/WristDrop", "mmn:WristDrop"),
        ("MMN:WristDrop", "mmn:WristDrop"),
        ("Orphanet:641", "ORPHA:641"),
        ("LOINC:5802-4", "LOINC:5802-4"),
    ],
)
def test_identifiers_have_one_spelling(given: str, read: str) -> None:
    """CURIE, IRI and underscore lead to one CURIE."""
    assert _case(_feature(given)).observations[0].given == read


def test_a_declared_prefix_is_known() -> None:
    """A prefix that the packet declares is taken as given."""
    declared = {"resources": [{"id": "zp", "namespacePrefix": "ZP"}]}

    assert _case(_feature("ZP:1"), metaData=declared).observations[0].given == "ZP:1"


@pytest.mark.parametrize(
    ("sides", "side"),
    [([], ""), (["R"], "R"), (["L"], "L"), (["R", "L"], "both"), (["both"], "both")],
)
def test_modifiers_tell_the_side(sides: list[str], side: str) -> None:
    """Right, left, both, or right and left together."""
    case = _case(_feature("HP:0031189", modifiers=[_side(word) for word in sides]))

    assert case.observations[0].side == side


def test_modifiers_that_are_not_read_are_listed() -> None:
    """A severity among the modifiers is read; any other modifier is ignored with a reason."""
    modifiers = [{"id": "HP:0012828"}, {"id": "HP:0025301", "label": "Nocturnal"}]
    case = _case(_feature("HP:0003394", modifiers=modifiers))

    assert case.observations[0].severity == "HP:0012828"
    assert [what for what, _ in case.ignored] == ["HP:0025301"]


@pytest.mark.parametrize(
    ("unit", "value", "assay", "read"),
    [
        ("UCUM:uV", 14, "mmn:SnapAmplitude", (0.014, "mmn:Millivolt")),
        ("UCUM:s", 0.0061, "mmn:DistalMotorLatency", (6.1, "mmn:Millisecond")),
        ("UO:0000187", 60, "mmn:CmapAreaReduction", (60, "mmn:Percent")),
        ("UCUM:mg/dL", 45, "mmn:RaisedCSFProtein", (0.45, "mmn:GramPerLitre")),
        ("UCUM:k[IU]/L", 3, "mmn:RaisedCSFProtein", (3, "UCUM:k[IU]/L")),
    ],
)
def test_units_become_those_of_the_graph(
    unit: str, value: float, assay: str, read: tuple[float, str]
) -> None:
    """A unit that the graph has is converted to it; one of the laboratory that it lacks is kept."""
    case = _case(measurements=[_measurement(assay, _quantity(value, unit), "mmn:UlnarNerve")])
    (found,) = (*case.conductions, *case.laboratory)

    assert (found.value, found.unit) == read


def test_a_reference_range_adds_shares_of_its_limits() -> None:
    """The number comes again as percent of the lower and of the upper limit."""
    case = _case(
        measurements=[
            _measurement(
                "mmn:MotorConductionVelocity",
                _quantity(35, "UCUM:m/s", low=50.0, high=70.0),
                "mmn:UlnarNerve",
            )
        ]
    )

    assert {found.unit: found.value for found in case.conductions} == {
        "mmn:MetrePerSecond": 35,
        "mmn:PercentOfLowerLimit": 70,
        "mmn:PercentOfUpperLimit": 50,
    }


@pytest.mark.parametrize(
    ("value", "interpretation"),
    [
        ({"id": "mmn:present"}, "present"),
        ({"id": "NCIT:C25626", "label": "Present"}, "present"),
        ({"id": "ZZ:1", "label": "Positive"}, "present"),
        ({"id": "mmn:absent"}, "excluded"),
        ({"id": "ZZ:2", "label": " not  Detected "}, "excluded"),
    ],
)
def test_ordinal_results(value: Packet, interpretation: str) -> None:
    """Positive and negative are read by our identifiers, else by the label."""
    case = _case(measurements=[_measurement("HP:0034118", {"ontologyClass": value})])

    assert [result.interpretation for result in case.laboratory] == [interpretation]


def test_a_result_that_says_neither_is_ignored() -> None:
    """A class that is neither positive nor negative is listed, and no result is made of it."""
    told = {"ontologyClass": {"id": "ZZ:3", "label": "Borderline"}}
    case = _case(
        measurements=[
            _measurement("HP:0034118", told),
            {"assay": {"id": "CMO:0000003"}, "complexValue": {"typedQuantities": []}},
        ]
    )

    assert case.laboratory == ()
    assert [what for what, _ in case.ignored] == ["HP:0034118", "CMO:0000003"]


def test_reading_imports_no_heavy_library_and_is_quick() -> None:
    """A case in JSON is read without protobuf, YAML or the graph, in well under 100 ms."""
    code = (
        "import sys; from mmn_kg.clinical.case import read_case; read_case(sys.argv[1]); "
        "heavy = {'phenopackets', 'google', 'yaml', 'jsonschema', 'pyoxigraph'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    path = ROOT / "docs/cases/typical-mmn.json"
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        read_case(path)
        best = min(best, time.perf_counter() - start)

    assert done.stdout.strip() == "[]"
    assert best < 0.03


# --- The schema and the profile --------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_cases(path: Path) -> None:
    """Each example fits the schema, is read, is consistent, and is a phenopacket of GA4GH."""
    document: Any = read_document(path)
    case = read_case(path)
    check_consistency(case, Hierarchy.shipped())
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    packet = ParseDict(document, phenopackets.Phenopacket())

    assert packet.id == case.id == path.stem
    assert "not a patient" in packet.meta_data.created_by
    assert len(packet.phenotypic_features) <= len(case.observations)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_labels_of_examples_are_those_of_their_terms(path: Path, kg: KnowledgeGraph) -> None:
    """An example names each term of HPO and of the graph as they do."""
    rows = kg.query("SELECT ?t ?l { ?t <http://www.w3.org/2000/01/rdf-schema#label> ?l }")
    ours = {row["t"].value: row["l"].value for row in rows}  # type: ignore[union-attr]
    hpo = Hierarchy.shipped()
    queue: list[Any] = [read_document(path)]
    seen = 0
    while queue:
        item = queue.pop()
        if isinstance(item, dict):
            queue.extend(item.values())
            if item.keys() == {"id", "label"}:
                prefix, _, local = item["id"].partition(":")
                if prefix == "HP":
                    assert item["label"] == hpo.label(item["id"])
                elif prefix == "mmn":
                    assert item["label"] == ours[f"https://w3id.org/mmn-kg/{local}"]
                seen += 1
        elif isinstance(item, list):
            queue.extend(item)

    assert seen > 10


def test_the_words_of_the_profile_are_terms_of_the_graph(kg: KnowledgeGraph) -> None:
    """Each assay, unit and value of ours that the profile knows is declared in the ontology."""
    rows = kg.query("SELECT ?t { ?t <http://www.w3.org/2000/01/rdf-schema#label> ?l }")
    declared = {row["t"].value for row in rows}  # type: ignore[union-attr]
    named = {profile.STRENGTH, *profile.CONDUCTION, *profile.STATUS_IDS, *profile.UNITS}
    named |= {unit for unit, _ in profile.UNITS.values()}
    named |= {"mmn:PercentOfLowerLimit", "mmn:PercentOfUpperLimit"}
    hpo = Hierarchy.shipped()

    for curie in named:
        prefix, _, local = curie.partition(":")
        assert prefix != "mmn" or f"https://w3id.org/mmn-kg/{local}" in declared
    assert {hpo.label(term) for term in profile.SIDES} == {
        "Right",
        "Left",
        "Unilateral",
        "Bilateral",
    }
    assert {term for term in hpo if "HP:0012824" in hpo.parents(term)} == profile.SEVERITIES


def test_the_page_names_every_word_of_the_profile() -> None:
    """docs/cases.md lists each assay of conduction, each value and each label that is read."""
    page = (ROOT / "docs/cases.md").read_text(encoding="utf-8")
    words = {*profile.CONDUCTION, *profile.STATUS_LABELS, *profile.SIDES, *profile.SIDE_WORDS}

    assert [word for word in sorted(words | {profile.STRENGTH}) if word not in page] == []


def test_the_schema_and_the_reader_know_the_same_fields() -> None:
    """Each message of the schema file has the fields that the reader has, and no other."""
    objects = {
        "Phenopacket": SCHEMA,
        **{k[0].upper() + k[1:]: v for k, v in SCHEMA["$defs"].items()},
    }
    objects["ReferenceRange"] = objects["Quantity"]["properties"]["referenceRange"]
    objects["Resource"] = objects["MetaData"]["properties"]["resources"]["items"]
    objects["TimeInterval"] = objects["TimeElement"]["properties"]["interval"]

    for message, fields in MESSAGES.items():
        assert objects[message]["properties"].keys() == fields.keys(), message
        assert objects[message]["additionalProperties"] is False


def test_the_messages_are_those_of_the_schema() -> None:
    """Field by field, our table says what the descriptors of GA4GH say."""
    numbers = {1: "double", 5: "int", 8: "bool", 9: "string"}
    for message, fields in MESSAGES.items():
        descriptor = getattr(phenopackets, message).DESCRIPTOR
        told = {}
        for field in descriptor.fields:
            kind = numbers.get(field.type, "")
            if field.message_type is not None:
                kind = field.message_type.name
            elif field.enum_type is not None:
                kind = field.enum_type.name
            ours = fields.get(field.json_name, "").strip("[]")
            listed = f"[{kind}]" if field.is_repeated else kind
            told[field.json_name] = listed.replace(kind, ours) if ours == "unread" else listed
        assert told == fields, message
        for group in descriptor.oneofs:
            assert {field.json_name for field in group.fields} == ONE_OF[message]
    assert phenopackets.Sex.keys() == list(SEXES)


_RIGHT: dict[str, list[Any]] = {
    "string": ["", "2.0", "HP:0031189", "P4Y"],
    "bool": [True, False],
    "double": [0, 1, 3.5, -2.0, "2.5", "1e3", 1e-9],
    "int": [0, 3, 2.0, "4"],
    "Timestamp": ["2020-01-01T00:00:00Z", "2020-02-29T23:59:59.5+02:00"],
    "Sex": ["MALE", "FEMALE", "UNKNOWN_SEX", 1],
    "unread": [{}],
}
_WRONG = ["x", 1.5, [], {"x": 1}, [None], "2020-02-31T00:00:00Z", -7, True]


def _content(kind: str, wrong: list[Any]) -> st.SearchStrategy[Any]:
    """Yield values of one type of the schema, and wrong ones."""
    if kind.startswith("["):
        return st.lists(_content(kind[1:-1], wrong), min_size=1, max_size=2)
    if kind not in MESSAGES:
        return st.sampled_from([*_RIGHT[kind], *wrong])
    one = sorted(ONE_OF.get(kind, ()))
    fields = {
        name: st.deferred(lambda content=content: _content(content, wrong))  # type: ignore[misc]
        for name, content in MESSAGES[kind].items()
        if content.strip("[]") != "unread"
    }
    rest = {name: content for name, content in fields.items() if name not in one}
    whole = st.fixed_dictionaries({}, optional=rest)
    for name in one if not wrong else ():
        if name in fields:
            whole |= st.fixed_dictionaries({name: fields[name]}, optional=rest)
    return whole if not wrong else st.fixed_dictionaries({}, optional=fields)


def _both(packet: Packet) -> tuple[Packet | None, Packet | None]:
    """Return a packet as we read it and as the parser of GA4GH does; None is refused."""
    ours = theirs = None
    with contextlib.suppress(errors.CaseError):
        checked = check_packet(copy.deepcopy(packet), where="x")
        ours = MessageToDict(ParseDict(checked, phenopackets.Phenopacket()))
    with contextlib.suppress(ParseError):
        theirs = MessageToDict(ParseDict(packet, phenopackets.Phenopacket()))
    return ours, theirs


@settings(max_examples=200, deadline=None)
@given(_content("Phenopacket", []).filter(bool))
def test_what_is_right_is_read_as_ga4gh_reads_it(packet: Packet) -> None:
    """A packet whose fields hold what the schema says is accepted by both, with the same values."""
    packet.get("metaData", {}).pop("phenopacketSchemaVersion", None)
    ours, theirs = _both(packet)

    assert theirs is not None
    assert ours == theirs


@settings(max_examples=200, deadline=None)
@given(_content("Phenopacket", _WRONG).filter(bool))
def test_what_ga4gh_refuses_is_refused(packet: Packet) -> None:
    """A packet with wrong values is accepted by us only where the parser of GA4GH accepts it."""
    ours, theirs = _both(packet)

    assert ours is None or ours == theirs


def test_field_names_of_the_schema_are_read_too() -> None:
    """phenotypic_features is phenotypicFeatures, as protobuf has it."""
    text = (ROOT / "docs/cases/typical-mmn.json").read_text(encoding="utf-8")
    packet = ParseDict(json.loads(text), phenopackets.Phenopacket())
    named = MessageToDict(packet, preserving_proto_field_name=True)

    assert "phenotypic_features" in named
    assert build_case(named) == build_case(MessageToDict(packet)) == build_case(json.loads(text))


# --- Bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", '{"id": "x",\n "subject": }', "a.json:2: malformed JSON at column 13"),
        ("a.json", '{"id": "x", "id": "y"}', "the key 'id' stands twice"),
        ("a.json", '{"id": NaN}', "NaN is no number"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"id": ' + "9" * 5000 + "}", "a number is too long: leave"),
        ("a.yaml", "a: [1,\nb: }", "a.yaml:2: malformed YAML at column 4"),
        ("a.yaml", "a: 1\na: 2", "a.yaml:2: malformed YAML at column 1: the key 'a' stands twice"),
        ("a.yaml", "a: !!python/object/apply:os.system [ls]", "the tag"),
        ("a.yaml", "a: !x 1", "the tag !x is not read"),
        ("a.yaml", "a: &a [*a]", "points to nothing complete"),
        ("a.yaml", "a: *b", "malformed YAML"),
        ("a.yaml", "a: 1\n---\nb: 2", "a second document begins"),
        ("a.yaml", "? [a]\n: 1", "a key is a plain word"),
        ("a.yaml", "[" * 500 + "]" * 500, "nested too deeply"),
        ("a.yaml", "a: \x01", "malformed YAML"),
        ("a.yaml", "# nothing", "is no phenopacket"),
        ("a.json", "   ", "is empty"),
        ("a.txt", "{}", "unknown format .txt: use .json .yaml .yml"),
        ("a.json", "[]", "is no phenopacket"),
        ("a.json", "{}", "is no phenopacket"),
        ("a.json", '{"@context": {}}', "is no phenopacket"),
    ],
)
def test_malformed_files_are_told_in_one_line(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    """The message says where, on one line, whatever is wrong with the text."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(errors.InputError) as caught:
        read_case(path)

    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_yaml_bomb_is_refused() -> None:
    """Aliases of aliases are counted as if written out, and stop at the limit."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(errors.CaseSyntaxError, match="more than 500000 values"):
        parse_document("\n".join(lines), where="x", yaml=True)


def test_a_plain_alias_is_read() -> None:
    """An alias that says something once more is fine, as writers of YAML make them."""
    text = "id: x\nphenotypicFeatures:\n- type: &t {id: HP:0031189}\n- {type: *t, excluded: false}"

    assert len(build_case(parse_document(text, where="x", yaml=True)).observations) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("2020-01-01", "2020-01-01"),
        ("1:30", "1:30"),
        ("'7'", "7"),
        ("7", 7),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("~", None),
        ("null", None),
        ("0x10", "0x10"),
    ],
)
def test_yaml_is_read_as_json_would_be(text: str, value: object) -> None:
    """Words, dates and sixties stay text: no country becomes false."""
    found = parse_document(f"a: {text}", where="x", yaml=True)

    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder, another encoding and a huge file are one line each."""
    (tmp_path / "latin.json").write_bytes('{"id":\n"Jürgen"}'.encode("latin-1"))
    (tmp_path / "huge.json").write_bytes(b" " * (MAX_BYTES + 1))
    (tmp_path / "folder.json").mkdir()
    for name, told in (
        ("none.json", "no such file"),
        ("folder.json", "is a folder"),
        ("latin.json", "latin.json:2: is not UTF-8"),
        ("huge.json", "larger than 5 MiB"),
        ("nul\0.json", "cannot be read"),
    ):
        with pytest.raises(errors.InputError, match=told):
            read_case(tmp_path / name)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Files of some editors begin with a mark."""
    path = tmp_path / "marked.json"
    path.write_text(
        '{"phenotypicFeatures": [{"type": {"id": "HP:0031189"}}]}', encoding="utf-8-sig"
    )

    assert read_case(path).id == "marked"


@pytest.mark.parametrize(
    ("packet", "told"),
    [
        ({"proband": {}, "pedigree": {}}, "is a Family"),
        ({"members": [], "id": "c"}, "is a Cohort"),
        ({"id": "x", "metaData": {"phenopacketSchemaVersion": "1.0.0"}}, "schema '1.0.0'"),
        ({"id": "x", "metaData": {"phenopacketSchemaVersion": "20.1"}}, "schema '20.1'"),
        ({"id": "x", "genes": []}, "field of phenopacket schema 1"),
        (
            {"phenotypicFeatures": [{"negated": True}]},
            "[0].negated: is a field of phenopacket schema 1",
        ),
        ({"phenotypicFeatures": [{"typ": {}}]}, "did you mean type?"),
        ({"id": "\ud800"}, "id: holds half a character"),
        ({"id": "x"}, "says nothing"),
        ({"id": "x", "phenotypicFeatures": []}, "says nothing"),
        ({"id": 7}, "id: must be a text"),
        ({"phenotypicFeatures": {}}, "must be a list"),
        ({"phenotypicFeatures": [None]}, "must be an object"),
        ({"phenotypicFeatures": [_feature("HP:0031189", excluded="no")]}, "must be true or false"),
        ({"phenotypicFeatures": [{}]}, "[0].type: has no id"),
        ({"phenotypicFeatures": [_feature("wrist drop")]}, "is no identifier"),
        ({"phenotypicFeatures": [_feature("HPO:0031189")]}, "did you mean HP?"),
        ({"phenotypicFeatures": [_feature("QQQQ:1")]}, "declare it in metaData.resources"),
        ({"phenotypicFeatures": [_feature("HP:31189")]}, "HP: and seven digits"),
        ({"phenotypicFeatures": [_feature("http://example.org/x")]}, "is no identifier"),
        ({"id": "x", "subject": {"sex": "male"}}, "must be one of UNKNOWN_SEX"),
        ({"id": "x", "subject": {"dateOfBirth": "1980-01-01"}}, "must be a time such as"),
        ({"id": "x", "subject": {"dateOfBirth": "1980-02-31T00:00:00Z"}}, "must be a time such as"),
        (
            {"phenotypicFeatures": [_feature("HP:0031189")] * (MAX_ENTRIES + 1)},
            "has 10001 entries: at most 10000",
        ),
        (
            {
                "phenotypicFeatures": [
                    _feature(
                        "HP:0031189",
                        severity={"id": "HP:0012825"},
                        modifiers=[{"id": "HP:0012828"}],
                    )
                ]
            },
            "has two severities",
        ),
        (
            {
                "phenotypicFeatures": [
                    _feature("HP:0031189", onset={"age": {"iso8601duration": "44"}})
                ]
            },
            "is no age",
        ),
        (
            {
                "phenotypicFeatures": [
                    _feature("HP:0031189", onset={"age": {"iso8601duration": "P"}})
                ]
            },
            "is no age",
        ),
        (
            {
                "phenotypicFeatures": [
                    _feature("HP:0031189", onset={"age": {"iso8601duration": "P440Y"}})
                ]
            },
            "more than 130 years",
        ),
        (
            {
                "phenotypicFeatures": [
                    _feature("HP:0031189", onset={"age": {}, "gestationalAge": {}})
                ]
            },
            "only one of them",
        ),
        ({"measurements": [{"assay": {"id": "mmn:MuscleStrength"}}]}, "has no value"),
        ({"measurements": [_strength("4-")]}, "must be a number, not '4-'"),
        ({"measurements": [_strength(6)]}, "6 is no MRC grade: 0 to 5, 4- as 3.67"),
        ({"measurements": [_strength(-1)]}, "-1 is no MRC grade"),
        ({"measurements": [_strength(3, site="")]}, "names no muscle, nerve or movement"),
        ({"measurements": [_strength(3, told="right")]}, "'right' is not read: write 'side: right"),
        ({"measurements": [_strength(3, told="side: rigth")]}, "the side 'rigth' is unknown"),
        ({"measurements": [_strength(3, told="segment: x")]}, "a strength has no segment"),
        (
            {
                "measurements": [
                    _measurement("mmn:MuscleStrength", _quantity(3, "UCUM:N"), "mmn:Deltoid")
                ]
            },
            "'UCUM:N' does not fit: use mmn:MrcGrade",
        ),
        (
            {
                "measurements": [
                    _measurement(
                        "mmn:MuscleStrength",
                        {"ontologyClass": {"id": "mmn:present"}},
                        "mmn:Deltoid",
                    )
                ]
            },
            "must be a quantity",
        ),
        (
            {
                "measurements": [
                    _measurement("mmn:CmapAreaReduction", _quantity(-5, "UCUM:%"), "mmn:UlnarNerve")
                ]
            },
            "of -5 cannot be: 0 to 100",
        ),
        (
            {
                "measurements": [
                    _measurement(
                        "mmn:CmapAreaReduction", _quantity(50, "UCUM:mV"), "mmn:UlnarNerve"
                    )
                ]
            },
            "does not fit: use UCUM:% or UO:0000187 or mmn:Percent",
        ),
        (
            {
                "measurements": [
                    _measurement(
                        "mmn:CmapAreaReduction",
                        {"quantity": {"unit": {"id": "UCUM:%"}}},
                        "mmn:UlnarNerve",
                    )
                ]
            },
            "has no value: give the number",
        ),
        (
            {
                "measurements": [
                    _measurement(
                        "mmn:FWaveLatency", _quantity(float("inf"), "UCUM:ms"), "mmn:UlnarNerve"
                    )
                ]
            },
            "no finite number",
        ),
        (
            {
                "measurements": [
                    _measurement(
                        "mmn:FWaveLatency",
                        _quantity(30, "UCUM:ms", low=40.0, high=30.0),
                        "mmn:UlnarNerve",
                    )
                ]
            },
            "begins above its end",
        ),
        (
            {
                "subject": {"timeAtLastEncounter": {"age": {"iso8601duration": "P30Y"}}},
                "phenotypicFeatures": [
                    _feature("HP:0031189", onset={"age": {"iso8601duration": "P40Y"}})
                ],
            },
            "the onset at 40 years comes after the age of 30",
        ),
        (
            {
                "subject": {
                    "dateOfBirth": "1990-01-01T00:00:00Z",
                    "timeAtLastEncounter": {"timestamp": "1980-01-01T00:00:00Z"},
                },
                "phenotypicFeatures": [_feature("HP:0031189")],
            },
            "lies before the birth",
        ),
    ],
)
def test_a_packet_that_breaks_the_profile_is_told(packet: Packet, told: str) -> None:
    """Each breach is one line that names the place and says what to do."""
    with pytest.raises(errors.CaseError) as caught:
        build_case(packet, where="case.json")

    assert told in str(caught.value)
    assert str(caught.value).startswith("case.json: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "packet",
    [
        {"measurements": [_strength(6)]},
        {"measurements": [_strength(3, site="")]},
        {"measurements": [_strength(3, told="right")]},
        {"measurements": [_measurement("mmn:CmapAreaReduction", _quantity(-5, "UCUM:%"), "mmn:X")]},
        {"measurements": [_measurement("mmn:CmapAreaReduction", _quantity(5, "UCUM:mV"), "mmn:X")]},
        {"measurements": [_measurement("mmn:SnapAmplitude", _quantity(14, "UCUM:mV"), "mmn:X")]},
        {"measurements": [{"assay": {"id": "mmn:MuscleStrength"}}]},
        {"id": "x", "phenotypicFeatures": []},
        {"phenotypicFeatures": [{}]},
        {"phenotypicFeatures": [_feature("HP:0031189", onset={"age": {"iso8601duration": "4"}})]},
        {"phenotypicFeatures": [_feature("HP:0031189")], "genes": []},
        {
            "phenotypicFeatures": [_feature("HP:0031189")],
            "metaData": {"phenopacketSchemaVersion": "1.0"},
        },
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(packet: Packet) -> None:
    """The schema file, which other tools use, catches the same breaches."""
    with pytest.raises(errors.CaseError):
        build_case(packet)

    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(packet)


# --- Contradictions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ([("HP:0031189", "", False), ("HP:0031189", "", True)], "both present and excluded"),
        ([("HP:0031189", "R", False), ("HP:0031189", "R", True)], "both present and excluded"),
        ([("HP:0031189", "R", False), ("HP:0031189", "", True)], "both present and excluded"),
        ([("HP:0031189", "both", False), ("HP:0031189", "L", True)], "both present and excluded"),
        (
            [("HP:0031189", "R", False), ("HP:0001324", "", True)],
            "which is more general, is excluded",
        ),
        ([("HP:0001333", "", False), ("HP:0000707", "", True)], "both present and excluded"),
        ([("mmn:WristDrop", "L", False), ("mmn:WristDrop", "both", True)], "both present"),
        ([("HP:0031189", "R", False), ("HP:0031189", "L", True)], ""),
        ([("HP:0031189", "", False), ("HP:0031189", "L", True)], ""),
        ([("HP:0001324", "", False), ("HP:0031189", "", True)], ""),
        ([("HP:0012078", "", False), ("HP:0000762", "", True)], ""),
        ([("HP:0031189", "", False), ("HP:0031189", "R", False)], ""),
    ],
)
def test_contradictions_are_told(features: list[tuple[str, str, bool]], told: str) -> None:
    """A finding cannot be there and not there; the special may lack where the general is there."""
    case = _case(
        *(
            _feature(term, excluded=out, modifiers=[_side(side)] if side else [])
            for term, side, out in features
        )
    )
    if not told:
        check_consistency(case, Hierarchy.shipped())
        return
    with pytest.raises(errors.CaseError) as caught:
        check_consistency(case, Hierarchy.shipped())

    assert told in str(caught.value)
    assert str(caught.value).startswith("x: ")


def test_an_excluded_severity_excludes_that_severity_alone() -> None:
    """No severe weakness does not contradict mild weakness."""
    mild, severe = {"id": "HP:0012825"}, {"id": "HP:0012828"}
    out = _feature("HP:0001324", excluded=True, severity=severe)

    check_consistency(_case(_feature("HP:0001324", severity=mild), out), Hierarchy.shipped())
    with pytest.raises(errors.CaseError, match="both present and excluded"):
        check_consistency(_case(_feature("HP:0001324", severity=severe), out), Hierarchy.shipped())


@pytest.mark.parametrize(
    ("measurements", "told"),
    [
        ([_strength(3), _strength(5)], "strength of mmn:Deltoid, right is 3 and 5"),
        ([_strength(3), _strength(3)], ""),
        ([_strength(3), _strength(5, told="side: both")], "mmn:Deltoid, right is 3 and 5"),
        ([_strength(3), _strength(5, told="side: left")], ""),
        (
            [
                _measurement("mmn:FWaveLatency", _quantity(value, "UCUM:ms"), "mmn:UlnarNerve")
                for value in (30, 40)
            ],
            "mmn:FWaveLatency in mmn:Millisecond of mmn:UlnarNerve is 30 and 40",
        ),
        (
            [
                _measurement("HP:0034118", {"ontologyClass": {"id": f"mmn:{word}"}})
                for word in ("present", "absent")
            ],
            "both present and excluded",
        ),
        (
            [
                _measurement("HP:0034118", {"ontologyClass": {"id": "mmn:NotAssessed"}}),
                _measurement("HP:0034118", {"ontologyClass": {"id": "mmn:present"}}),
            ],
            "present and yet not assessed",
        ),
    ],
)
def test_two_numbers_for_one_thing_are_told(measurements: list[Packet], told: str) -> None:
    """One muscle has one grade, one quantity of a nerve one number, one test one result."""
    case = _case(measurements=measurements)
    if not told:
        check_consistency(case, Hierarchy.shipped())
        return
    with pytest.raises(errors.CaseError, match=told):
        check_consistency(case, Hierarchy.shipped())


def test_a_contradiction_is_one_line_whatever_the_labels() -> None:
    """Line breaks in an id or a label do not reach the message."""
    drop = {"id": "HP:0031189", "label": "Wrist\ndrop"}
    case = _case({"type": drop}, {"type": drop, "excluded": True}, id="a\nb")
    with pytest.raises(errors.CaseError) as caught:
        check_consistency(case, Hierarchy.shipped())

    assert str(caught.value).startswith("a b: HP:0031189 (Wrist drop) is both present")


def test_a_huge_case_is_checked_in_time() -> None:
    """Ten thousand findings, half of them exclusions, take no quadratic time."""
    mild, severe = {"id": "HP:0012825"}, {"id": "HP:0012828"}
    half = MAX_ENTRIES // 2
    case = _case(
        *[_feature("HP:0001324", severity=mild)] * half,
        *[_feature("HP:0001324", severity=severe, excluded=True)] * half,
    )
    start = time.perf_counter()
    check_consistency(case, Hierarchy.shipped())

    assert time.perf_counter() - start < 2


def test_a_finding_told_and_not_assessed_is_a_contradiction() -> None:
    """What is present or excluded was assessed."""
    case = _case(
        _feature("HP:0002380", excluded=True),
        measurements=[_measurement("HP:0002380", {"ontologyClass": {"id": "mmn:NotAssessed"}})],
    )
    with pytest.raises(errors.CaseError, match="excluded and yet not assessed"):
        check_consistency(case, Hierarchy.shipped())


# --- Anything at all -------------------------------------------------------------------------

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def _outcome(act: Callable[[], object]) -> None:
    """Let an act succeed, or fail with one clear line; anything else is a failure of the test."""
    told = ""
    try:
        act()
    except errors.MmnError as error:
        told = str(error)
    assert "\n" not in told


_PLACES = [
    ("id",),
    ("subject", "sex"),
    ("subject", "timeAtLastEncounter", "age", "iso8601duration"),
    ("phenotypicFeatures", 0),
    ("phenotypicFeatures", 0, "type", "id"),
    ("phenotypicFeatures", 0, "modifiers", 0),
    ("measurements", 0),
    ("measurements", 0, "assay", "id"),
    ("measurements", 0, "value"),
    ("measurements", 0, "value", "quantity", "value"),
    ("measurements", 8, "value", "quantity", "unit"),
    ("measurements", 0, "description"),
    ("measurements", 0, "procedure"),
    ("diseases", 0, "onset"),
    ("metaData", "phenopacketSchemaVersion"),
    ("metaData", "resources", 0, "namespacePrefix"),
]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(_PLACES), _ANYTHING)
def test_no_value_ends_in_a_traceback(place: tuple[str | int, ...], value: object) -> None:
    """Whatever stands at a place of a packet, the outcome is a case or one clear line."""
    text = (ROOT / "docs/cases/typical-mmn.json").read_text(encoding="utf-8")
    packet = json.loads(text)
    holder: Any = packet
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    _outcome(lambda: check_consistency(build_case(packet), Hierarchy.shipped()))


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.text(alphabet="{}[]\"':,-&*!?|>%@ \nabHP0:1~.#", max_size=60),
    st.booleans(),
)
def test_no_text_ends_in_a_traceback(text: str, as_yaml: bool) -> None:
    """Whatever a file holds, the outcome is a document or one clear line."""
    _outcome(lambda: parse_document(text, where="x", yaml=as_yaml))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 3000), st.binary(max_size=3))
def test_no_damaged_file_ends_in_a_traceback(path: Path, where: int, new: bytes) -> None:
    """An example with a few bytes overwritten is a case or one clear line."""
    data = bytearray(path.read_bytes())
    data[where : where + len(new)] = new
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    _outcome(lambda: build_case(parse_document(text, where="x", yaml=path.suffix == ".yaml")))


#: Texts without line breaks of YAML, which its writers fold, and none that looks like a number.
_WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=8
).filter(lambda word: not word[:2].strip("+-.")[:1].isdigit())


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-9, 9) | _WORD,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORD, inner, max_size=3),
        max_leaves=10,
    ),
    st.sampled_from([None, '"', "'"]),
)
def test_what_was_written_is_read(value: object, style: str | None) -> None:
    """What a writer of JSON or of YAML wrote comes back the same."""
    assert parse_document(json.dumps(value), where="x") == value
    texts: list[Any] = [value]
    while texts:  # in YAML, quotes make numbers texts: compare texts alone
        item = texts.pop()
        if isinstance(item, dict | list):
            texts.extend([*item, *item.values()] if isinstance(item, dict) else item)
        elif isinstance(item, str):
            text = yaml.safe_dump({"a": item}, allow_unicode=True, default_style=style)
            assert parse_document(text, where="x", yaml=True) == {"a": item}


def test_an_onset_of_a_feature_told_as_a_term_is_a_finding() -> None:
    """Where nothing tells an age at onset, the term that a feature gives for its onset is kept."""
    feature = {
        "type": {"id": "HP:0030237"},
        "onset": {"ontologyClass": {"id": "HP:0003621", "label": "Juvenile onset"}},
    }
    told = build_case({"phenotypicFeatures": [feature]})
    aged = build_case(
        {
            "phenotypicFeatures": [feature],
            "diseases": [
                {"term": {"id": "MONDO:1"}, "onset": {"age": {"iso8601duration": "P40Y"}}}
            ],
        }
    )

    assert [item.given for item in told.observations] == ["HP:0030237", "HP:0003621"]
    assert [item.given for item in aged.observations] == ["HP:0030237"]
