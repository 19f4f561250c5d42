"""Direct quotes and reported speech out of reports and quotation marks, with divided quotes put together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from .article import Article, Sentence
from .mentions import Mentions
from .proposal import GAP, Proposal, Span, Speaker
from .quotation_marks import Quotation
from .references import SpeakingSubject
from .rules import alternatives, words_pattern
from .spoken_clause import SpokenClause

_LONGEST_TITLE = 6  # words of a title behind which a comma may stand inside the marks
_FULL_WORDS = 3  # words of a sentence that stands in quotation marks without any verb of speech
_THAI_FRAGMENT = 20  # characters of Thai words in quotation marks that are rather a term than somebody's words
_VIETNAMESE_TERM = 3  # syllables, likewise
_THAI_FULL = 12  # the same in Thai, in characters


@dataclass
class _Quote:
    """A direct quote while it is put together."""

    parts: list[Quotation]
    subject: SpeakingSubject | None
    cue: str
    reason: str
    score: float
    end: int  # of the sentence that holds the last part
    is_fragment: bool = False


@dataclass
class Quotes:
    """Gathers the direct quotes and reported statements of one article."""

    article: Article
    mentions: Mentions
    quotes: list[_Quote] = field(default_factory=list)
    reported: list[Proposal] = field(default_factory=list)

    def add(self, reports: list[SpokenClause]) -> list[Proposal]:
        """Return the proposals for these reports and for quotations that stand by themselves."""
        self._assigned: dict[int, _Quote] = {}  # the quote to which each quotation belongs, by its number
        self._starts = [quotation.start for quotation in self.article.quotations]
        self._ends = [sentence.end for sentence in self.article.sentences]
        for report in reports:
            self._take(report)
        self._continue_over_paragraphs()
        self._take_sentences()
        return [*self.reported, *(self._proposal(quote) for quote in self.quotes)]

    def _quotations_in(self, span: Span) -> list[int]:
        """Return the numbers of the quotations that begin in a stretch."""
        return list(range(bisect_left(self._starts, span[0]), bisect_right(self._starts, span[1] - 1)))

    def _take(self, report: SpokenClause) -> None:
        text = self.article.text
        cue = text[slice(*report.cue)]
        numbers = [
            number for span in report.content for number in self._quotations_in(span) if number not in self._assigned
        ]
        end = max(report.cue[1], max(stop for _begin, stop in report.content))
        sentence_end = self._sentence_end(end)
        if report.is_whole_quote:
            if not numbers:
                return
            quotations = [self.article.quotations[number] for number in numbers]
            if report.cue_kind == "call" and len(numbers) > 1:
                for span in report.content:
                    self._take(replace(report, content=(span,)))
                return
            quote = _Quote(quotations, report.subject, cue, self._reason(report, cue), report.strength, sentence_end)
            if all(self._is_fragment(one) for one in quotations):
                quote.is_fragment = True
                names_thing = report.cue_kind != "call" and self._names_something(quotations[0])
                is_term = (
                    report.cue_kind == "call"
                    and report.subject is not None
                    and not report.subject.who
                    and not report.subject.is_pronoun
                    and not self._is_name(report.subject)
                    and len(self.article.text[quotations[0].start : quotations[0].end].split()) <= 3
                )
                if names_thing or is_term or report.subject is None:
                    return
            self._keep(quote, numbers)
            return
        if report.subject is not None and not self._is_writer(report.subject):
            spans = report.content
            words = GAP.join(text[slice(*span)] for span in spans)
            self.reported.append(
                Proposal(
                    "reported",
                    spans,
                    words,
                    self._reason(report, cue),
                    report.strength,
                    self._speaker(report.subject),
                    cue,
                )
            )
            for number in numbers:
                quotation = self.article.quotations[number]
                short = self.article.language == "th" and quotation.end - quotation.start <= _THAI_FRAGMENT
                syllables = len(text[quotation.start : quotation.end].split())
                short = short or (self.article.language == "vi" and syllables <= _VIETNAMESE_TERM)
                if not short and not self._names_something(quotation):
                    quote = _Quote(
                        [quotation],
                        report.subject,
                        cue,
                        self._reason(report, cue),
                        report.strength - 0.1,
                        sentence_end,
                        True,
                    )
                    self._keep(quote, [number])

    def _keep(self, quote: _Quote, numbers: list[int]) -> None:
        self.quotes.append(quote)
        for number in numbers:
            self._assigned[number] = quote

    def _reason(self, report: SpokenClause, cue: str) -> str:
        if not cue and report.subject is not None:
            speaker = self.article.text[slice(*report.subject.span)]
            return _("“%(speaker)s” stands beside the words.") % {"speaker": speaker}
        if report.subject is None:
            return _("“%(cue)s” stands beside the words.") % {"cue": cue}
        values = {"cue": cue, "speaker": self.article.text[slice(*report.subject.span)], "who": report.subject.who}
        if report.subject.who and report.subject.who != values["speaker"]:
            return _("“%(cue)s” stands beside the words, with “%(speaker)s” for %(who)s.") % values
        return _("“%(cue)s” stands beside the words, with “%(speaker)s”.") % values

    def _sentence_end(self, place: int) -> int:
        sentences = self.article.sentences
        number = bisect_left(self._ends, place)
        return sentences[number].end if number < len(sentences) else place

    def _is_fragment(self, quotation: Quotation) -> bool:
        words = self.article.text[quotation.start : quotation.end].strip()
        return not (
            words[:1].isupper()
            or words[-1:] in ".,!?…"
            or ("\u0e00" <= words[:1] <= "\u0e7f" and len(words) > _THAI_FULL)
        )

    def _is_writer(self, subject: SpeakingSubject) -> bool:
        """Whether “I”, outside quotation marks, is whoever writes the article; what they think is no statement on record."""
        return self.article.language == "en" and self.article.text[slice(*subject.span)] == "I"

    def _is_name(self, subject: SpeakingSubject) -> bool:
        return (
            self.article.text[subject.span[0]].isupper()
            and subject.is_person
            and " " not in self.article.text[slice(*subject.span)]
        )

    def _names_something(self, quotation: Quotation) -> bool:
        """Whether words in quotation marks are a title or a name, by what stands before them and how they are written."""
        words = self.article.text[quotation.start : quotation.end]
        before = self.article.covered[max(0, quotation.start - 32) : max(0, quotation.start - 1)]
        words_before = self.article.rules.marks_title_before
        titles = alternatives(words_before) if self.article.language == "th" else words_pattern(words_before).pattern
        if re.search(rf"{titles}\s*:?\s*(?:the |a |an )?$", before, re.IGNORECASE):
            return not (words[-1:] in ".,!?…" and len(words.split()) > 5)
        capitals = [word for word in words.split() if word[:1].isupper()]
        long = [word for word in words.split() if len(word) > 3]
        return (
            len(words.split()) > 1
            and bool(long)
            and all(word[:1].isupper() for word in long)
            and len(capitals) > 1
            and words[-1:] not in (".!?…" if len(words.split()) <= _LONGEST_TITLE else ".,!?…")
        )

    # Quotations without a verb beside them

    def _continue_over_paragraphs(self) -> None:
        """Join the parts of a quotation that goes on from paragraph to paragraph."""
        quotations = self.article.quotations
        for number in range(len(quotations) - 1):
            if not quotations[number].goes_on:
                continue
            here, after = self._assigned.get(number), self._assigned.get(number + 1)
            if here is not None and after is None:
                here.parts.append(quotations[number + 1])
                here.end = self._sentence_end(quotations[number + 1].end)
                self._assigned[number + 1] = here
            elif here is None and after is not None:
                first = number
                while first > 0 and quotations[first - 1].goes_on and first - 1 not in self._assigned:
                    first -= 1
                for earlier in range(number, first - 1, -1):
                    after.parts.insert(0, quotations[earlier])
                    self._assigned[earlier] = after
            elif (
                here is not None
                and after is not None
                and here is not after
                and here.subject
                and after.subject
                and here.subject.who == after.subject.who
            ):
                here.parts += after.parts
                here.end = after.end
                self.quotes.remove(after)
                for key, value in list(self._assigned.items()):
                    if value is after:
                        self._assigned[key] = here

    def _take_sentences(self) -> None:
        """Take whole sentences in quotation marks: they go on with the quote before them, or have a speaker nearby."""
        sentences = self.article.sentences
        for number, sentence in enumerate(sentences):
            if not self._is_quoted(sentence):
                continue
            inside = [one for one in self._quotations_in((sentence.start, sentence.end)) if one not in self._assigned]
            if not inside:
                continue
            quotations = [self.article.quotations[one] for one in inside]
            before = sentences[number - 1] if number else None
            earlier = self._ending_in(before) if before is not None and before.paragraph == sentence.paragraph else None
            following = sentences[number + 1] if number + 1 < len(sentences) else None
            if earlier is not None and not earlier.is_fragment:
                earlier.parts += quotations
                earlier.end = sentence.end
                self._assigned.update(dict.fromkeys(inside, earlier))
                continue
            if following is not None and following.paragraph == sentence.paragraph:
                later = self._beginning_in(following)
                if later is not None and not later.is_fragment and later.parts[0].start > sentence.start:
                    later.parts = [*quotations, *later.parts]
                    self._assigned.update(dict.fromkeys(inside, later))
                    continue
            answers = before is not None and before.paragraph == sentence.paragraph and self._asks(before)
            if not answers and all(self._is_short(one) for one in quotations):
                continue
            subject, reason = self._subject_nearby(sentence, before)
            if subject is None and following is not None and following.paragraph == sentence.paragraph:
                later = self._ending_in(following) or self._beginning_in(following)
                if later is not None and later.subject is not None:
                    subject, reason = later.subject, _("The sentence behind it goes on with the words.")
            quote = _Quote(quotations, subject, "", reason, 0.6 if subject else 0.45, sentence.end)
            self._keep(quote, inside)

    def _is_quoted(self, sentence: Sentence) -> bool:
        return not re.sub("[\ue000-\ue002]+", "", self.article.covered[sentence.start : sentence.end]).strip(
            " ,.!?…–—-"
        )

    def _asks(self, sentence: Sentence) -> bool:
        """Whether the article itself asks something: “And the best night?”"""
        return self.article.language == "en" and self.article.covered[sentence.end - 1] == "?"

    def _is_short(self, quotation: Quotation) -> bool:
        words = self.article.text[quotation.start : quotation.end]
        if re.search("[\u0e00-\u0e7f]", words):
            return len(words) <= _THAI_FULL
        return len(words.split()) < _FULL_WORDS or self._is_fragment(quotation)

    def _ending_in(self, sentence: Sentence) -> _Quote | None:
        """Return the quote that a sentence ends with, its “she said” included."""
        for number in reversed(self._quotations_in((sentence.start, sentence.end))):
            quote = self._assigned.get(number)
            if quote is not None and quote.end == sentence.end:
                return quote
        return None

    def _beginning_in(self, sentence: Sentence) -> _Quote | None:
        for number in self._quotations_in((sentence.start, sentence.end)):
            quotation = self.article.quotations[number]
            return self._assigned.get(number) if quotation.outer[0] == sentence.start else None
        return None

    def _subject_nearby(self, sentence: Sentence, before: Sentence | None) -> tuple[SpeakingSubject | None, str]:
        """Return who is likely to say a sentence that has no verb of speech, and why."""
        if before is not None and before.paragraph == sentence.paragraph:
            people = [one for one in self.mentions.between(before.start, before.end) if one.kind == "person"]
            if people:
                first = people[0]
                subject = SpeakingSubject(first.span, first.span, first.who, first.record, is_person=True)
                return subject, _("The sentence before names %(who)s.") % {"who": first.who}
        earlier = [quote for quote in self.quotes if quote.parts[-1].end < sentence.start and quote.subject is not None]
        last = max(earlier, key=lambda quote: quote.parts[-1].end, default=None)
        gap = self.article.paragraph_at(sentence.start) - self.article.paragraph_at(last.parts[-1].end) if last else 99
        if self.article.language == "th" and last is not None and gap == 2:
            # “เขา…” stands in the paragraph between, and nobody else does.
            named = self.mentions.between(last.parts[-1].end, sentence.start)
            who = last.subject.who if last.subject else None
            gap = 1 if not any(one.kind == "person" and one.who != who for one in named) else gap
        if last is not None and last.subject is not None and gap <= 1:
            return last.subject, _("The words go on with the last speaker.")
        begin = self.article.paragraphs[max(0, sentence.paragraph - 1)][0]
        people = [one for one in self.mentions.between(begin, sentence.start) if one.kind == "person"]
        if people:
            person = people[-1]
            return SpeakingSubject(person.span, person.span, person.who, person.record, is_person=True), _(
                "The paragraph before names %(who)s."
            ) % {"who": person.who}
        return None, _("A whole sentence stands in quotation marks; who says it is not said.")

    # Proposals

    def _speaker(self, subject: SpeakingSubject | None) -> Speaker | None:
        return subject.speaker(self.article.text) if subject is not None else None

    def _proposal(self, quote: _Quote) -> Proposal:
        spans = tuple((part.start, part.end) for part in sorted(quote.parts, key=lambda one: one.start))
        words = GAP.join(self.article.text[slice(*span)] for span in spans)
        return Proposal("quote", spans, words, quote.reason, quote.score, self._speaker(quote.subject), quote.cue)
