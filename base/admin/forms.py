"""Base forms of the admin: they ask why a change is made, notice who was quicker, and check what a fact needs."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.conflicts import conflict_message
from base.admin.stale_forms import StaleRowForm
from base.records.provenance import Certainty, Fact
from base.records.publishing import Status
from base.text.form_texts import CheckedTextsForm

CleanedData: TypeAlias = dict[str, Any]  # what a form hands over, by the name of the field


class CurationForm(CheckedTextsForm, StaleRowForm):
    """Asks for the reason of a change."""

    not_compared: ClassVar[tuple[str, ...]] = ("change_reason",)

    change_reason = forms.CharField(
        label=gettext_lazy("Reason for this change"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Kept in the history. Where readers see the change, they see this reason too."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version := getattr(self.instance, "_history", None):  # an old version is about to be restored
            for field in self._meta.model._meta.many_to_many:
                if hasattr(version, field.name):
                    column = field.m2m_reverse_field_name()
                    self.initial[field.name] = [
                        getattr(row, f"{column}_id") for row in getattr(version, field.name).all()
                    ]


class CitedFormMixin(CheckedTextsForm, forms.ModelForm):
    """Asks for a note where a fact is not stated. The database would refuse it too, but not at the right field."""

    def clean(self) -> CleanedData:
        """Refuse a doubt without a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("certainty", Certainty.STATED) != Certainty.STATED and not data.get("note"):
            self.add_error("note", _("Say why this is inferred, disputed or rejected."))
        return data


class FactForm(CitedFormMixin, StaleRowForm):
    """A name, link or description. A public and stated one needs its passage, unless the model asks for none."""

    needs_passage = True
    goes_last = False  # whether it is a new row whose position was left empty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields and not self.instance.pk:
            self.fields["position"].required = False
            self.initial["position"] = None

    def clean(self) -> CleanedData:
        """Refuse a stated fact that nobody could check. A row that was so before is left alone until it is changed."""
        data = super().clean()
        if "position" in data and data["position"] is None:
            data["position"], self.goes_last = 0, True
        public = data.get("status") == Status.PUBLISHED and data.get("certainty") == Certainty.STATED
        if self.needs_passage and public and self.has_changed() and not data.get("passages"):
            self.add_error(
                "passages",
                _(
                    "A stated fact needs at least one passage. If no passage says it, choose “inferred” and say why; "
                    "if you have not found it yet, choose “draft”."
                ),
            )
        return data

    def validate_unique(self) -> None:
        """Refuse a link that is on record the other way round: on the page of a record Django leaves out checks of its own key."""
        super().validate_unique()
        if self.instance.either_way and not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, error)


def next_position(row: Fact) -> int:
    """Return the position behind the rows that the record of this new row already has. One query."""
    owner = row.public_parents[0]
    siblings = type(row)._base_manager.filter(**{owner: getattr(row, owner)})
    last = siblings.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


class EditorsFactForm(FactForm):
    """A fact in the editors' own words, such as the name of a topic: no passage is asked for."""

    needs_passage = False


class FactPageForm(FactForm, CurationForm):
    """The form of a fact on the page of that fact alone."""


class EditorsFactPageForm(EditorsFactForm, CurationForm):
    """The form of a fact in the editors' own words, on the page of that fact alone."""


class RecordForm(CurationForm):
    """The form of a record. It notices if somebody else saved the record after the form was opened."""

    refused_unchanged = True

    def stale_message(self, seen: str) -> str:
        """Return who was quicker, with a link to the saved version."""
        return conflict_message(self.instance, seen)

    def version_of_fields(self) -> str:
        """Return the time of the last change: of the record, or of a name or link that its page shows."""
        return str(self.instance.updated_at.isoformat())

    def _get_validation_exclusions(self) -> set[str]:
        """Leave an empty id unchecked: saving makes one."""
        exclusions = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions if self.cleaned_data.get("slug") else {*exclusions, "slug"}

    def clean_slug(self) -> str:
        """Return the id; if the field was emptied, the one the record has."""
        return self.cleaned_data["slug"] or self.instance.slug

    def clean(self) -> CleanedData:
        """Refuse to overwrite what this curator has not seen, and a withdrawal that does not say why."""
        data = super().clean()
        if "_withdraw" in self.data and self.instance.status != Status.PUBLISHED:
            self.add_error(None, _("Only what is public can be withdrawn."))
        elif "_withdraw" in self.data and not data.get("withdrawn_reason"):
            self.add_error(
                "withdrawn_reason", _("Say why it is withdrawn: everybody who follows an old link reads it.")
            )
        elif (
            self.instance.status == Status.WITHDRAWN
            and not self.instance.merged_into_id
            and not data.get("withdrawn_reason")
        ):
            self.add_error("withdrawn_reason", _("A withdrawn record goes on saying why."))
        return data


class CitedRecordForm(CitedFormMixin, RecordForm):
    """The form of a record that cites passages itself."""
