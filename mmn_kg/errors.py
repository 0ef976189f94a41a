"""
The exceptions that callers of this package may catch.

    MmnError
    ├── SourceError         a file of the ontology's sources breaks a rule
    ├── InputError          something the caller gave cannot be read or is wrong
    │   ├── GraphSyntaxError    a graph file is malformed
    │   ├── QuerySyntaxError    a SPARQL text is malformed
    │   ├── CaseSyntaxError     a case is malformed JSON or YAML
    │   ├── CaseError           a case breaks the profile, or contradicts itself
    │   ├── UnknownTermError    a term that the graph does not hold
    │   ├── UnknownQuestionError
    │   ├── ParameterError      a query parameter that does not fit
    │   └── QueryRefusedError   an untrusted query that is not run, or was stopped
    ├── OutputError         a result cannot be written
    └── EnvironmentLacksError   an optional tool is not installed

Each message is one line: where, what, and what to do about it.

    try:
        graph = mmn_kg.load("mine.ttl")
    except mmn_kg.MmnError as error:
        print(error)
"""

from __future__ import annotations


class MmnError(Exception):
    """Any error that this package raises on purpose."""


class SourceError(MmnError):
    """A file of the ontology's sources breaks a rule of the house."""


class InputError(MmnError):
    """Something that the caller gave cannot be read or is wrong."""


class GraphSyntaxError(InputError):
    """A graph file is malformed."""


class QuerySyntaxError(InputError):
    """A SPARQL text is malformed."""


class CaseSyntaxError(InputError):
    """A case is malformed JSON or YAML."""


class CaseError(InputError):
    """A case is no phenopacket of the profile, or contradicts itself."""


class UnknownTermError(InputError):
    """The graph holds no such term."""


class UnknownQuestionError(InputError):
    """The catalogue holds no such question."""


class ParameterError(InputError):
    """A query parameter does not exist or its value does not fit."""


class QueryRefusedError(InputError):
    """An untrusted query was not run, or was stopped at a limit."""


class OutputError(MmnError):
    """A result cannot be written."""


class EnvironmentLacksError(MmnError):
    """An optional tool that the call needs is not installed."""
