"""The rules of a language: lists of words that a curator can read and extend, in one file each (`rules/en.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from pathlib import Path

from base.text.suggestions import near_choices

FOLDER = Path(__file__).parent / "rules"
LANGUAGES = ("en", "th", "vi")
LONGEST_WORDS = 60  # characters in an entry


class RulesFault(ValueError):
    """A file of rules that cannot be used; the message names the file, the key and what would be right."""


@dataclass(frozen=True)
class Rules:
    """The word lists of one language. A field `speech_say` is the key `say` in the section `[speech]` of the file."""

    # Verbs and phrases that say that somebody speaks.
    speech_say: tuple[str, ...]  # what follows is what is said, with or without “that”
    speech_state: tuple[
        str, ...
    ]  # what follows is said only if it is a clause: “confirmed that …”, not “confirmed the date”
    speech_ask: tuple[str, ...]  # “asked whether …”
    speech_quote: tuple[str, ...]  # beside words in quotation marks only: “laughed”, “repeats”
    speech_call: tuple[str, ...]  # a few words in quotation marks follow: “called the plan ‘…’”
    speech_adding: tuple[str, ...]  # goes on with the speaker of the sentence: “adding that”
    speech_bare: tuple[str, ...]  # what follows is said without “that” where a wire report leaves it out: “ระบุ”
    speech_finding: tuple[str, ...]  # with a body or a paper that speaks, and “that”: “the study found that”
    speech_never: tuple[str, ...]  # holds a verb of speech and is none: “bảo vệ” (to guard) beside “bảo” (to tell)
    speech_source: tuple[str, ...]  # before the speaker: “according to”
    speech_source_end: tuple[str, ...]  # what closes it behind the speaker, where the language has that
    speech_that: tuple[str, ...]
    speech_that_is: tuple[str, ...]  # behind words in marks, before who said them: “đó là câu ông Bảy nói”
    speech_then: tuple[str, ...]  # begins a sentence that goes on with the speaker, or stands before one: “finally”
    speech_whether: tuple[str, ...]
    speech_between: tuple[str, ...]  # may stand between speaker and verb, or before what is said: “also”, “has”
    speech_listener: tuple[str, ...]  # to whom something is told: “reporters”
    speech_object: tuple[str, ...]  # begins what is no clause behind a verb of `state`: “announced the plan”
    speech_end: tuple[str, ...]  # words that begin something new where no full stop does
    speech_voice: tuple[str, ...]  # words of somebody who speaks: “tôi”, “ạ”; they tell a dialogue from a list
    # People.
    names_title: tuple[str, ...]  # before a name and no part of it
    names_title_only_full: tuple[str, ...]  # titles behind which one word alone is no name
    names_loose: tuple[str, ...]  # of the titles, those that are ordinary words too: “ครู”
    names_before: tuple[str, ...]  # words that may stand right before a name, where no blank parts words: “ของ”
    names_doing: tuple[str, ...]  # what somebody does, glued to a short name: “นิ่ง”
    names_office: tuple[str, ...]  # of the titles, those that also stand behind a name with a place: “ส.ส.เชียงใหม่”
    names_alias: tuple[str, ...]  # between two names of one person: “หรือ”
    names_common: tuple[str, ...]  # words that names hardly ever hold, where no blank parts words
    names_particle: tuple[str, ...]  # inside a name, in small letters
    names_family: tuple[str, ...]  # common family names, where they come first
    names_given_man: tuple[str, ...]  # given names that tell a person, and whether “he” or “she” may mean that one
    names_given_woman: tuple[str, ...]
    names_given: tuple[str, ...]  # given names of men and of women
    names_not: tuple[str, ...]  # capitalised, and no part of a name
    names_place: tuple[str, ...]  # a name that has one of these is a place
    names_place_before: tuple[str, ...]  # what follows is rather a place
    names_country: tuple[str, ...]  # may stand between a role and a name from abroad
    names_place_noun: tuple[str, ...]  # behind a name, at once or in an apposition: “Brenna, a village in the hills”
    names_behind: tuple[str, ...]  # behind a name and no part of it: “KC”
    names_kin: tuple[str, ...]  # “uncle, Elias Wynn”: a name follows
    names_end: tuple[str, ...]  # ends a name where no blank does
    roles_word: tuple[str, ...]
    roles_before: tuple[str, ...]  # belongs to the role: “deputy”
    roles_end: tuple[str, ...]  # ends the description of a role behind a name
    roles_stop: tuple[str, ...]  # stands never between a role and the name behind it
    roles_company: tuple[str, ...]  # a company may stand between one of these and a name: “CEO Apple Tim Cook”
    roles_describing: tuple[str, ...]  # behind a role, of a person named before: “ผู้กำกับหนุ่ม”
    roles_doing: tuple[str, ...]  # “who chairs the union”
    reference_he: tuple[str, ...]
    reference_she: tuple[str, ...]
    reference_anybody: tuple[str, ...]  # he or she
    reference_someone: tuple[str, ...]  # names nobody: “one of them”, “others”
    reference_they: tuple[str, ...]
    reference_the: tuple[str, ...]  # before a noun that names a person or body again: “the minister”
    reference_group: tuple[str, ...]  # nouns for bodies and groups: “company”, “researchers”
    reference_same: tuple[str, ...]  # “thủ thành = thủ môn”: the first may mean whoever was called the second
    reference_document: tuple[str, ...]  # nouns of the group that are papers and no bodies: “study”
    reference_man: tuple[str, ...]  # titles and nouns of men
    reference_woman: tuple[str, ...]
    reference_object: tuple[str, ...]  # before a name that is no subject: “of”, “with”
    reference_while: tuple[str, ...]  # begins a clause before the main one: “when”, “after”
    reference_adjunct: tuple[str, ...]  # begins a time or place between a subject and its verb
    # Bodies, events, initiatives.
    organizations_word: tuple[str, ...]  # a name that holds one of these is a body
    organizations_joined: tuple[str, ...]  # small words inside such names: “of”, “for”
    organizations_compound: tuple[str, ...]  # words of two or more syllables of which the first has the capital
    organizations_inside: tuple[str, ...]  # syllables in small letters inside the name of a body
    organizations_stop: tuple[str, ...]  # ends the name of a body
    organizations_kind: tuple[str, ...]  # small words before the name of a body: “the shipping line Northlight”
    events_word: tuple[str, ...]
    initiatives_word: tuple[str, ...]
    # Marks, dates, layout.
    marks_title_before: tuple[str, ...]  # before quotation marks: titles and names, not speech
    interview_question: tuple[str, ...]
    interview_answer: tuple[str, ...]
    interview_i: tuple[str, ...]  # half the answers of an interview without labels have one of them
    interview_you: tuple[str, ...]  # half its questions do
    interview_asking: tuple[str, ...]  # begins a question that has no question mark
    interview_closing: tuple[str, ...]  # begins the last line: “Thank you”
    interview_list: tuple[str, ...]  # announces a list and no dialogue
    interview_asker: tuple[str, ...]  # before the name of who asks
    dates_month: tuple[str, ...]
    dates_weekday: tuple[str, ...]
    dates_word: tuple[str, ...]  # “day”, “month”, “year”, eras
    sentences_abbreviation: tuple[str, ...]  # ends with a full stop that ends no sentence
    sentences_begin: tuple[str, ...]  # capitalised at the beginning of a sentence only
    verbs_finite: tuple[str, ...]  # a clause has one of them: “was”, “would”

    @cached_property
    def role_and_kin(self) -> frozenset[str]:
        """Nouns that stand before or behind the name of a person, in small letters."""
        return frozenset(word.casefold() for word in (*self.roles_word, *self.names_kin))


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression for any of these words, longest first; for none of any text if there are none."""
    return _alternatives(tuple(words))


