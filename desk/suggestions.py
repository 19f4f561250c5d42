"""What a box of a card suggests while somebody types: records by any of their names, with what tells namesakes apart."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from base.admin import mark_rows_in_review, may
from base.lists.ranking import ranked
from base.records.names import NamedRecord
from base.records.publishing import Status
from base.text.signs import is_blank
from desk.fields import Label, ShownChoice, shown

MOST = 8
LONGEST_QUERY = 200  # characters


def kinds_by_name() -> dict[str, type[NamedRecord]]:
    """Return the models of records with names, by their kind: "person", "topic"."""
    models: list[type[Model]] = list(apps.get_models())
    return {model.kind: model for model in models if issubclass(model, NamedRecord) and hasattr(model, "kind")}


class SuggestionsView(View):
    """The list of choices for what was typed (`q`), of each `kind` that the address names; with `labels=1` the group itself."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the choices as a list box."""
        query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
        known = kinds_by_name()
        rows: list[NamedRecord] = []
        for kind in dict.fromkeys(request.GET.getlist("kind")):
            if kind in known and may(request.user, "view", known[kind]):
                rows += self.rows(known[kind], query)
        mark_rows_in_review(rows)
        choices = [self.suggested(row) for row in rows]
        if request.GET.get("labels") and query and not all(map(is_blank, query)):
            choices.append(shown(Label(query)))
        context: dict[str, Any] = {"choices": choices, "query": query}
        response = TemplateResponse(request, "desk/_suggestions.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @staticmethod
    def rows(model: type[NamedRecord], query: str) -> list[NamedRecord]:
        """Return the best records of a kind, none of them withdrawn. One query, or none without a word."""
        return list(ranked(model._base_manager.exclude(status=Status.WITHDRAWN), query)[:MOST]) if query else []

    @staticmethod
    def suggested(row: NamedRecord) -> ShownChoice:
        """Return a record as a choice: name, kind, id, and the status of what is not public."""
        choice = shown(row)
        note = ", ".join(filter(None, [row.singular_label(), row.slug, choice.note]))
        return ShownChoice(choice.value, choice.text, note)
