"""The plain fields of a statement: texts and choices, each one column of its table, one member of the API, one cell of a file.

The import (parsing, checks, storing), the columns of the CSV and the test of the table in docs/curation.md take them from here,
so a new plain field of `Statement` is one line. Relations, wordings and passages are not copied texts and have their own code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Statement


@dataclass(frozen=True)
class PlainField:
    """A plain field. The model alone says how long its text may be and which values it takes.

    `name` is that of the column in files and of the member in the API; `attribute` that of the field of `Statement`, if it differs.
    `meaning` says what belongs there, in the report of problems; `{longest}` and `{choices}` stand for what the model says.
    `in_csv`: whether the CSV has the member just as the API gives it; if not, it has a column of another form, or none.
    """

    name: str
    meaning: Promise | str
    attribute: str = ""
    in_csv: bool = True

    @property
    def column(self) -> str:
        """The column of the table of statements."""
        return self.attribute or self.name

    @cached_property
    def longest(self) -> int | None:
        """How many characters it may have, or None for any number."""
        return self._field.max_length

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The values it takes; none where any text will do."""
        return tuple(str(value) for value, _label in self._field.flatchoices)

    @cached_property
    def default(self) -> str:
        """The value where a file gives none."""
        return str(self._field.get_default())

    @property
    def expected(self) -> str:
        """What belongs in the field, in words."""
        *first, last = self.choices or ("",)
        choices = _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last}
        return str(self.meaning).format(longest=self.longest, choices=choices)

    @property
    def _field(self) -> Field:
        field = Statement._meta.get_field(self.column)
        assert isinstance(field, Field)
        return field


PLAIN_FIELDS = (
    PlainField("speaker_label", gettext_lazy("the group that speaks, at most {longest} characters"), in_csv=False),
    PlainField("role_at_time", gettext_lazy("at most {longest} characters")),
    PlainField("attribution_text", gettext_lazy("at most {longest} characters"), in_csv=False),
    # The API's date may be that of the event.
    PlainField("date", gettext_lazy("an EDTF date: 2025, 2025-03, 2025-03-14, 2025~ or 2025-03/2025-06"), in_csv=False),
    PlainField("kind", "{choices}", attribute="statement_kind"),
    PlainField("attribution", "{choices}"),
    PlainField("certainty", "{choices}"),
    PlainField("note", gettext_lazy("why it is inferred, disputed or rejected")),
)
