"""What can be guessed of a name that is selected: which record it means, of what kind a new one is, in which language it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from base.records.names import NameKind
from base.records.publishing import Status
from base.text.language_tags import is_same_language
from base.text.names import fold
from desk.doubles import MOST_DOUBLES, NAMED_KINDS, Likeness, PossibleDouble, possible_doubles
from desk.proposals.rules import RulesFault, rules_for
from desk.reading.known import proposals_of
from desk.selections import Selection
from directory.models.organizations import OrganizationKind

from .base import Guess
from .guessing import with_title

# A record is chosen by itself if it has exactly the name, but for case, marks and order.
SURE = (Likeness.IDENTICAL, Likeness.FOLDED, Likeness.REORDERED)
KIND_OF_PROPOSAL = {"name": "person", "organization": "organization", "event": "event", "initiative": "initiative"}
_THAI, _VIETNAMESE = re.compile("[\u0e01-\u0e5b]"), re.compile("[ăâđêôơưạ-ỹ]", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z]")
# Words in the names of bodies of a kind; English, Thai, Vietnamese.
_BODIES = {
    OrganizationKind.EDUCATION: "university, school, college, academy, มหาวิทยาลัย, วิทยาลัย, โรงเรียน, đại học, học viện, trường",
    OrganizationKind.ASSOCIATION: "association, federation, union, society, สมาคม, สหพันธ์, ชมรม, hiệp hội, liên đoàn, hội",
    OrganizationKind.GOVERNMENT: "ministry, department, embassy, government, municipality, council, authority, กระทรวง, กรม, "
    "สถานทูต, เทศบาล, bộ, cục, đại sứ quán, ủy ban",
    OrganizationKind.COMPANY: "company, corporation, ltd, inc, bank, studio, บริษัท, ธนาคาร, công ty, ngân hàng, tập đoàn",
    OrganizationKind.MEDIA: "newspaper, television, radio, times, gazette, หนังสือพิมพ์, สถานี, báo, đài truyền hình",
    OrganizationKind.FORUM: "forum, institute, สถาบัน, viện, diễn đàn",
}


@dataclass(frozen=True)
class NameGuesses:
    """Guesses for a name. About 30 queries: five a kind for records called nearly so, and what the rules propose."""

    selection: Selection
    kinds: tuple[str, ...] = tuple(NAMED_KINDS)

    @property
    def words(self) -> str:
        """The name as it is printed."""
        return self.selection.words

    @cached_property
    def doubles(self) -> list[PossibleDouble]:
        """The records that are called nearly so, of all kinds, the likeliest first."""
        found = [each for kind in self.kinds for each in possible_doubles(NAMED_KINDS[kind], self.words)]
        found = [each for each in found if each.record.status != Status.WITHDRAWN]
        return sorted(found, key=lambda each: (each.rank, self.kinds.index(each.record.kind)))[:MOST_DOUBLES]

    @cached_property
    def same(self) -> PossibleDouble | None:
        """The record that is certainly meant; None if there is none, or more than one."""
        sure = [each for each in self.doubles if each.likeness in SURE]
        exact = [each for each in sure if each.likeness == Likeness.IDENTICAL] or sure
        return exact[0] if len(exact) == 1 else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether several records have exactly this name, so that somebody has to say which is meant."""
        return self.same is None and any(each.likeness in SURE for each in self.doubles)

    def all(self) -> dict[str, Guess]:
        """Return the guesses by the name of the field."""
        kind = self.kind()
        guesses = {"kind_of_record": kind, "language": self.language(), "name_kind": self.name_kind()}
        if self.same is not None:
            guesses["same"] = Guess(f"{self.same.record.kind}:{self.same.record.pk}", str(self.same.likeness.label))
        elif not self.is_ambiguous:
            guesses["same"] = Guess("new")
        if body := self.organization_kind():
            guesses["organization_kind"] = body
        return guesses

    def kind(self) -> Guess:
        """Return of what kind a new record would be."""
        if self.same is not None:
            return Guess(self.same.record.kind)
        if len(self.kinds) == 1:
            return Guess(self.kinds[0])
        start, end = self.selection.start, self.selection.end
        proposed = [
            each for each in proposals_of(self.selection.source) if KIND_OF_PROPOSAL.get(each.kind) in self.kinds
        ]
        for proposal in proposed:
            if (start, end) in (proposal.mentions or proposal.spans):
                return Guess(KIND_OF_PROPOSAL[proposal.kind], proposal.reason)
        folded = fold(self.words)
        try:
            rules = rules_for(self.selection.source.language.split("-")[0])
            words = {
                "organization": rules.organizations_word,
                "event": rules.events_word,
                "initiative": rules.initiatives_word,
            }
        except (RulesFault, KeyError):
            words = {}
        # A Vietnamese name begins with what it is; “Văn” is the word of an office there, and elsewhere the middle name of a man.
        begins = is_same_language(self.selection.source.language, "vi")
        for kind, some in words.items():
            for word in some:
                found = f"{folded} ".startswith(f"{fold(word)} ") if begins else _holds_word(folded, fold(word))
                if kind in self.kinds and found:
                    return Guess(kind, _("guessed: “%s”") % word)
        if with_title(self.selection.source.text, start, end) != self.words:
            return Guess("person", _("guessed: “%s”") % with_title(self.selection.source.text, start, end))
        for proposal in proposed:
            if any(a < end and start < b for a, b in proposal.mentions or proposal.spans):
                return Guess(KIND_OF_PROPOSAL[proposal.kind], proposal.reason)
        return Guess(self.kinds[0])

    def language(self) -> Guess:
        """Return the language of the name: that of the article, unless it is written in letters that it has not."""
        language = self.selection.source.language
        if _THAI.search(self.words):
            letters = "th"
        elif _VIETNAMESE.search(self.words):
            letters = "vi"
        elif _LATIN.search(self.words) and is_same_language(language, "th"):
            return Guess("en", _("Latin letters in a Thai article"))
        else:
            return Guess(language, _("the language of the article"))
        if is_same_language(language, letters):
            return Guess(language, _("the language of the article"))
        return Guess(letters, _("by its letters"))

    def name_kind(self) -> Guess:
        """Return what the spelling is to the record: its name, or a spelling beside the one it has."""
        if self.same is None:
            return Guess(NameKind.OFFICIAL)
        known = self.same.record.name
        if known and bool(_THAI.search(known)) != bool(_THAI.search(self.words)):
            return Guess(NameKind.TRANSLITERATION, _("another script than “%s”") % known)
        return Guess(NameKind.VARIANT if known else NameKind.OFFICIAL)

    def organization_kind(self) -> Guess | None:
        """Return what sort of body has such a name."""
        folded = fold(self.words)
        for kind, words in _BODIES.items():
            for word in words.split(", "):
                if _holds_word(folded, fold(word)):
                    return Guess(kind, _("guessed: “%s”") % word)
        return None


def _holds_word(folded: str, word: str) -> bool:
    """Whether a folded text holds a word; in Thai, which writes no blanks, anywhere."""
    return word in folded if _THAI.search(word) else f" {word} " in f" {folded} "
