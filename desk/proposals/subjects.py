"""Who does the speaking, in languages with blanks between words: the words that stand beside a verb."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from .article import Article
from .mentions import Mention, Mentions
from .proposal import Span
from .references import ReferringWords, SpeakingSubject
from .rules import alternatives
from .unnamed_subjects import UnnamedSubjects

_COVERED = "[\ue000-\ue002]"
_LONGEST_TERM = 24  # characters in quotation marks inside an apposition: “người thầy từng ‘đuổi’ chị”
WINDOW = 260  # characters looked at on either side of a verb


class Subjects(ReferringWords):
    """Finds who speaks, beside the verbs of one article."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        super().__init__(article, mentions)
        self.unnamed = UnnamedSubjects(article) if article.language == "en" else None

    # Patterns

    @cached_property
    def _between(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<!\w){alternatives(self.rules.speech_between)}$|(?<![\w])[^\W\d_]{{2,}}ly$", re.IGNORECASE
        )

    @cached_property
    def _honour(self) -> re.Pattern[str]:
        return re.compile(rf"(?:,? {alternatives(self.rules.names_behind)})+$")

    @cached_property
    def _pronoun(self) -> re.Pattern[str]:
        rules = self.rules
        words = (*rules.reference_he, *rules.reference_she, *rules.reference_they, *rules.reference_anybody)
        return re.compile(rf"(?<!\w){alternatives(words)}$", re.IGNORECASE)

    @cached_property
    def _noun(self) -> re.Pattern[str]:
        """A noun with its article, at the end of a text: “the old minister”."""
        rules = self.rules
        nouns = alternatives([*rules.roles_word, *rules.reference_group, *rules.names_kin])
        articles = alternatives(rules.reference_the)
        return re.compile(rf"(?<!\w)(?:{articles} (?:[\w’'-]+ ){{0,4}}?)?(?:[\w’'-]+ )?{nouns}$", re.IGNORECASE)

    @cached_property
    def _spokesperson(self) -> re.Pattern[str]:
        """“A spokesperson for”, before a word that may be the name of a body."""
        rules = self.rules
        return re.compile(
            rf"(?:{alternatives(rules.reference_the)} )?{alternatives(rules.roles_word)} (?:for|of|at) $", re.IGNORECASE
        )

    @cached_property
    def _long_noun(self) -> re.Pattern[str]:
        """A noun that begins its clause, with what belongs to it: “A spokeswoman for the fire brigade”."""
        rules = self.rules
        nouns = alternatives([*rules.roles_word, *rules.reference_group, *rules.names_kin])
        return re.compile(
            rf"(?:^|(?<=[,;:\ue002(] )|(?<=[.!?] ))((?:{alternatives(rules.reference_the)} )?(?:[\w’'-]+ ){{0,3}}?{nouns}"
            rf" (?:for|of|from|at|with|in) (?:[\w’'-]+ ){{0,6}}?[\w’'-]+)$",
            re.IGNORECASE,
        )

    @cached_property
    def _any_noun(self) -> re.Pattern[str]:
        """An article and a few small words: “one visitor”."""
        word = r"[^\W\d_A-Z][\w’'-]*"
        return re.compile(
            rf"(?i:{alternatives(self.rules.reference_the)}) (?:(?!who\b|that\b|of\b){word} ){{0,3}}?({word})"
            r"(?=[,.;:!?]| (?:who|of|from|at|in|after|on|with|as|when|outside)\b|$)"
        )

    @cached_property
    def _noun_ahead(self) -> re.Pattern[str]:
        rules = self.rules
        nouns = alternatives([*rules.roles_word, *rules.reference_group, *rules.names_kin])
        articles = alternatives(rules.reference_the)
        return re.compile(rf"(?:{articles} )(?:[\w’'-]+ ){{0,3}}?{nouns}(?!\w)|{nouns}(?!\w)", re.IGNORECASE)

    # Left of a verb

    def left_of(self, begin: int, cue: int) -> SpeakingSubject | None:
        """Return the subject that stands before a verb at `cue`, in a sentence that begins at `begin`."""
        begin = max(begin, cue - WINDOW)
        place = self._without_words_between(begin, cue)
        if place <= begin:
            return None
        if honour := self._honour.search(self.covered[begin:place]):
            place = begin + honour.start()
        if self.covered[place - 1] == ")":
            opened = self.covered.rfind("(", begin, place)
            if opened > begin:
                place = self._stripped(begin, opened)
        mention = self.mentions.ending_at(place)
        if mention is not None and mention.start >= begin:
            named = self._head_of_phrase(mention, begin)
            holder = self._holder_of_body(named, begin) if named.kind == "organization" else None
            return holder or self._of_mention(named, begin)
        text = self.covered[begin:place]
        if pronoun := self._pronoun.search(text):
            span = (begin + pronoun.start(), place)
            return self.of_pronoun(span, pronoun[0])
        if text.endswith((",", " -", " –")):
            return self._before_apposition(begin, place)
        if relative := re.search(r"(?:^|[, ])who$", text):
            end = self._stripped(begin, begin + relative.start())
            mention = self.mentions.ending_at(end)
            return self._of_mention(mention, begin) if mention is not None else None
        inner = self.mentions.between(max(begin, place - 60), place)
        if (
            inner
            and inner[-1].kind == "person"
            and re.fullmatch(r" (?:of|from|at|for) (?:the )?(?:[\w’'&-]+ ?){1,6}", self.covered[inner[-1].end : place])
        ):
            return self._of_mention(inner[-1], begin)
        if self.article.language == "vi":
            return self._noun_first(begin, place)
        offset = max(begin, place - 120)
        if phrase := self._long_noun.search(self.covered[offset:place]):
            return self.of_noun((offset + phrase.start(1), place))
        if noun := self._noun.search(text[-120:]):
            start = place - len(text[-120:]) + noun.start()
            if start > begin and (head := self.covered[start:place].split(" ", 1)[0]) and "," in head:
                return None
            return self.of_noun((start, place))
        if (capital := re.search(r"(?<![\w.])[^\W\d_a-z][\w’'-]+$", text)) and (
            capital[0][0].isupper()
            and capital[0] not in self.rules.sentences_begin
            and capital[0] not in self.rules.names_not
        ):
            span = (begin + capital.start(), place)
            if of := self._spokesperson.search(self.covered[max(begin, span[0] - 60) : span[0]]):
                span = (span[0] - len(of[0]), place)
            return SpeakingSubject(span, span, None, is_person=True)
        unnamed = self.unnamed.ending_at(begin, place) if self.unnamed is not None else None
        return self._of_phrase(unnamed) if unnamed is not None else None

    def _noun_first(self, begin: int, place: int) -> SpeakingSubject | None:
        """Return the subject of a noun that begins its clause. Vietnamese has its own."""
        return None

    def _without_words_between(self, begin: int, place: int) -> int:
        place = self._stripped(begin, place)
        for _round in range(5):
            match = self._between.search(self.covered[max(begin, place - 24) : place])
            if match is None:
                break
            place = self._stripped(begin, place - len(match[0]))
        return place

    def _stripped(self, begin: int, place: int) -> int:
        while place > begin and self.covered[place - 1].isspace():
            place -= 1
        return place

    def _head_of_phrase(self, mention: Mention, begin: int) -> Mention:
        """Return the person of “Chiara Imhof of the Merrin Observatory”, for the body that ends the phrase."""
        if mention.kind == "person":
            return mention
        earlier = self.mentions.between(begin, mention.start)
        if earlier and earlier[-1].kind == "person":
            between = self.covered[earlier[-1].end : mention.start]
            if (
                len(between) < 70
                and "." not in between
                and re.match(r",? (?:[\w’'-]+ ){0,7}(?:of|from|at|for|in|with|thuộc|của|tại|từ|phía|bên|đội) ", between)
            ):
                return earlier[-1]
        return mention

    @cached_property
    def _holder(self) -> re.Pattern[str]:
        """“A spokesman for the”, “analysts at”, before the name of a body."""
        rules = self.rules
        nouns = alternatives([*rules.roles_word, *rules.reference_group])
        articles = alternatives(rules.reference_the)
        return re.compile(
            rf"(?:^|(?<=[\s(]))(?:{articles} )?(?:[\w’'-]+ ){{0,3}}?({nouns}) (?:for|of|at|from|with|in) (?:the )?$",
            re.IGNORECASE,
        )

    def _holder_of_body(self, body: Mention, begin: int) -> SpeakingSubject | None:
        """Return the speaker of “A spokesman for Northlight”, who speaks for the body; “analysts at Northlight” are no body."""
        if self.article.language != "en":
            return None
        floor = max(begin, body.start - 70)
        floor += max(
            (one.end() for one in re.finditer(r"[,;:(]\s|\ue002[,.]?\s?", self.covered[floor : body.start])), default=0
        )
        match = self._holder.search(self.covered[floor : body.start])
        if match is None:
            return None
        span = (floor + match.start(), body.end)
        noun = match[1].casefold()
        if noun.startswith("spokes") or noun in ("officials", "staff", "members", "board"):
            return SpeakingSubject(span, span, body.who, body.record)
        if noun in (one.casefold() for one in self.rules.reference_group):
            return SpeakingSubject(span, span, None)
        return self.of_noun(span)

    def _of_phrase(self, span: Span) -> SpeakingSubject:
        """Return the subject of a phrase that names nobody: whom its noun means, if the article has named one."""
        if self.known_noun.search(self.covered[slice(*span)]):
            return self.of_noun(span)
        return SpeakingSubject(span, span, None, is_person=True)

    def _before_apposition(self, begin: int, place: int) -> SpeakingSubject | None:
        """Return the person before “, the trust’s secretary,”, where a sentence reads on with a verb at `place`."""
        inside = place - 1
        people = [one for one in self.mentions.between(begin, inside) if one.kind == "person"]
        for mention in people:
            behind = self.covered[mention.end : mention.end + 60]
            if mention.end == inside or re.match(r"(?: \([^)]{1,50}\))?(?:, | - | – | of | from | who )", behind):
                stretch = self.covered[mention.end : inside]
                if len(re.findall(_COVERED, stretch)) <= _LONGEST_TERM and ";" not in stretch:
                    return self._of_mention(mention, begin, end=place)
        if people and people[-1].end == inside:
            return self._of_mention(people[-1], begin, end=place)
        bodies = [one for one in self.mentions.between(begin, inside) if one.kind == "organization"]
        for mention in bodies:
            if self.covered[mention.end : mention.end + 1] == ",":
                return self._of_mention(mention, begin, end=place)
        phrase = self.unnamed.before_comma(begin, place) if self.unnamed is not None else None
        return replace(self._of_phrase(phrase), outer=(phrase[0], place)) if phrase is not None else None

    # Right of a verb

    def right_of(self, cue_end: int, end: int) -> SpeakingSubject | None:
        """Return the subject that stands behind a verb: “said her daughter, Petra Hask-Vale”."""
        end = min(end, cue_end + 160)
        text = self.covered[cue_end:end]
        start = cue_end + len(text) - len(text.lstrip())
        stretch = re.match(r"(?:[\w’'.&-]+ ){0,12}?(?=[^\w\s’'.&-]|$)|[^,;:.(\ue001]*", self.covered[start:end])
        phrase_end = start + (len(stretch[0]) if stretch else 0)
        for mention in self.mentions.between(start, end):
            between = self.covered[start : mention.start]
            if len(between.split()) > 9 or re.search(r"[;:(\ue000-\ue002]|[.!?] (?=[^\W\d_]{3})", between):
                break
            if "," in between and (
                between.count(",") > 1 or mention.kind != "person" or not self.known_noun.search(between)
            ):
                break
            if self.covered[mention.end : mention.end + 2] in ("’s", "'s"):
                continue
            if mention.kind in ("person", "organization"):
                if re.search(r"\b(?:of|about|that|in|at|to|by) (?:the )?$", between) and (
                    noun := self._noun_ahead.match(between)
                ):
                    return self.of_noun((start, start + noun.end()))
                if re.search(r"(?<!\w)(?:about|that|to|by|after|before|with|on|rằng) ", between):
                    break
                if mention.kind == "organization" and (holder := self._person_behind_role(mention, end)):
                    return self._of_mention(holder, start, outer_start=start)
                return self._of_mention(mention, start, outer_start=start)
        someone = self.unnamed.beginning_at(start, end) if self.unnamed is not None else None
        if someone is not None:
            return SpeakingSubject(someone, someone, None, is_person=True)
        if noun := self._noun_ahead.match(self.covered, start, end):
            return self.of_noun((noun.start(), noun.end()))
        if pronoun := re.match(
            rf"(?:{self._pronoun.pattern.removesuffix('$')})(?!\w)", self.covered[start:phrase_end], re.IGNORECASE
        ):
            return self.of_pronoun((start, start + pronoun.end()), pronoun[0])
        capital = re.match(r"[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+){0,3}", self.covered[start:end])
        if capital and capital[0][0].isupper() and capital[0].split()[0] not in self.rules.sentences_begin:
            span = (start, start + capital.end())
            return SpeakingSubject(span, span, None)
        return self._anybody(start, end)

    def noun_at(self, start: int, end: int) -> SpeakingSubject | None:
        """Return the subject of a noun with its article at this place: “The company hit back, saying …”."""
        noun = self._noun_ahead.match(self.covered, start, end)
        return self.of_noun(noun.span()) if noun is not None and " " in noun[0] else None

    def _person_behind_role(self, body: Mention, end: int) -> Mention | None:
        """Return the person of “the Northlight chairman, Otto Brandt”."""
        for person in self.mentions.between(body.end, end)[:1]:
            between = self.covered[body.end : person.start]
            nouns = list(self.known_noun.finditer(between))
            if person.kind == "person" and nouns and between.count(",") <= 1 and not re.search(r"[.;:()]", between):
                return person if len(between) - nouns[-1].end() <= 8 else None
        return None

    def _anybody(self, start: int, end: int) -> SpeakingSubject | None:
        """Return the subject of a noun that no list has, such as “one visitor”; a sign or a letter is none."""
        noun = self._any_noun.match(self.covered, start, end)
        if noun is None or self.article.language != "en" or noun[1].casefold() in self.rules.marks_title_before:
            return None
        return SpeakingSubject((start, noun.end()), (start, noun.end()), None, is_person=True)

    # A name and what belongs to it

    def _of_mention(
        self, mention: Mention, begin: int, *, end: int | None = None, outer_start: int | None = None
    ) -> SpeakingSubject:
        start = outer_start if outer_start is not None else self._start_of_phrase(mention, begin)
        return SpeakingSubject(
            mention.span, (start, end or mention.end), mention.who, mention.record, is_person=mention.kind == "person"
        )

    def _start_of_phrase(self, mention: Mention, begin: int) -> int:
        """Return where titles and roles before a name begin."""
        text = self.covered[max(begin, mention.start - 90) : mention.start]
        if article := re.search(r"(?<!\w)[Tt]he $", text):
            return mention.start - len(article[0])
        words = re.search(r"(?:(?<=[\s\ue002,;:(])|^)(?:[\w’'.-]+,? ){1,9}$", text)
        if not words:
            return mention.start
        known = re.compile(
            rf"(?<!\w){alternatives([*self.rules.names_title, *self.rules.role_and_kin])}(?!\w)", re.IGNORECASE
        )
        hits = list(known.finditer(words[0]))
        if not hits or len(words[0]) - hits[-1].end() > 3:
            return mention.start
        offset = max(begin, mention.start - 90) + words.start()
        phrase = words[0]
        # Back from the role over its modifiers, to a comma, a verb or the beginning.
        cut = 0
        for match in re.finditer(r",\s", phrase[: hits[-1].start()]):
            cut = match.end()
        return offset + cut
