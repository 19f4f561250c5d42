"""Passages: found by their exact words where the text is stored, else given by numbers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin import (
    CHANGE_FIELDSET,
    CleanedData,
    CurationAdmin,
    CurationForm,
    Fieldset,
    WordMatch,
    citing_counts,
    citing_rows,
)
from base.records.provenance import sha256_of
from base.text.names import fold_letters
from directory.models import Passage, Source
from directory.stored_texts import find_span, recheck_proven_words

MOST_MESSAGES = 20
FIRST_WORDS = 50  # characters of a passage by which curators know it
PLACE_HELP = gettext_lazy(
    "Where the text of the source is stored, paste the exact words: paragraph, start, end and SHA-256 follow. If they "
    "occur more than once, add the paragraph. Or give start and end. Choose the shortest stretch that proves the fact "
    "and can be understood; a passage never runs over two paragraphs."
)


class PassageForm(CurationForm):
    """Finds the span of words, or checks a span that is given."""

    words = forms.CharField(
        label=gettext_lazy("Exact words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Copied from the source. They are only used to find the place, and not kept."),
    )
    filled_by_words = ("paragraph", "start", "end", "sha256")
    checked_by_clean = ("words",)  # the source says what may stand there

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.filled_by_words:
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> CleanedData:
        """Fill in what follows from words or from start and end; say what is still missing."""
        data = super().clean()
        source = data.get("source") or (self.instance.source if self.instance.source_id else None)
        if source is None or self.errors:
            return data
        if data.get("words"):
            given = {name for name in ("paragraph", "start") if name in self.changed_data or not self.instance.pk}
            narrowed_by = {name: data.get(name) for name in given}
            try:
                span = find_span(source, data["words"], **narrowed_by)
            except forms.ValidationError as error:
                self.add_error("words", error)
                return data
            data.update(paragraph=span.paragraph, start=span.start, end=span.end, sha256=sha256_of(data["words"]))
            return data
        start, end = data.get("start"), data.get("end")
        if start is None or end is None:
            missing = _("Give the exact words, or start and end.")
            self.add_error("words" if source.text else "start", missing)
            return data
        if data.get("paragraph") is None:
            data["paragraph"] = source.paragraph_of(start, end)
        if data["paragraph"] is None:
            self.add_error("end", _("No paragraph of this source holds all of %(start)s–%(end)s.") % data)
        elif not data.get("sha256"):
            if source.text:
                data["sha256"] = sha256_of(source.text[start:end])
            else:
                self.add_error("sha256", _("The text of this source is not stored, so the SHA-256 has to be given."))
        return data


@admin.register(Passage)
class PassageAdmin(CurationAdmin[Passage]):
    """A span of a source, and everything that rests on it."""

    form = PassageForm
    list_display = ["words_or_place", "source", "paragraph", "check_state"]
    list_filter = ["check_state"]
    folded_columns = ("source__search",)
    rows_saved_together = False  # each is compared with the text of its source

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        """Load the source with each passage and, instead of its text, the first words of the passage."""
        rows = super().get_queryset(request).select_related("source").defer("source__text")
        return rows.annotate(first_words=Substr("source__text", F("start") + 1, FIRST_WORDS))

    @admin.display(description=gettext_lazy("begins with"))
    def beginning(self, obj: Passage) -> str:
        """Return the first words, where the text is stored. Only curators see them."""
        return obj.first_words[: obj.end - obj.start]  # type: ignore[attr-defined]  # `get_queryset` adds it

    @admin.display(description=gettext_lazy("words"))
    def words_or_place(self, obj: Passage) -> str:
        """Return the first words; where the text is not stored, the place."""
        return self.beginning(obj) or str(obj)

    def choice_label(self, obj: Passage) -> str:
        """Return the place and the first words."""
        return f"{obj} {self.beginning(obj)}".strip()

    def get_fieldsets(self, request: HttpRequest, obj: Passage | None = None) -> list[Fieldset]:
        """Return the place; for whoever may change it, with the field for words and the reason of the change."""
        may_change = self.may_change(request, obj)
        words = ["words"] if may_change else []
        state = ["check_state"] if obj else []
        fields: tuple[str | tuple[str, ...], ...] = ("source", *words, ("paragraph", "start", "end"), "sha256", *state)
        place: Fieldset = (None, {"fields": fields, "description": PLACE_HELP})
        return [place, CHANGE_FIELDSET] if may_change else [place]

    def get_readonly_fields(self, request: HttpRequest, obj: Passage | None = None) -> tuple[str, ...]:
        """Keep a passage with its source: its identity names it."""
        return ("source", "check_state") if obj else ("check_state",)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Complete the source."""
        return ["source"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Passage], search_term: str
    ) -> tuple[QuerySet[Passage], bool]:
        """Find passages as curators write them: “film-workshop 21”, “¶21”, “p21”, “4200-4230”, or an identity."""
        if ".p" in search_term and (exact := queryset.filter(uid=search_term.strip())).exists():
            return exact, False
        # A label pasted whole, “film-workshop ¶21 [4200–4230]”, is taken apart too.
        return super().get_search_results(request, queryset, re.sub(r"[\[\],]", " ", search_term))

    def words_of(self, search_term: str) -> list[str]:
        """Return the folded words of what was typed, with their signs: a span has a dash."""
        return fold_letters(search_term).split()

    def word_matches(self, word: str) -> list[WordMatch]:
        """Return how one word leads to passages: as a paragraph, a span, an offset, or a part of the source's id or title."""
        in_source = Q(source__in=Source.objects.filter(slug__contains=word).values("pk"))
        matches = [*super().word_matches(word), WordMatch(in_source, in_source)]
        if span := re.fullmatch(r"(\d{1,9})[-–](\d{1,9})", word):
            place = Q(start=int(span[1]), end=int(span[2]))
            return [*matches, WordMatch(place, place)]
        if number := re.fullmatch(r"(¶|p)?(\d{1,9})", word):
            place = Q(paragraph=int(number[2]))
            if not number[1]:
                place |= Q(start=int(number[2])) | Q(end=int(number[2]))
            return [WordMatch(place, place)]
        return matches

    def save_model(self, request: HttpRequest, obj: Passage, form: forms.ModelForm, change: bool) -> None:
        """Compare the passage with the stored text, and the words it proves with the passage."""
        if obj.source.text:
            obj.check_state = obj.examine(obj.source.text)
        super().save_model(request, obj, form, change)
        recheck_proven_words(obj)

    def deletion_problems(self, rows: QuerySet[Passage]) -> list[str]:
        """Return a sentence for every passage that something rests on."""
        text = _("“%(passage)s” proves something, for example “%(row)s”, and cannot be deleted. It carries %(rows)s.")
        return [
            text % {"passage": row, "row": citing[0], "rows": citing_counts(row)}
            for row in rows[:MOST_MESSAGES]
            if (citing := citing_rows(row))
        ]
