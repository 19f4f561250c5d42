"""What the cards of names, roles and events have in common: facts that the selected words prove, made or only cited once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin import ChangeRefused, is_public, keeping_published_valid, may, require_supported
from base.records.merge_plan import find_twin
from base.records.moved_texts import add_missing_translations
from base.records.provenance import Certainty, Fact
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.translations import TranslatedTexts
from directory.models import Passage, PersonName

from .base import Card
from .translations import TranslatedCardForm

FactT = TypeVar("FactT", bound=Fact)
RecordT = TypeVar("RecordT", bound=Record)


class FactCardForm(TranslatedCardForm):
    """How certain the selected words make the fact, and why it is not stated."""

    text_model: ClassVar[type[TranslatedTexts]] = PersonName
    use_required_attribute = False  # a box of chosen records is empty once one is chosen

    certainty = forms.ChoiceField(
        label=gettext_lazy("Certainty"), choices=Certainty.choices, initial=Certainty.STATED, required=False
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def needs_more(self) -> bool:
        """Whether the fields that fold out hold something that has to be seen: an error or a doubt."""
        if not self.is_bound:
            return False
        return (
            super().needs_more()
            or bool({"certainty", "note"} & self.errors.keys())
            or self["certainty"].value()
            not in (
                "",
                Certainty.STATED,
            )
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a doubt without a reason."""
        data = super().clean() or self.cleaned_data
        data["certainty"] = data.get("certainty") or Certainty.STATED
        if data["certainty"] != Certainty.STATED and not data.get("note"):
            self.add_error("note", _("Say why this is inferred, disputed or rejected."))
        return data


class FactCard(Card):
    """A card that makes facts. What is on record already gets the selected words as one more passage, and no second row."""

    @property
    def is_publishing(self) -> bool:
        """Whether the button “Save and publish” sent the card."""
        return self.request.POST.get("action") == "publish"

    def passages(self) -> list[Passage]:
        """Return the passages of the selections; they are recorded if they were not. Call it inside a transaction."""
        return [selection.passage() for selection in self.selections]

    def recorded(self, fact: FactT, passages: Sequence[Passage]) -> FactT:
        """Save a fact with its passages, or add the passages to the row that says the same already, and return the row.

        Raises ChangeRefused if that would be seen by readers and the curator may not publish, or if the row was withdrawn.
        """
        twin = find_twin(fact)
        if isinstance(twin, type(fact)):
            return self.cited(twin, passages, fact)
        self.facts.append(fact)
        fact.status = self.status_of(fact)
        fact.full_clean(exclude=["uid"])
        return self.saved_with(fact, passages)

    def status_of(self, fact: Fact) -> str:
        """Return the status of a new fact: a draft if readers would see it at once and it is not to be published."""
        if fact.hidden_parents():
            return Status.PUBLISHED  # it is seen once its records are
        if settings.REVIEW_BY_TWO:
            return Status.DRAFT  # another person publishes it
        public = self.is_publishing and may(self.request.user, "publish", type(fact))
        return Status.PUBLISHED if public and self.source.status == Status.PUBLISHED else Status.DRAFT

    def saved_with(self, row: FactT | RecordT, passages: Sequence[Passage]) -> FactT | RecordT:
        """Save a new row with its passages and one line of history."""
        row._change_reason = self.change_reason
        row.skip_history_when_saving = True  # type: ignore[union-attr]  # the history has one line, with the passages
        row.save()
        del row.skip_history_when_saving  # type: ignore[union-attr]
        row.passages.set(passages)  # type: ignore[union-attr]
        require_supported(row)
        return row

    def cited(self, row: FactT, passages: Sequence[Passage], typed: Fact) -> FactT:
        """Add passages to a row that is on record, and translations of its texts that were typed and that it has not."""
        if row.status == Status.WITHDRAWN:
            raise ChangeRefused([_("“%s” is on record, and was withdrawn. Look at its history first.") % row])
        self.facts.append(row)
        new = set(passages) - set(row.passages.all())
        translations = row.translations
        row.translations = {language: dict(texts) for language, texts in translations.items()}
        add_missing_translations(typed, row)
        if is_translated := row.translations != translations:
            row.full_clean()
        if new or is_translated:
            self.refuse_if_public(row)
            with keeping_published_valid([row]):
                row._change_reason = self.change_reason
                if is_translated:
                    row.save()
                row.passages.add(*new)
                require_supported(row)
        return row

    def refuse_if_public(self, row: Publishable) -> None:
        """Raise ChangeRefused if a change of this row would be seen by readers and the curator may not publish."""
        if not may(self.request.user, "change", type(row)):
            raise ChangeRefused([_("“%s” is on record, and you may not change it.") % row])
        if is_public(row) and not may(self.request.user, "publish", type(row)):
            raise ChangeRefused([_("“%s” is public. An editor has to add what you selected; nothing was saved.") % row])

    def require_right(self, *models: type[Model]) -> None:
        """Raise ChangeRefused unless the curator may add rows of all these kinds."""
        if not may(self.request.user, "add", *models):
            kinds = ", ".join(str(model._meta.verbose_name_plural) for model in models)
            raise ChangeRefused([_("You may not add: %s.") % kinds])

    def sentence(self, row: Model, published: bool) -> str:
        """Return what is said once the card is saved; public is only what readers see."""
        if is_public(row):
            return _("Public: %s") % row
        if isinstance(row, Fact) and row.status == Status.PUBLISHED and (hidden := row.hidden_parents()):
            names = ", ".join(f"“{parent}”" for parent in hidden.values())
            return _("Saved: %(row)s. It is seen once %(records)s is public.") % {"row": row, "records": names}
        return _("Saved as a draft: %s") % row


def check_one_line(words: str, most: int) -> None:
    """Raise ValidationError if selected words cannot be a name."""
    if len(words) > most:
        raise ValidationError(
            _("This is too long for a name: %(count)s characters, at most %(most)s.")
            % {"count": len(words), "most": most},
            code="long",
        )
