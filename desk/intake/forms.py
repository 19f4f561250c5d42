"""The forms of the intake: what is taken in, and the facts of the article that it becomes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin import CleanedData
from base.text.form_texts import CheckedTextsForm
from directory.models import Source


class NewArticleForm(CheckedTextsForm, forms.Form):
    """A pasted text or a file."""

    checked_by_clean = ("text",)

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,.html,.htm,.pdf,.docx"}),
    )

    def clean(self) -> CleanedData:
        """Ask for one of the two."""
        data = super().clean() or self.cleaned_data
        if not data.get("file") and not data.get("text", "").strip():
            self.add_error("text", _("Paste the text, or choose a file."))
        return data


class ArticleForm(CheckedTextsForm, forms.ModelForm):
    """The facts of a source that is made of a text: title, language, date and where it stands."""

    class Meta:
        model = Source
        fields = ("title", "title_supplied", "language", "date", "source_kind", "publisher", "author", "url")
        widgets: ClassVar[dict[str, forms.Widget]] = {"title": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].help_text = _("For example th, vi or en.")

    def typed_facts(self) -> dict[str, str]:
        """Return what stands in the fields as it was typed, to be kept before it is right."""
        values = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return {name: str(value)[:1000] for name, value in values.items() if value}
