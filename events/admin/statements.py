"""Statements and their wordings."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from base.admin import (
    CHANGE_FIELDSET,
    EVIDENCE_HELP,
    BoundedFormSet,
    CitedRecordForm,
    CleanedData,
    CurationAdmin,
    CurationForm,
    EvidenceFilter,
    FactInline,
    Fieldset,
    Inline,
    RecordAdmin,
    StaleRowForm,
)
from base.records.publishing import Status
from base.text.confirmation import ConfirmedTextInput
from base.text.form_texts import CheckedTextsForm
from base.text.language_names import language_name
from base.text.language_tags import is_language, is_same_language
from events.admin.import_page import import_file_page, import_page, may_import
from events.models import Statement, StatementRelation, Wording
from events.models.segments import in_reading_order, printed_words
from events.models.statements import Nature
from events.wordings import with_words

FIRST_WORDS = 90  # characters by which a list shows a statement

SPEAKER_HELP = gettext_lazy(
    "A person, or an organization, or a group by its label: one of them. “Role at the time” is what this source calls the "
    "speaker here, even if another source knows a later post. “On behalf of” is for a speaker who speaks for somebody. "
    "Attribution: the passage names the speaker; or it says “he” or “the Ambassador” and an earlier one names them; or "
    "only the context tells. For the last two say in the note how you know."
)
STATEMENT_KIND_HELP = gettext_lazy(
    "Quotation marks alone do not make a direct quote: titles and mottoes stand in them too. Only a stretch of the "
    "speaker's own words is “direct”; what the source retells is “reported”; a paragraph that goes on in the speaker's "
    "voice without naming them is “narrated”."
)


class StatementForm(CitedRecordForm):
    """A statement; a published one keeps its speaker and its passages."""

    def clean(self) -> CleanedData:
        """Refuse to take from a public statement what it rests on."""
        data = super().clean()
        if data.get("speaker") and data.get("speaker_organization"):
            self.add_error(
                "speaker_organization",
                _("A person or an organization speaks, not both; put the organization under “on behalf of”."),
            )
        if self.instance.status != Status.PUBLISHED or "_withdraw" in self.data:
            return data
        if not any(data.get(name) for name in ("speaker", "speaker_organization", "speaker_label")):
            self.add_error(
                "speaker", _("A published statement keeps its speaker. Name one, or withdraw the statement.")
            )
        if not data.get("passages") and not self.has_error("passages"):
            self.add_error("passages", _("A published statement keeps a passage. Cite one, or withdraw the statement."))
        return data


class WordingFormMixin(CheckedTextsForm, StaleRowForm):
    """Asks for the passage of words as printed at its own field, and whether their language is another than the source's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].widget = ConfirmedTextInput()
        if "text" in self.fields:
            self.fields["text"].required = False  # words as printed are read from the source

    def clean(self) -> CleanedData:
        """Refuse words as printed that are printed nowhere; ask about those in another language than their source."""
        data = super().clean() or self.cleaned_data
        if "further_passages" in data:
            self._read_passages(data)
        if "text" in data and not data["text"]:
            self.add_error("text", self.fields["text"].error_messages["required"])
        if data.get("nature") != Nature.VERBATIM:
            return data
        if not data.get("passage"):
            self.add_error("passage", _("Words as printed need the passage they are printed in."))
        elif is_language(data.get("language") or "") and {"nature", "language", "passage"} & set(self.changed_data):
            self._ask_about_language(data["language"], data["passage"].source.language)
        return data

    def _read_passages(self, data: CleanedData) -> None:
        """Bring the passages of a quote into the order of its source, and read its words from them where none were typed."""
        further = list(data["further_passages"])
        if data.get("nature") == Nature.VERBATIM and further:
            first = [data["passage"]] if data.get("passage") else []
            data["passage"], *further = in_reading_order([*first, *further])
            data["further_passages"] = further
        self.instance.chosen_passages = further
        changed = set(self.changed_data)
        if data.get("nature") == Nature.VERBATIM and data.get("passage") and "text" in data:
            is_typed = data["text"] and ("text" in changed or "further_passages" not in changed)
            if not is_typed:
                data["text"] = printed_words([data["passage"], *further]) or data["text"]

    def _ask_about_language(self, language: str, of_source: str) -> None:
        """Add the question whether words are in a language that is not that of their source, unless it was answered."""
        widget = self.fields["language"].widget
        if not is_same_language(language, of_source) and not widget.is_confirmed(language):
            widget.ask(language)
            question = _("The source is in %(source)s; are these words really %(language)s?")
            names = {"source": language_name(of_source), "language": language_name(language)}
            self.add_error("language", question % names)


class WordingPageForm(WordingFormMixin, CurationForm):
    """The form of a wording's own page."""


class WordingFormSet(BoundedFormSet):
    """The wordings of a statement; a published one keeps one that readers may see."""

    def clean(self) -> None:
        """Refuse to take the last wording from a published statement."""
        super().clean()
        if self.instance.pk is None or self.instance.status != Status.PUBLISHED or any(self.errors):
            return
        published = [row for row in self.remaining_rows() if row["status"] == Status.PUBLISHED]
        if not published and not self.rows_not_in_form().filter(status=Status.PUBLISHED).exists():
            raise ValidationError(_("A published statement keeps a published wording. Withdraw the statement first."))


