"""Words that a curator selected in the text of a source: checked against the stored text, and made a passage.

What a browser sends is never trusted: the words are those that the server reads at the offsets, and they have to be the ones that
the curator saw. Offsets count code points of the whole stored text from 0, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from base.records.provenance import sha256_of
from base.text.letters import cut_letter
from base.text.names import new_uid
from base.text.near_misses import near_miss
from base.text.numbers import parse_digits
from directory.models import Passage, Source
from directory.models.sources import PassageCheck

LONGEST_SELECTION = 10_000  # code points; a passage is the shortest stretch that proves a fact
MOST_SELECTIONS = 20  # of one card
DIGEST_LENGTH = 16  # hexadecimal digits of the SHA-256 that stands for the words in an address


def digest_of_words(words: str) -> str:
    """Return the 16 hexadecimal digits that stand for selected words in an address, which must not hold words of a text."""
    return sha256_of(words)[:DIGEST_LENGTH]


@dataclass(frozen=True)
class Selection:
    """A stretch of one paragraph of a source whose text is stored. Made by `checked_selection`."""

    source: Source
    paragraph: int  # from 1
    start: int  # code points from the beginning of the whole text
    end: int  # exclusive

    @property
    def words(self) -> str:
        """The selected words as the source prints them."""
        return self.source.text[self.start : self.end]

    @property
    def paragraph_text(self) -> str:
        """The whole paragraph in which they stand."""
        begin, length = self.source.paragraphs[self.paragraph - 1]
        return self.source.text[begin : begin + length]

    @property
    def digest(self) -> str:
        """What stands for the words in an address."""
        return digest_of_words(self.words)

    def passage(self) -> Passage:
        """Return the passage of these words; if it is not recorded yet, it is now. Call it inside a transaction.

        Raises ValidationError if the passage that is recorded there was made from other words.
        """
        digest = sha256_of(self.words)
        values = {
            "paragraph": self.paragraph,
            "sha256": digest,
            "check_state": PassageCheck.VERIFIED,
            "uid": self._free_uid(),
        }
        # Two curators may select the same words at the same moment: then the passage of the quicker one is taken.
        passage, _is_new = Passage.objects.get_or_create(
            source=self.source, start=self.start, end=self.end, defaults=values
        )
        if passage.sha256 != digest:
            raise ValidationError(
                _(
                    "The passage recorded in ¶%(paragraph)s was read from other words than the stored text has there. "
                    "Compare the text with the one that was read before citing it."
                )
                % {"paragraph": self.paragraph},
                code="changed",
            )
        if passage.check_state != PassageCheck.VERIFIED:
            passage.check_state = PassageCheck.VERIFIED
            passage.save(update_fields=["check_state"])
        return passage

    def _free_uid(self) -> str:
        """Return the identity of the passage. A source that has the former id of another one may have to give a number."""
        uid = f"{self.source.slug}.p{self.paragraph}.{self.start}-{self.end}"
        place = {"source": self.source, "start": self.start, "end": self.end}
        return f"{uid}.{new_uid()}" if Passage.objects.filter(uid=uid).exclude(**place).exists() else uid


def checked_selection(source: Source, start: int, end: int, quote: str = "", *, digest: str = "") -> Selection:
    """Return what a curator selected, without the blanks at its ends.

    `quote` are the words that the curator saw; `digest` stands for them in an address (see `digest_of_words`). One of the two
    has to be given. Raises ValidationError with a sentence that says what is wrong: the text is not stored, the offsets lie
    outside it or in two paragraphs, they cut a letter, or other words stand there than the curator saw.
    """
    text = source.text
    if not text:
        raise ValidationError(
            _("The text of this source is not stored, so nothing can be selected in it."), code="text"
        )
    if not 0 <= start < end <= len(text):
        raise ValidationError(
            _("Nothing stands at %(start)s–%(end)s: the text has %(length)s characters. Select the words again.")
            % {"start": start, "end": end, "length": len(text)},
            code="outside",
        )
    if end - start > LONGEST_SELECTION:
        raise ValidationError(
            _("This is too long for a passage: at most %(most)s characters. Select what proves the fact.")
            % {"most": LONGEST_SELECTION},
            code="long",
        )
    words = text[start:end]
    if not (quote or digest):
        raise ValidationError(_("The selected words are missing. Select them again."), code="missing")
    if (quote and quote != words) or (digest and digest != digest_of_words(words)):
        raise ValidationError(_message_of_other_words(source, quote, words), code="changed")
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start >= end:
        raise ValidationError(_("Only blanks are selected. Select the words that prove the fact."), code="blank")
    paragraph = source.paragraph_of(start, end)
    if paragraph is None:
        raise ValidationError(_message_of_paragraphs(source, start, end), code="paragraphs")
    if letter := cut_letter(text, start, end):
        raise ValidationError(
            _("The selection cuts the letter “%s”. Select whole letters.") % letter,
            code="letter",
        )
    return Selection(source, paragraph, start, end)


def _message_of_other_words(source: Source, quote: str, words: str) -> str:
    """Return what to tell a curator who saw other words than stand there now."""
    wrong = _("Other words stand there than you selected; the text may have changed since you opened the page.")
    right = _("Open the page again and select them once more; what you typed is kept.")
    if not quote:
        return f"{wrong} {right}"
    places = [
        number
        for number, (begin, length) in enumerate(source.paragraphs, 1)
        if quote in source.text[begin : begin + length]
    ]
    hint = _("These words stand in ¶%s.") % ", ¶".join(map(str, places[:5])) if places else near_miss(quote, words)
    return " ".join(filter(None, [wrong, hint, right]))


def _message_of_paragraphs(source: Source, start: int, end: int) -> str:
    """Return what to tell a curator whose selection is not within one paragraph."""
    touched = [
        number for number, (begin, length) in enumerate(source.paragraphs, 1) if begin < end and start < begin + length
    ]
    if len(touched) < 2:
        return _("No paragraph holds all of this. Select words of one paragraph.")
    return _(
        "The selection runs from ¶%(first)s to ¶%(last)s, and a passage lies in one paragraph. Select the words of one; a quote "
        "that goes on in the next becomes a second part of the card."
    ) % {"first": touched[0], "last": touched[-1]}


def selections_in(source: Source, data: QueryDict) -> list[Selection]:
    """Return the selections that a card was sent with: `start`, `end` and `quote` or `digest`, once for each.

    Raises ValidationError with the sentences of all that are not sound; for none at all too.
    """
    starts, ends = data.getlist("start"), data.getlist("end")
    quotes, digests = data.getlist("quote"), data.getlist("digest")
    if not starts or len(starts) != len(ends) or len(starts) not in (len(quotes), len(digests)):
        raise ValidationError(_("The selection is not complete. Select the words again."), code="incomplete")
    if len(starts) > MOST_SELECTIONS:
        raise ValidationError(_("At most %s selections make one card.") % MOST_SELECTIONS, code="many")
    selections: list[Selection] = []
    errors: list[ValidationError] = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        try:
            selections.append(
                checked_selection(
                    source,
                    _number(start),
                    _number(end),
                    quotes[place] if len(quotes) == len(starts) else "",
                    digest=digests[place] if len(digests) == len(starts) else "",
                )
            )
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return selections


def _number(text: str) -> int:
    number = parse_digits(text)
    if number is None:
        raise ValidationError(_("“%s” is no place in a text. Select the words again.") % text[:40], code="number")
    return number
