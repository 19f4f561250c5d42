"""Forms of the admin that were not saved yet: what was typed outlives a closed tab, an ended login and a restarted server."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

MOST_BYTES = 1_000_000  # of one form
MOST_DRAFTS = 50  # of one curator; the oldest makes room
MOST_OFFERED = 5  # of one form at once
MOST_ADDRESS = 500  # characters
NOT_KEPT = ("csrfmiddlewaretoken", "draft_path", "draft_action")
KEY = re.compile("[0-9a-f]{8}")  # of an opened page
SECRET = re.compile("passw|otp|token|secret|code$", re.IGNORECASE)  # in the name of a field


class FormDraft(models.Model):
    """A form of one curator on one opened page, as it was last typed. Nobody else sees it; it goes when the form is saved.

    Two pages of one address have a draft each, so that neither takes the place of the other.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=MOST_ADDRESS)  # with the query, and behind a # the key of the opened page
    data = models.TextField()  # as a browser sends it, without its token
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["updated_at"], name="form_draft_updated")]  # for clear_expired
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="form_draft_once")]

    def __str__(self) -> str:
        return self.path

    @property
    def key(self) -> str:
        """Return the key of the page that it was typed on; empty if that had none."""
        return self.path.partition("#")[2]


def is_secret(name: str) -> bool:
    """Return whether a field of this name may hold a password or a one-time code, which is never kept."""
    return SECRET.search(name) is not None


def without_secrets(data: QueryDict) -> QueryDict:
    """Return what was sent without passwords and one-time codes, as a copy that can be changed."""
    form = data.copy()
    for name in filter(is_secret, data):
        del form[name]
    return form


def path_of_draft(path: str, key: str) -> str:
    """Return where the form of this address is kept for the opened page with this key; a key that is none of ours is left out."""
    return f"{path}#{key}" if KEY.fullmatch(key) else path


def drafts_of_form(user: AbstractBaseUser | AnonymousUser, path: str) -> list[FormDraft]:
    """Return what this curator typed at this address and did not save, the newest first, without the texts. One query."""
    if not user.pk:
        return []
    drafts = FormDraft.objects.filter(user_id=user.pk).defer("data")
    return [draft for draft in drafts if draft.path.partition("#")[0] == path][:MOST_OFFERED]


def draft_of_form(user: AbstractBaseUser | AnonymousUser, path: str) -> FormDraft | None:
    """Return what this curator typed on one page and did not save; None if nothing. `path` is of `path_of_draft`. One query."""
    return FormDraft.objects.filter(user_id=user.pk or 0, path=path).first() if user.pk else None


def keep_form(user: AbstractBaseUser | AnonymousUser, path: str, data: QueryDict) -> FormDraft:
    """Keep what is typed into a form, in place of what was kept of it. Raises ValidationError if it is too long."""
    form = without_secrets(data)
    for name in NOT_KEPT:
        form.pop(name, None)
    text = form.urlencode()
    if len(text) > MOST_BYTES or len(path) > MOST_ADDRESS:
        raise ValidationError(_("This form is too long to be kept. Save it, or make it shorter."), code="long")
    draft, is_new = FormDraft.objects.update_or_create(user_id=user.pk or 0, path=path, defaults={"data": text})
    if is_new:
        of_user = FormDraft.objects.filter(user_id=user.pk or 0)
        FormDraft.objects.filter(pk__in=list(of_user.values_list("pk", flat=True)[MOST_DRAFTS:])).delete()
    return draft


def forget_form(user: AbstractBaseUser | AnonymousUser, path: str) -> None:
    """Forget what was typed: the form is saved, or was thrown away."""
    FormDraft.objects.filter(user_id=user.pk or 0, path=path).delete()
