"""C without an open card: the selected words become one more passage of a row that is on record already."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from base.admin import (
    DATABASE_REFUSALS,
    ChangeRefused,
    is_public,
    keeping_published_valid,
    may,
    require_supported,
    sentence_of_refusal,
)
from base.records.change_reasons import ChangeReason
from base.records.history import keep_first_versions
from base.records.provenance import Cited
from base.records.publishing import Publishable, Status
from base.records.support import cited_models
from base.text.numbers import parse_digits
from desk.fields import MOST_DIGITS
from desk.pages import SourceView
from desk.selections import Selection, selections_in
from directory.models import Passage

from .errors import sentences_of, status_of

CITED_TOO = ChangeReason(gettext_noop("Cites ¶%(paragraph)s of %(source)s too"))


class CiteView(SourceView):
    """POST adds the selected words as a passage to the row that `record` names, as `events.statement:12`."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Add the passage, or say why it cannot be added: 422, or 409 if something changed meanwhile."""
        errors, status = [], 422
        try:
            (selection,) = selections_in(self.source, request.POST)[:1]
            with transaction.atomic():
                row = self.row_to_cite_for(request.POST.get("record", ""))
                self.cite(row, selection)
            return self.line_of(row, selection)
        except ValidationError as error:
            errors, status = sentences_of(error), status_of(error)
        except ChangeRefused as error:
            errors = error.reasons
        except DATABASE_REFUSALS as error:
            errors, status = [sentence_of_refusal(error)], 409
        return self.render(
            "desk/cards/_refused.html", {"title": pgettext("a card", "Cite"), "errors": errors, "typed": []}, status
        )

    def row_to_cite_for(self, name: str) -> Publishable:
        """Return the row, locked. Raises ValidationError if there is none, PermissionDenied if the curator may not change it."""
        label, _colon, key = name.partition(":")
        models = {model._meta.label_lower: model for model in cited_models()}
        number = parse_digits(key, MOST_DIGITS)
        model = models.get(label)
        rows = model._base_manager.select_for_update(of=("self",)) if model is not None else None
        row = rows.filter(pk=number).first() if rows is not None and number is not None else None
        if row is None:
            raise ValidationError(_("This is not there any more; somebody has deleted it."), code="changed")
        if not may(self.request.user, "change", type(row)) or not may(self.request.user, "add", Passage):
            raise PermissionDenied
        if row.status == Status.WITHDRAWN:
            raise ValidationError(_("“%s” is withdrawn; nothing is cited for it.") % row, code="withdrawn")
        if is_public(row) and not may(self.request.user, "publish", type(row)):
            raise ChangeRefused([_("“%s” is public; an editor has to add the passage.") % row])
        return row

    def cite(self, row: Publishable, selection: Selection) -> None:
        """Add the passage to the row, with one line in its history."""
        passages = cast(Cited, row).passages
        passage = selection.passage()
        if passages.filter(pk=passage.pk).exists():
            raise ValidationError(_("“%s” cites these words already.") % row, code="again")
        with keeping_published_valid([row]):
            keep_first_versions(type(row), [row.pk])
            row.skip_history_when_saving = True  # type: ignore[attr-defined]  # the history gets its line below
            passages.add(passage)
            del row.skip_history_when_saving  # type: ignore[attr-defined]
            row._change_reason = CITED_TOO({"paragraph": selection.paragraph, "source": self.source.slug})
            row.save()
            require_supported(row)

    def line_of(self, row: Publishable, selection: Selection) -> HttpResponse:
        """Return the line that says so."""
        sentence = _("Cited from ¶%(paragraph)s: %(row)s") % {"paragraph": selection.paragraph, "row": row}
        return self.saved_line(row, sentence)
