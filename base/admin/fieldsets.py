"""Fieldsets, and help in them, that several forms of the admin share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # these types live in the stubs alone
    from django.contrib.admin.options import _FieldOpts
    from django.utils.functional import _StrOrPromise

Fieldset: TypeAlias = "tuple[_StrOrPromise | None, _FieldOpts]"  # title and options, as Django takes them

EVIDENCE_HELP = _(
    "Stated: the passage says it in so many words. Inferred: you concluded it; say how in the note. Disputed: passages "
    "contradict each other; keep both rows. Rejected: other passages overrule it; it stays visible, marked as rejected. "
    "When in doubt, say that it is doubtful."
)
CHANGE_TITLE = _("This change")
CHANGE_FIELDSET: Fieldset = (CHANGE_TITLE, {"fields": ["change_reason", "seen"]})
