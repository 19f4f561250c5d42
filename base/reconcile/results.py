"""Kinds and candidates as the reconciliation protocol writes them."""

from __future__ import annotations

from base.reconcile.matching import Candidate, EntityKind, Result


def type_of(kind: EntityKind) -> dict[str, str]:
    """Return a type as the protocol writes it."""
    return {"id": kind.id, "name": kind.id}


def candidates_of(result: Result) -> list[dict[str, object]]:
    """Return the candidates as the protocol writes them."""
    return [
        {
            "id": candidate.id,
            "name": candidate.record.name,
            "description": description(candidate),
            "type": [type_of(candidate.kind)],
            "score": candidate.score,
            "match": candidate is result.match,
            "features": features(candidate),
        }
        for candidate in result.candidates
    ]


def description(candidate: Candidate) -> str:
    """Say what the record is, and by which of its names it was found."""
    text, language = candidate.spelling
    found_as = f"found as “{text}” ({language})" if text and text != candidate.record.name else ""
    return "; ".join(filter(None, (candidate.kind.describe(candidate.record), found_as)))


def features(candidate: Candidate) -> list[dict[str, object]]:
    """Return the reasons of the score."""
    reasons: dict[str, object] = {
        "name_similarity": candidate.similarity,
        "same_name": candidate.same_name,
        "same_characters": candidate.identical,
        "same_id": candidate.same_id,
        **candidate.agreements,
    }
    return [{"id": name, "value": value} for name, value in reasons.items()]
