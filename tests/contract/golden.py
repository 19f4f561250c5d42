"""What the API must answer for rows of the database, written out in full."""

from __future__ import annotations

from typing import Any

HOST = "http://testserver"


def ref(record: Any) -> dict[str, Any]:
    """Return a nested record."""
    found = {"id": record.slug, "url": f"{HOST}/api/v1/{record.plural}/{record.slug}/", "name": record.name}
    return {**found, "name_language": record.name_language}


def place(record: Any) -> dict[str, Any]:
    """Return a nested record that has no name."""
    return {"id": record.slug, "url": f"{HOST}/api/v1/{record.plural}/{record.slug}/"}


def head(record: Any) -> dict[str, Any]:
    """Return the beginning of every record."""
    return {
        "id": record.slug,
        "url": f"{HOST}/api/v1/{record.plural}/{record.slug}/",
        "page": f"{HOST}/{record.plural}/{record.slug}/",
    }


def passage(row: Any) -> dict[str, Any]:
    """Return a passage."""
    return {
        "uid": row.uid,
        "source": ref(row.source),
        "paragraph": row.paragraph,
        "start": row.start,
        "end": row.end,
        "sha256": row.sha256,
        "check": "unverified",
    }


def segment(row: Any, text: str) -> dict[str, Any]:
    """Return a segment of a quote in this passage."""
    return {"passage": row.uid, "text": text, "start": row.start, "end": row.end, "sha256": row.sha256}


def cited(*passages: Any, certainty: str = "stated", note: str = "") -> dict[str, Any]:
    """Return the end of every cited row."""
    found = [passage(row) for row in passages]
    return {"certainty": certainty, "note": note, **texts(), "passages": found}


def texts() -> dict[str, Any]:
    """Return what stands beside texts of the editors that are in English and have no translation."""
    return {"text_language": "en", "translations": {}}


def name(row: Any, *passages: Any, **cite: str) -> dict[str, Any]:
    """Return one spelling."""
    return {"id": row.uid, "text": row.text, "language": row.language, "kind": row.kind, **cited(*passages, **cite)}


def labels(record: Any, **by_language: str) -> dict[str, Any]:
    """Return what a record is called."""
    return {"name": record.name, "name_language": record.name_language, "labels": by_language}


def changed(record: Any) -> dict[str, Any]:
    """Return the end of every record."""
    record.refresh_from_db(fields=["updated_at"])
    return {"updated_at": record.updated_at.isoformat(timespec="microseconds").replace("+00:00", "Z")}