class Wordings(Inline):
    """The texts of a statement, kept apart by language and nature."""

    model = Wording
    form = WordingFormMixin
    formset = WordingFormSet
    fields = (("nature", "language", "status"), "text", ("passage", "further_passages", "by"), "seen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Load the passages in which divided quotes go on, for all wordings at once."""
        return super().get_queryset(request).prefetch_related("further_passages")

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> forms.Field | None:
        """Guide where the choice of nature is made."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "nature":
            field.help_text = _(
                "Words as printed: copied character by character from a direct quote, with its passage; only these are "
                "ever shown in quotation marks. Translation: a rendering of a direct quote. Paraphrase: what was said, "
                "in your own words; right for everything reported or narrated."
            )
        if field is not None and db_field.name == "text":
            field.help_text = _("Left empty, words as printed are read from their passages, where the text is stored.")
        return field


class StatementRelationFormSet(BoundedFormSet):
    """The relations of a statement, each once."""

    def clean(self) -> None:
        """Refuse two rows of the form that say the same."""
        super().clean()
        named = [(row.get("kind"), row.get("other")) for row in self.remaining_rows()]
        if not any(self.errors) and len({*named}) < len(named):
            raise ValidationError(_("Two rows say the same of this statement and another one; keep one of them."))


class StatementRelations(FactInline):
    """Other statements that make the same claim or contradict it."""

    model = StatementRelation
    formset = StatementRelationFormSet
    fk_name = "statement"
    facts = ("kind", "other")


class StatementRelationsFromOthers(FactInline):
    """Relations that were recorded at the other statement; they can be corrected at either."""

    model = StatementRelation
    fk_name = "other"
    facts = ("kind", "statement")
    verbose_name_plural = gettext_lazy("relations recorded at the other statement")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Offer one place to add a relation, not two."""
        return False


@admin.register(Statement)
class StatementAdmin(RecordAdmin[Statement]):
    """One claim that a source attributes to somebody."""

    form = StatementForm
    change_list_template = "admin/statement_change_list.html"
    fieldsets = [
        (
            gettext_lazy("Who speaks"),
            {
                "fields": [
                    ("speaker", "speaker_organization", "speaker_label"),
                    ("role_at_time", "on_behalf_of"),
                    ("attribution", "attribution_text"),
                ],
                "description": SPEAKER_HELP,
            },
        ),
        (
            gettext_lazy("What was said"),
            {"fields": ["statement_kind", ("event", "date")], "description": STATEMENT_KIND_HELP},
        ),
        (
            gettext_lazy("Evidence"),
            {"fields": ["passages", "certainty", "note", "text_language"], "description": EVIDENCE_HELP},
        ),
        (
            gettext_lazy("About"),
            {"fields": [("initiatives", "topics"), ("about_people", "about_organizations")]},
        ),
    ]
    list_display = ["beginning", "who", "event", "statement_kind", "status", "slug", "updated_at"]
    list_filter = ["status", "statement_kind", "attribution", "certainty", EvidenceFilter]
    inlines = [Wordings, StatementRelations, StatementRelationsFromOthers]
    folded_columns = ("search", "speaker__search", "speaker_organization__search", "event__search")

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the import."""
        site = self.admin_site
        page, file_page = partial(import_page, site), partial(import_file_page, site)
        return [
            path("import/", site.admin_view(page), name="events_statement_import"),
            path("import/<int:pk>/", site.admin_view(file_page), name="events_statement_import_file"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, and offer the import to those who may add all that it makes."""
        context = {"may_import": may_import(cast(User, request.user)), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        """Load who speaks and where with each statement, and the words to know it by."""
        rows = super().get_queryset(request).select_related("speaker", "speaker_organization", "event")
        return with_words(rows, get_language() or "")

    def choice_label(self, obj: Statement) -> str:
        """Return who says it, the first words, and the id that tells it from others."""
        words = getattr(obj, "words", "")  # `get_queryset` adds them
        return f"{obj.speaker_name}: {Truncator(words).chars(FIRST_WORDS)} ({obj.slug})" if words else str(obj)

    @admin.display(description=gettext_lazy("words"))
    def beginning(self, obj: Statement) -> str:
        """Return the first words, in the curator's language if there are any; without a wording the public id."""
        words = obj.words  # type: ignore[attr-defined]  # `get_queryset` adds it
        return Truncator(words).chars(FIRST_WORDS) if words else obj.slug

    @admin.display(description=gettext_lazy("speaker"))
    def who(self, obj: Statement) -> str:
        """Return who speaks."""
        return obj.speaker_name


@admin.register(Wording)
class WordingAdmin(CurationAdmin[Wording]):
    """All wordings."""

    form = WordingPageForm
    list_display = ["__str__", "who", "language", "nature", "proven", "status"]
    list_filter = ["status", "nature", "proven", "language"]
    folded_columns = ("statement__search",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wording]:
        """Load the statement and its speaker with each wording."""
        rows = super().get_queryset(request)
        return rows.select_related("statement__speaker", "statement__speaker_organization", "statement__event")

    @admin.display(description=gettext_lazy("speaker"))
    def who(self, obj: Wording) -> str:
        """Return whose words they are."""
        return obj.statement.speaker_name

    def get_fieldsets(self, request: HttpRequest, obj: Wording | None = None) -> list[Fieldset]:
        """Return the wording and the reason of the change."""
        fields = [name for name in flatten(Wordings.fields) if name != "seen"]
        wording: Fieldset = (None, {"fields": ["statement", *fields]})
        return [wording, CHANGE_FIELDSET] if self.may_change(request, obj) else [wording]
