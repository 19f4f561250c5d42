"""How many rows of a kind there are, in words: each language has its own way to put a number and a noun together."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _


def count_label(model: type[Model], number: int, *, more: bool = False) -> str:
    """Return a number of rows in words: “12 people”, “5,000+ statements”, “1 name of a person”.

    A kind of record has a sentence of its own for it (`counted`), because Thai counts people by another word than events.
    `more` says that there are more rows than `number`.
    """
    values = {"number": intcomma(number) + ("+" if more else ""), "total": number}
    counted: Promise | None = getattr(model, "counted", None)
    if counted is not None:
        return str(counted % values)
    opts = model._meta
    things = opts.verbose_name if number == 1 and not more else opts.verbose_name_plural
    return _("%(number)s %(things)s") % {**values, "things": things}
