"""The way from a text to its proposals: names first, then who says what, then everything else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from desk.proposals.english.names import EnglishNames
from desk.proposals.thai.names import ThaiNames
from desk.proposals.thai.roles import ThaiRoles
from desk.proposals.thai.speech import ThaiSpeech
from desk.proposals.vietnamese.dialogues import Dialogues
from desk.proposals.vietnamese.names import VietnameseNames
from desk.proposals.vietnamese.roles import VietnameseRoles

from .article import Article, UncoveredArticle
from .dates import date_spans
from .initiatives import initiative_spans
from .interviews import InterviewAnswer, interview_answers
from .known_names import KnownNames
from .mentions import Mention, Mentions, NameKind
from .printed_text import PrintedText, printed_text
from .proposal import GAP, Kind, Proposal, Span, Speaker
from .quotation_marks import Quotation
from .quotes import Quotes
from .roles import Roles
from .rules import LANGUAGES, Rules, rules_for
from .spoken_words import SpokenWords

_ROLES: dict[str, type[Roles] | type[ThaiRoles]] = {"en": Roles, "th": ThaiRoles, "vi": VietnameseRoles}
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")  # of somebody who is not to be known
_SURE = 0.78  # of a name that stands in a quotation only
_NAME_KINDS: dict[NameKind, Kind] = {
    "person": "name",
    "organization": "organization",
    "event": "event",
    "initiative": "initiative",
}


class UnknownLanguage(ValueError):
    """There are no rules for a language; the message names those that there are."""


def propose(text: str, language: str, names: KnownNames | None = None) -> list[Proposal]:
    """Return what the rules find in an article, in the order of the text. Nothing is written, and nothing is looked up elsewhere.

    `language` is a BCP 47 tag whose first part is `en`, `th` or `vi`. Spans count code points of `text`. `names` are the
    spellings on record; without them every name is a new one. Raises UnknownLanguage.
    """
    code = language.casefold().split("-")[0]
    if code not in LANGUAGES:
        raise UnknownLanguage(
            _("There are no rules for “%(language)s”; there are for en, th and vi.") % {"language": language}
        )
    rules = rules_for(code)
    printed = printed_text(text)
    text = printed.text
    turns = interview_answers(text, rules)
    spoken = tuple(Quotation(*turn.span, "", is_closed=False) for turn in turns)
    dialogue = () if turns or code != "vi" else tuple(Dialogues(rules).quotations(text))
    article = Article(text, code, spoken, dialogue)
    mentions = Mentions(_all_mentions(article, code, names))
    quotes = Quotes(article, mentions)
    reports = (ThaiSpeech if code == "th" else SpokenWords)(article, mentions).reports()
    found = quotes.add(reports)
    found += _interview(article, mentions, turns, rules)
    found += _ROLES[code](article, mentions).proposals()
    said = {span for one in found for span in one.spans if one.kind == "quote"}
    found += _names(article, mentions)
    found += [
        Proposal("initiative", (span,), text[slice(*span)], _("A word for an initiative stands beside the name."), 0.65)
        for span in initiative_spans(article)
        if span not in said  # “called the plan ‘late, and still welcome’” quotes and names nothing
    ]
    found += [
        Proposal("date", (span,), text[slice(*span)], _("A day or a month with its name or in figures."), 0.8)
        for span in date_spans(article.text, code)
    ]
    found = [_as_printed(proposal, printed) for proposal in found]
    return sorted(found, key=lambda one: (one.spans[0], -one.spans[-1][1], one.kind))


def _as_printed(proposal: Proposal, text: PrintedText) -> Proposal:
    """Return a proposal whose spans and texts are those of the text as it was given."""
    speaker = proposal.speaker
    if speaker is not None and speaker.span is not None:
        place = text.span(speaker.span)
        speaker = replace(speaker, span=place, text=text.printed[slice(*place)])
    spans = tuple(text.span(span) for span in proposal.spans)
    words = GAP.join(text.printed[slice(*span)] for span in spans)
    mentions = tuple(text.span(span) for span in proposal.mentions)
    return replace(proposal, spans=spans, text=words, speaker=speaker, mentions=mentions)


def _all_mentions(article: Article, code: str, names: KnownNames | None) -> list[Mention]:
    """Return the mentions of names on record, and of new ones beside them."""
    known: list[Mention] = []
    for found in names.find(article.text) if names else ():
        record, printed = found.records[0], article.text[found.start : found.end]
        if printed[:1].islower() and record.name[:1].isupper():
            continue
        reason = _("This spelling is on record.")
        known.append(Mention(found.start, found.end, record.kind, record.name, 1.0, reason, record.reference()))
    finders: dict[str, type[EnglishNames] | type[ThaiNames] | type[VietnameseNames]]
    finders = {"en": EnglishNames, "th": ThaiNames, "vi": VietnameseNames}
    mentions = [*known, *finders[code](article).mentions(known)]
    return [*mentions, *_people_in_quotations(article, mentions)] if code == "vi" else mentions


def _people_in_quotations(article: Article, found: list[Mention]) -> Iterable[Mention]:
    """Yield people who are named in full in somebody's words."""
    named = {one.who.split()[-1] for one in found if one.kind == "person"}
    for mention in VietnameseNames(UncoveredArticle(article.text, "vi")).mentions(found):
        is_quoted = not article.covered[mention.start].isupper()
        is_full = " " in mention.who and mention.score >= _SURE
        if mention.kind == "person" and is_quoted and is_full and mention.who.split()[-1] not in named:
            yield mention


