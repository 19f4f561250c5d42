"""Publishing from lists and forms, alone or together: what is ready, with the reasons where it cannot be done."""

from __future__ import annotations

from functools import partial

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.pages import CurationAdmin
from base.admin.signals import publication_questions
from base.records.locking import RowsByModel
from base.records.publishing import Publishable
from base.records.publishing_rows import publish_row
from base.records.publishing_together import PublishedTogether, Refusals, publish_rows, refusals
from base.records.records import Record
from base.records.second_person import Account, another_has_to, rows_needing_another


def publish(row: Publishable, reason: str = "", user: Account = None) -> list[str]:
    """Publish a row, or return why it cannot be or what has to be answered first. One that is public already is left alone.

    `user` is who publishes it; where two people are needed, not somebody who changed it.
    """
    return publish_row(row, reason, user, questions_of)


@admin.action(permissions=["publish"], description=gettext_lazy("Publish selected rows"))
def publish_selected(modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]) -> None:
    """Publish what is ready, and say what is not and why."""
    modeladmin.apply_to_each(request, queryset, partial(publish, user=request.user), _("%(count)s published."))


def questions_of(row: Publishable) -> list[str]:
    """Return what has to be answered before a row is published, as sentences."""
    return publication_questions(row) if isinstance(row, Record) else []


def obstacles_of(rows: RowsByModel) -> Refusals:
    """Return why some of these drafts could not be published with the others, by row. Nothing is changed."""
    return refusals(rows, questions_of)


def publish_what_is_ready(rows: RowsByModel, reason: str, user: AbstractBaseUser) -> PublishedTogether:
    """Publish those of these drafts that are ready, in one transaction of the caller, and say why the others are not.

    What another person has to publish (`second_person.py`) is refused, and what rests on it. Asks for no rights.
    """
    own = {(model, key) for model, keys in rows_needing_another(user, rows).items() for key in keys}
    others = {model: {key for key in keys if (model, key) not in own} for model, keys in rows.items()}
    outcome = publish_rows(others, reason, user, questions_of)
    outcome.refused |= {row: [another_has_to()] for row in own}
    return outcome
