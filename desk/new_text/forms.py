"""The forms of a newer version of a text: the text itself, and a decision for every passage."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.text.form_texts import CheckedTextsForm
from directory.models import Source
from directory.source_texts import UnreadableText, accepted, decoded
from directory.stored_texts import TextSpan, find_span

from .moves import Finding, Move, span_at

GIVE_UP = "give up"
OTHER_WORDS = "other words"


class NewerTextForm(CheckedTextsForm, forms.Form):
    """The newer text, as a file or typed; filled with the stored one, so that a typing error is corrected where it stands."""

    file = forms.FileField(
        label=gettext_lazy("Text as a file"),
        required=False,
        help_text=gettext_lazy("Plain text in UTF-8, one paragraph a line. It counts instead of the text above."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "class": "desk-text"}),
        help_text=gettext_lazy("One paragraph a line. Correct it here, or paste the newer version."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=100,
        help_text=gettext_lazy("For the history: for example “the newspaper corrected the article”."),
    )
    checked_by_clean = ("text",)

    def clean(self) -> dict[str, object]:
        """Put the text as it would be stored into `text`."""
        data = super().clean() or {}
        name = "file" if data.get("file") else "text"
        if self.has_error(name):
            return data
        try:
            is_file = name == "file"
            text = decoded(data["file"].read(), _("This file")) if is_file else data["text"].replace("\r\n", "\n")
            if not text.strip():
                raise UnreadableText(_("Write the text."))
            data["text"] = accepted(text).text
        except UnreadableText as error:
            self.add_error(name, str(error))
        return data


class DecisionForm(forms.Form):
    """What becomes of one passage."""

    decision = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Decide what becomes of this passage.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Other words of the newer text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, move: Move, newer: Source, data: object = None) -> None:
        self.move, self.newer = move, newer
        super().__init__(data, prefix=f"passage-{move.passage.pk}", initial={"decision": self._proposal()})  # type: ignore[arg-type]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            *[(f"{span.start}-{span.end}", self._label(span)) for span in move.places],
            (OTHER_WORDS, _("It stands elsewhere, in these words:")),
            (GIVE_UP, _("Give it up: nothing rests on it any more")),
        ]

    def _proposal(self) -> str:
        """Return what is chosen at first: a place where the very words stand, if it is the only one."""
        is_sure = self.move.finding == Finding.SAME or (
            self.move.finding == Finding.ELSEWHERE and len(self.move.places) == 1
        )
        return "{0.start}-{0.end}".format(self.move.places[0]) if is_sure else ""

    def _label(self, span: TextSpan) -> str:
        if self.move.finding == Finding.CHANGED:
            words = self.newer.text[span.start : span.end]
            return _("%(place)s, which reads now: “%(words)s”") % {"place": span, "words": words}
        return str(span)

    def clean(self) -> dict[str, object]:
        """Find other words in the newer text."""
        data = super().clean() or {}
        if data.get("decision") != OTHER_WORDS:
            return data
        words = data.get("words", "").replace("\r\n", "\n").strip()
        if not words:
            self.add_error("words", _("Copy the words from the newer text."))
            return data
        try:
            data["span"] = find_span(self.newer, words)
        except forms.ValidationError as error:
            self.add_error("words", error)
        return data

    @property
    def place(self) -> TextSpan | None:
        """Where the passage stands, as decided; None if it is given up. Of a valid form."""
        decision = self.cleaned_data["decision"]
        if decision == GIVE_UP:
            return None
        if decision == OTHER_WORDS:
            return self.cleaned_data["span"]
        start, end = map(int, decision.split("-"))
        return span_at(self.newer, start, end)


def passage_forms(moves: Sequence[Move], newer: Source, data: object = None) -> list[DecisionForm]:
    """Return a form for every passage."""
    return [DecisionForm(move, newer, data) for move in moves]