@lru_cache(maxsize=1_024)
def _alternatives(words: tuple[str, ...]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " ") for word in ordered) + ")" if ordered else "(?!)"


def words_pattern(words: Iterable[str], *, ignore_case: bool = True) -> re.Pattern[str]:
    """Return a pattern for any of these words, whole."""
    return re.compile(rf"(?<!\w){alternatives(words)}(?!\w)", re.IGNORECASE if ignore_case else 0)


@cache
def rules_for(language: str) -> Rules:
    """Return the rules of a language (`en`, `th` or `vi`). Raises RulesFault."""
    return read_rules(FOLDER / f"{language}.toml")


def read_rules(path: Path) -> Rules:
    """Return the rules of a file, checked. Raises RulesFault."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RulesFault(f"{path.name}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise RulesFault(f"{path.name}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise RulesFault(f"{path.name}: is not TOML: {error}.") from None
    return checked_rules(document, path.name)


def checked_rules(document: dict[str, object], file: str) -> Rules:
    """Return the rules of a document of sections. Raises RulesFault for a key that is missing, unknown or no list of words."""
    wanted = [field.name for field in fields(Rules)]
    lists: dict[str, tuple[str, ...]] = {}
    for section, keys in document.items():
        if not isinstance(keys, dict):
            raise RulesFault(
                f"{file}: “{section}” stands outside a section. Write it below [speech], [names] or another one."
            )
        for key, words in keys.items():
            name = f"{section}_{key}"
            if name not in wanted:
                near = near_choices(name, wanted, most=1, cutoff=0.6)
                hint = f" Did you mean {_shown(near[0])}?" if near else ""
                raise RulesFault(f"{file}: there is no key [{section}] {key}.{hint}")
            lists[name] = _checked_words(words, f"{file}: [{section}] {key}")
    if missing := [name for name in wanted if name not in lists]:
        raise RulesFault(
            f"{file}: {_shown(missing[0])} is missing. Write an empty list if the language has no such words."
        )
    return Rules(**lists)


def _shown(name: str) -> str:
    section, _underscore, key = name.partition("_")
    return f"[{section}] {key}"


def _checked_words(words: object, place: str) -> tuple[str, ...]:
    """Return a list of words. Raises RulesFault with the place."""
    if not isinstance(words, list):
        raise RulesFault(f'{place} is no list. Write ["one", "two"].')
    seen: set[str] = set()
    for word in words:
        if not isinstance(word, str):
            raise RulesFault(f"{place}: {word!r} is no text. Put it between quotation marks.")
        if not word.strip() or word != word.strip():
            raise RulesFault(f"{place}: “{word}” is empty, or has blanks round it. Take them away.")
        if len(word) > LONGEST_WORDS:
            raise RulesFault(f"{place}: “{word[:20]}…” has {len(word)} characters; at most {LONGEST_WORDS} are of use.")
        if word in seen:
            raise RulesFault(f"{place}: “{word}” stands there twice. Take one away.")
        seen.add(word)
    return tuple(words)
