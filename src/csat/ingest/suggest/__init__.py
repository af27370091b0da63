"""A first guess of what each column is, from its name and its values; a person confirms it."""

from csat.ingest.suggest.header import guess_kind
from csat.ingest.suggest.longwise import FileFacts, facts_of_staged
from csat.ingest.suggest.look import suggest
from csat.ingest.suggest.suggestion import Finding, Question, Suggestion

__all__ = [
    "FileFacts",
    "Finding",
    "Question",
    "Suggestion",
    "facts_of_staged",
    "guess_kind",
    "suggest",
]
