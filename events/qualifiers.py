"""What must be said with a statement wherever it is shown or taken: its kind, its certainty, and whose words they are.

Pages, citations, feeds, embeds, structured data and annotations take their words from here, in the language that is active.
A statement and its wordings are documents in the shape of the API.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base.documents.plan import Document
from base.records.doubt import certainty_label, is_doubtful, with_doubt
from base.text.language_names import language_name
from directory.templatetags.record import plain_name

from .models.statements import Nature, StatementKind
from .wordings import printed_beside, wording_to_read


def kind_label(statement: Document) -> str:
    """Return the word for the kind of a statement: direct quote, reported speech or narrated."""
    return str(StatementKind(statement["kind"]).label)


def nature_label(wording: Document) -> str:
    """Return the word for what a wording is: words as printed, a translation or a paraphrase."""
    return str(Nature(wording["nature"]).label)


def short_qualifiers(statement: Document, shown: Document | None = None) -> list[str]:
    """Return the words that a title puts behind the speaker: the kind, and the certainty unless the statement is stated.

    `shown` is the wording that the title begins with: of a direct quote, it is said if that is not the words as printed.
    """
    words = [kind_label(statement)]
    if shown and statement["kind"] == StatementKind.DIRECT and shown["nature"] != Nature.VERBATIM:
        words.append(nature_label(shown))
    if is_doubtful(statement["certainty"]):
        words.append(certainty_label(statement["certainty"]))
    return words


def qualifier_sentences(statement: Document) -> str:
    """Return kind and certainty as sentences: "Kind: narrated. Certainty: inferred." """
    return _("Kind: %(kind)s. Certainty: %(certainty)s.") % {
        "kind": kind_label(statement),
        "certainty": certainty_label(statement["certainty"]),
    }


def credited(speaker: str, statement: Document) -> str:
    """Return the name of the speaker for a field that holds an author: never without the doubt that there is."""
    return with_doubt(speaker, statement["certainty"])


def spoken_as(statement: Document) -> str:
    """Return in which role and on whose behalf it was said at the time: "director, on behalf of Film Board"; may be empty."""
    parts = [statement["role_at_time"]]
    if statement["on_behalf_of"]:
        name = plain_name(statement["on_behalf_of"])
        parts.append(pgettext("a speaker", "on behalf of %(organization)s") % {"organization": name})
    return ", ".join(part for part in parts if part)


def role_names_organization(statement: Document) -> bool:
    """Return whether the role names the organization on whose behalf it was said: "President of VFDA", on behalf of VFDA.

    The organization is known by its name, or by its id, which keeps an abbreviation when the name is spelled out.
    """
    organization = statement["on_behalf_of"]
    if not organization:
        return False
    role = f"-{slugify(statement['role_at_time'])}-"
    name = organization["name"].casefold()
    return f"-{organization['id']}-" in role or bool(name and name in statement["role_at_time"].casefold())


def wording_source(wording: Document) -> str:
    """Return what a wording is and whose: "English translation by the editors", "words as printed"."""
    if wording["nature"] == Nature.VERBATIM:
        return nature_label(wording)
    text = _("%(language)s translation by %(by)s")
    if wording["nature"] == Nature.PARAPHRASE:
        text = _("%(language)s paraphrase by %(by)s")
    return text % {"language": language_name(wording["language"]), "by": wording["by"] or _("the editors")}


def _quoted(wording: Document, language: str) -> str:
    """Return words as printed in quotation marks, with their language if it is not the reader's: “…” [in Thai]."""
    spoken = wording["language"]
    if spoken == language:
        return f"“{wording['text']}”"
    note = pgettext("language of a quotation", "in %(language)s") % {"language": language_name(spoken)}
    return f"“{wording['text']}” [{note}]"


def cited_words(statement: Document, language: str) -> list[str]:
    """Return the words to cite: as printed, in quotation marks; then what a reader of this language reads, and whose it is.

    Only words as printed stand in quotation marks. A translation or paraphrase names itself in square brackets.
    """
    wordings: Sequence[Document] = statement["wordings"]
    words = [_quoted(wording, language) for wording in printed_beside(wordings, None)[:1]]
    reading = wording_to_read(wordings, language)
    if reading and reading["nature"] != Nature.VERBATIM:
        words.append(f"[{wording_source(reading)}] {reading['text']}")
    return words