def _names(article: Article, mentions: Mentions) -> Iterable[Proposal]:
    """Yield one proposal a name, at the first place that has it in full."""
    for kind, proposed in _NAME_KINDS.items():
        for who, places in mentions.of_kind(kind).items():
            if _INITIALS.fullmatch(who):
                continue
            full = max(places, key=lambda one: (one.end - one.start, -one.start))
            first = next((one for one in places if one.end - one.start == full.end - full.start), full)
            yield Proposal(
                proposed,
                (first.span,),
                article.text[first.start : first.end],
                first.reason,
                max(one.score for one in places),
                record=first.record,
                mentions=tuple(one.span for one in places),
            )


def _interview(article: Article, mentions: Mentions, turns: list[InterviewAnswer], rules: Rules) -> Iterable[Proposal]:
    """Yield the answers of an interview, with the label for the speaker."""
    if not turns:
        return
    asked = re.compile("|".join(re.escape(word) for word in rules.interview_asker) or "(?!)", re.IGNORECASE)
    begin = turns[0].label[0]
    people = [one for one in mentions.between(0, max(begin, turns[0].span[0])) if one.kind == "person"]
    asking = {one.who for one in people if asked.search(article.text[max(0, one.start - 24) : one.start])}
    guests = [one for one in people if one.who not in asking] or people
    named = [one for turn in turns if not turn.is_question for one in mentions.between(*turn.label)]
    if named:
        guests = named
    elif article.language == "vi":
        counts = Counter(one.who for one in mentions.all if one.kind == "person")
        guests.sort(key=lambda one: -counts[one.who])
    for turn in turns:
        if turn.is_question:
            continue
        label = article.text[slice(*turn.label)]
        inside = mentions.between(*turn.label)
        who: str | None = None
        record = None
        if inside:
            who, record = inside[0].who, inside[0].record
        elif (
            not label or any(label.casefold() == word.casefold() for word in rules.interview_answer) or len(label) <= 3
        ):
            who, record = (guests[0].who, guests[0].record) if guests else (None, None)
        else:
            who = next((one.who for one in people if set(label.split()) & set(one.who.split())), label)
        if who in asking:
            continue
        span: Span | None = inside[0].span if inside else turn.label
        if span is not None and span[0] == span[1]:
            span = None
        speaker = Speaker(article.text[slice(*span)] if span else who or "", span, who, record) if span or who else None
        reason = _("The paragraph is an answer of “%(label)s” in an interview.") % {"label": label}
        yield Proposal("quote", (turn.span,), article.text[slice(*turn.span)], reason, 0.85, speaker, label)
