"""Sources: a curator hands in a text; it is measured, and its words stay private."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypedDict

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin import CleanedData, Fieldset, RecordAdmin, RecordForm
from base.records.provenance import sha256_of
from directory.differences import cause_of_difference
from directory.models import Source
from directory.source_texts import UnreadableText, accepted, decoded, store_text
from directory.verification import attach, verify

PARAGRAPHS_SHOWN = 200
PARAGRAPH_EXCERPT = 90  # characters
FAILURES_SHOWN = 20
UPLOAD_FIELDS = ("text_file", "text_typed")

DESCRIPTION_HELP = gettext_lazy(
    "Describe the source as it presents itself. What it does not say stays empty: never guess a date, an author or a "
    "publisher. If it prints no title, write one that describes it and tick “title is ours”."
)
TEXT_HELP = gettext_lazy(
    "The text is stored privately: it is used to find and check passages, and nobody but curators sees it unless "
    "“words may be shown” is ticked, which needs a licence. Only its SHA-256, its length and the lengths of its paragraphs "
    "are public, so that anybody who holds the text can check every passage. Once passages were read from it, a newer version "
    "is taken over at the desk, where you decide on every passage."
)


class SourceForm(RecordForm):
    """A source and its text, given as a file or typed in."""

    text_file = forms.FileField(
        label=gettext_lazy("Text as a file"),
        required=False,
        help_text=gettext_lazy(
            "Plain text in UTF-8, one paragraph a line. It is stored exactly as it is, but for a byte order mark and CR at the "
            "end of lines."
        ),
    )
    text_typed = forms.CharField(
        label=gettext_lazy("Or typed in"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
    )

    checked_by_clean = ("text_typed",)
    not_compared = (*RecordForm.not_compared, *UPLOAD_FIELDS)
    text_changes: Sequence[str] = ()  # what was taken off the text, as sentences

    def clean(self) -> CleanedData:
        """Measure a text that was handed in; refuse one that is not the text the passages were read from."""
        data = super().clean()
        text = self._submitted_text(data)
        if text is None:
            if not self.instance.pk and not (self.has_error("text_file") or self.has_error("text_typed")):
                self.add_error(
                    "text_file", _("Give the text, as a file or typed in: without it no passage can be found.")
                )
            return data
        if self.instance.pk and sha256_of(text) != self.instance.sha256 and self.instance.passages.exists():
            wrong = _(
                "This is another text than the one its passages were read from. Take a newer version over at the desk."
            )
            cause = cause_of_difference(self.instance, text)
            self.add_error(
                "text_file" if data.get("text_file") else "text_typed",
                f"{wrong} {cause.sentence if cause else ''}".rstrip(),
            )
            return data
        store_text(self.instance, text)
        if self.instance.pk:
            for failure in verify(self.instance, text).failures[:FAILURES_SHOWN]:
                self.add_error(None, failure)
        return data

    def _submitted_text(self, data: CleanedData) -> str | None:
        """Return the text that was handed in, or None."""
        known = self.instance.sha256 if self.instance.pk else ""
        name = "text_file" if data.get("text_file") else "text_typed"
        try:
            if name == "text_file":
                data["text_file"].seek(0)  # a refused form is read a second time
                text = decoded(data["text_file"].read(), _("This file"))
            else:
                # Browsers send line breaks of a text area as CR LF.
                text = data.get("text_typed", "").replace("\r\n", "\n")
            if not text and name == "text_typed":
                return None
            read = accepted(text, known)
        except UnreadableText as error:
            self.add_error(name, str(error))
            return None
        self.text_changes = read.changes
        return read.text


@admin.register(Source)
class SourceAdmin(RecordAdmin[Source]):
    """A text that was read, with its paragraphs."""

    form = SourceForm
    change_form_template = "admin/source_change_form.html"
    not_in_sheets = ("text_typed",)
    rows_saved_together = False  # the form measures a text
    list_display = ["title", "source_kind", "language", "publisher", "date", "slug", "status", "updated_at"]
    list_filter = ["status", "source_kind", "language", "title_supplied", "text_is_public"]
    readonly_fields: ClassVar[tuple[str, ...]] = (*RecordAdmin.readonly_fields, "sha256", "length", "text_stored")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("title", "title_language", "title_supplied"),
                    "short_title",
                    ("source_kind", "language", "translated_from"),
                    ("publisher", "author", "date"),
                    "url",
                    "note",
                    "text_language",
                ],
                "description": DESCRIPTION_HELP,
            },
        ),
        (
            gettext_lazy("Text"),
            {
                "fields": [
                    UPLOAD_FIELDS,
                    ("sha256", "length", "text_stored"),
                    ("licence", "text_is_public"),
                ],
                "description": TEXT_HELP,
            },
        ),
    ]

    @admin.display(description=gettext_lazy("text is stored"), boolean=True)
    def text_stored(self, obj: Source) -> bool:
        """Whether the words are there to find passages in."""
        return bool(obj.text)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Leave whole texts in the database where many sources are listed."""
        return super().get_queryset(request).defer("text")

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> list[Fieldset]:
        """Return the fieldsets; without the upload for whoever may only look."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.may_change(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": [line for line in options["fields"] if line != UPLOAD_FIELDS]})
            for title, options in fieldsets
        ]

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Sequence[forms.BaseFormSet], change: bool
    ) -> None:
        """Mark all that is proven by a text that was handed in."""
        for sentence in form.text_changes if isinstance(form, SourceForm) else ():
            self.message_user(request, sentence)
        if change and set(UPLOAD_FIELDS) & set(form.changed_data):
            attach(form.instance, form.instance.text)
        super().save_related(request, form, formsets, change)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, object],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Source | None = None,
    ) -> HttpResponse:
        """Add the table of paragraphs."""
        if obj is not None:
            context["paragraphs"] = paragraph_rows(obj)
            context["paragraphs_in_all"] = len(obj.paragraphs)
        return super().render_change_form(request, context, add, change, form_url, obj)


class ParagraphRow(TypedDict):
    """A line of the table of paragraphs."""

    number: int
    start: int  # code points from the beginning of the text, as `length`
    length: int
    beginning: str  # empty where the text is not stored
    passages: int


def paragraph_rows(source: Source) -> list[ParagraphRow]:
    """Return the lines of the table, of the first 200 paragraphs. One query."""
    grouped = source.passages.order_by().values("paragraph").annotate(count=Count("pk"))
    counts = dict(grouped.filter(paragraph__lte=PARAGRAPHS_SHOWN).values_list("paragraph", "count"))
    return [
        {
            "number": number,
            "start": start,
            "length": length,
            "beginning": source.text[start : start + min(length, PARAGRAPH_EXCERPT)]
            + ("…" if source.text and length > PARAGRAPH_EXCERPT else ""),
            "passages": counts.get(number, 0),
        }
        for number, (start, length) in enumerate(source.paragraphs[:PARAGRAPHS_SHOWN], 1)
    ]
