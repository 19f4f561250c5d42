"""Resolves a batch against the database: which ids and passages exist, and whether the passages print the verbatim words.

`look_up` makes a fixed number of queries for a batch. `Resolver` then needs none, so it can work while another batch is written.
What that other batch adds may not be in the database yet, so the resolver remembers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

from django.utils.translation import gettext as _

from base.records.provenance import sha256_of
from base.sql.bulk import reserve, select_by_keys
from base.text.language_names import language_name
from base.text.language_tags import is_same_language
from base.text.letters import cut_letter, place_of_words
from base.text.near_misses import near_miss
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from events.models import Statement, StatementFormerId
from events.models.segments import JOINER

from .format import EXPECTED, VERBATIM, RowProblem, WordingText
from .references import References
from .statement import NewStatement, PassageReference, cited_spans

Span = tuple[int, int, int]  # source, start, end


class CitedPassage(NamedTuple):
    """A passage that exists already, or a new one. The first seven members are columns of the table of passages."""

    id: int
    source_id: int
    paragraph: int
    start: int
    end: int
    sha256: str
    check_state: str
    source_slug: str = ""  # of a new passage
    words: str = ""  # what the stored text of its source has there
    line: int = 0  # of the file that adds it

    @property
    def span(self) -> Span:
        """Its source, start and end."""
        return (self.source_id, self.start, self.end)


PASSAGE_COLUMNS = CitedPassage._fields[:7]


@dataclass
class BatchLookup:
    """What the database knows about a batch."""

    statements: dict[str, int]  # by public id that is taken: the key of the statement that has or had it
    passages: dict[Span, CitedPassage]
    in_paragraph: dict[tuple[int, int], list[CitedPassage]]
    words: dict[Span, str]
    new_keys: dict[Span, int]  # primary keys for passages that do not exist yet
    cut_letters: dict[Span, str]  # of new passages that begin or end inside a letter


@dataclass
class ResolvedBatch:
    """The statements of a batch that can be stored, the new passages they need, and what is wrong with the others.

    Once the rows of the statements are made, only their `count` is kept.
    """

    statements: list[NewStatement] = field(default_factory=list)
    new_passages: list[CitedPassage] = field(default_factory=list)
    count: int = 0
    rows: int = 0  # that they make: statements, wordings and new passages
    skipped: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def look_up(statements: Sequence[NewStatement], references: References) -> BatchLookup:
    """Look up ids, passages and texts of a batch: four queries, one for passages named by paragraph, one a stored text."""
    slugs = [(statement.slug,) for statement in statements]
    ids: dict[str, int] = dict(select_by_keys(Statement, ["slug"], slugs, "slug", "id"))
    ids = {**dict(select_by_keys(StatementFormerId, ["slug"], slugs, "slug", "record_id")), **ids}
    spans = cited_spans(statements)
    rows = select_by_keys(Passage, ["source_id", "start", "end"], spans, *PASSAGE_COLUMNS)
    passages = {passage.span: passage for passage in [CitedPassage(*row) for row in rows]}
    paragraphs = {
        (cited.source, cited.paragraph) for statement in statements for cited in statement.cited if cited.start is None
    }
    in_paragraph: dict[tuple[int, int], list[CitedPassage]] = {}
    for row in select_by_keys(Passage, ["source_id", "paragraph"], paragraphs, *PASSAGE_COLUMNS):
        passage = CitedPassage(*row)
        in_paragraph.setdefault((passage.source_id, passage.paragraph), []).append(passage)
    quoted = {*spans, *(passage.span for passages_there in in_paragraph.values() for passage in passages_there)}
    words = {
        span: stored_text(span[0])[span[1] : span[2]]
        for span in sorted(quoted)
        if span[0] in references.paragraphs.with_text
    }
    missing = [span for span in spans if span not in passages]
    keys = reserve({Passage: len(missing)})[Passage]
    cut = {span: cut_letter(stored_text(span[0]), span[1], span[2]) for span in missing if span in words}
    return BatchLookup(ids, passages, in_paragraph, words, dict(zip(missing, keys, strict=True)), cut)


@lru_cache(maxsize=16)
def stored_text(source: int) -> str:
    """Return the stored text of a source."""
    return str(Source.objects.values_list("text", flat=True).get(pk=source))


class Resolver:
    """Resolves batches one after the other.

    `skip`: whether a statement that exists already is passed over; otherwise it is a problem. `remember`: whether to keep the ids
    of all earlier lines, about 100 bytes each; a dry run needs it, since nothing it reads gets into the database. `languages`: of
    the sources by key, in which their printed words have to be; those of a source without one may be in any.
    """

    def __init__(self, *, skip: bool, remember: bool = False, languages: Mapping[int, str] | None = None) -> None:
        self.skip, self.languages = skip, languages or {}
        self.seen: set[int] | None = set() if remember else None
        # Of the batch before, which may not be written yet, and of this one.
        self.lines: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self.new_passages: tuple[dict[Span, CitedPassage], dict[Span, CitedPassage]] = ({}, {})
        self.first_key: int | None = None  # of the first statement of this run

    def start_at(self, keys: Sequence[int]) -> None:
        """Note the first key that was reserved for this run: a statement with it or a later one comes from this file."""
        if self.first_key is None and keys:
            self.first_key = keys[0]

    def resolve(self, statements: list[NewStatement], lookup: BatchLookup) -> ResolvedBatch:
        """Return the statements of a batch that can be stored, and the problems of the others."""
        self.lines, self.new_passages = (self.lines[1], {}), (self.new_passages[1], {})
        batch = ResolvedBatch()
        for statement in statements:
            if self.exists(statement, lookup, batch):
                continue
            new: list[CitedPassage] = []
            resolved = [self.passage(statement, cited, lookup, new, batch) for cited in statement.cited]
            passages = [passage for passage in resolved if passage is not None]
            if len(passages) < len(resolved) or not self.find_printed(statement, passages, batch):
                continue
            statement.passages = list(dict.fromkeys(passage.id for passage in passages))
            statement.position = self.position(statement, passages)
            self.lines[1][statement.slug] = statement.line
            if self.seen is not None:
                self.seen.add(hash(statement.slug))
            self.new_passages[1].update((passage.span, passage) for passage in new)
            batch.new_passages += new
            batch.statements.append(statement)
        batch.count = len(batch.statements)
        return batch

    def exists(self, statement: NewStatement, lookup: BatchLookup, batch: ResolvedBatch) -> bool:
        """Return whether the id of a statement is taken, by an earlier line or an older statement, and note it."""
        slug = statement.slug
        line = self.lines[1].get(slug) or self.lines[0].get(slug)
        key = lookup.statements.get(slug)
        ours = key is not None and self.first_key is not None and key >= self.first_key
        ours = ours or (self.seen is not None and hash(slug) in self.seen)
        if line is None and not ours and key is None:
            return False
        if line is None and not ours and self.skip:
            batch.skipped += 1
            return True
        if line is not None:
            wrong = _("Line %s gives the same statement.") % line
        elif ours:
            wrong = _("An earlier line of this file gives the same statement.")
        else:
            wrong = _("A statement has or had this id already.")
        right = _("an id of its own, or none; --existing skip leaves out what is there")
        batch.problems.append(RowProblem(statement.line, "id", slug, wrong, right))
        return True

    def passage(
        self,
        statement: NewStatement,
        cited: PassageReference,
        lookup: BatchLookup,
        new: list[CitedPassage],
        batch: ResolvedBatch,
    ) -> CitedPassage | None:
        """Return the passage that a row cites, which may be a new one; None if it is wrong, which is noted."""

        def refuse(wrong: str, right: str) -> None:
            batch.problems.append(RowProblem(statement.line, "passages", cited.cell, wrong, right))

        if cited.start is None:
            candidates = lookup.in_paragraph.get((cited.source, cited.paragraph), [])
            if len(candidates) == 1:
                return candidates[0]
            refuse(_("This paragraph has %s passages.") % len(candidates), str(EXPECTED["passages"]))
            return None
        span = cited.span
        passage = lookup.passages.get(span) or self.new_passages[1].get(span) or self.new_passages[0].get(span)
        passage = passage or next((other for other in new if other.span == span), None)
        words = lookup.words.get(span)
        if passage is not None:
            if passage.paragraph != cited.paragraph:
                refuse(_("This passage is recorded in another paragraph."), f"¶{passage.paragraph}")
                return None
            if cited.sha256 not in ("", passage.sha256):
                refuse(_("This passage is recorded with another SHA-256."), passage.sha256)
                return None
            return passage._replace(words=words) if words else passage
        digest = sha256_of(words) if words is not None else cited.sha256
        if not digest:
            refuse(
                _("This passage is not recorded yet, and the text of its source is not stored."),
                _("the SHA-256 of its words"),
            )
            return None
        if cited.sha256 not in ("", digest):
            refuse(_("The stored text has other words there than this SHA-256 says."), digest)
            return None
        if letter := lookup.cut_letters.get(span):
            refuse(_("This passage begins or ends inside the letter “%s”.") % letter, _("a span of whole letters"))
            return None
        source, start, end = span
        passage = CitedPassage(
            id=lookup.new_keys[span],
            source_id=source,
            paragraph=cited.paragraph,
            start=start,
            end=end,
            sha256=digest,
            check_state=(PassageCheck.UNVERIFIED if words is None else PassageCheck.VERIFIED).value,
            source_slug=cited.slug,
            words=words or "",
            line=statement.line,
        )
        new.append(passage)
        return passage

    def find_printed(self, statement: NewStatement, passages: list[CitedPassage], batch: ResolvedBatch) -> bool:
        """Find the passages that print each verbatim wording; note those without any. Return whether all have some."""
        complete = True
        statement.printed_in = []
        for wording in statement.wordings:
            printing = self.printing(passages, wording.text) if wording.nature == VERBATIM else []
            statement.printed_in.append([passage.id for passage in printing])
            if wording.nature != VERBATIM:
                continue
            if not printing:
                misses = (near_miss(wording.text, cited.words) for cited in passages)
                wrong = _("No passage of this row prints exactly these words.")
                wrong = f"{wrong} {next(filter(None, misses), '')}".rstrip()
                right = _(
                    "the words character by character, and the passage that holds only them; of a quote in parts the words of each "
                    "passage with “%s” between them"
                )
                batch.problems.append(RowProblem(statement.line, wording.column, wording.text, wrong, right % JOINER))
                complete = False
            elif not self.in_language_of_source(statement, wording, printing[0].source_id, batch):
                complete = False
        return complete

    def in_language_of_source(
        self, statement: NewStatement, wording: WordingText, source: int, batch: ResolvedBatch
    ) -> bool:
        """Return whether printed words are in the language of their source; note it if they are not."""
        language = self.languages.get(source, wording.language)
        if is_same_language(wording.language, language):
            return True
        names = {"source": language_name(language), "language": language_name(wording.language)}
        wrong = _("The source is in %(source)s; are these words really %(language)s?") % names
        right = _("“%s”, if that is their language; --allow-other-languages takes them as they are") % language
        batch.problems.append(RowProblem(statement.line, wording.column, wording.language, wrong, right))
        return False

    def printing(self, passages: list[CitedPassage], words: str) -> list[CitedPassage]:
        """Return the passage of exactly these words, else the first that contains them, else those of their parts, else none."""
        digest, length = sha256_of(words), len(words)
        for passage in passages:
            if passage.sha256 == digest and passage.end - passage.start == length:
                return [passage]
        containing = next((passage for passage in passages if self.contains(passage, words)), None)
        return [containing] if containing else passages_of_parts(passages, words)

    @staticmethod
    def contains(passage: CitedPassage, words: str) -> bool:
        """Return whether the passage holds these words, by a stored text that still matches its hash."""
        matches = bool(passage.words) and sha256_of(passage.words) == passage.sha256
        return matches and place_of_words(passage.words, words) >= 0

    @staticmethod
    def position(statement: NewStatement, passages: list[CitedPassage]) -> int:
        """Return where the printed words start, else the first passage."""
        printed_in = {keys[0] for keys in statement.printed_in if keys}
        starts = [passage.start for passage in passages if not printed_in or passage.id in printed_in]
        return min(starts, default=0)


def passages_of_parts(passages: Sequence[CitedPassage], words: str) -> list[CitedPassage]:
    """Return passages of one source, in its order, that print a quote in parts: each exactly one part. Empty if there are none."""
    for source in dict.fromkeys(passage.source_id for passage in passages) if JOINER in words else ():
        # By where the next part begins in the words: the passages of the parts before it. The less of the source they take, the
        # more is left for the others.
        before: dict[int, list[CitedPassage]] = {0: []}
        waiting = [0]
        while waiting:
            begin = heappop(waiting)
            for passage in passages:
                end = begin + passage.end - passage.start
                behind = not before[begin] or passage.start >= before[begin][-1].end
                if (
                    passage.source_id != source
                    or not behind
                    or not (end == len(words) or words.startswith(JOINER, end))
                ):
                    continue
                if sha256_of(words[begin:end]) != passage.sha256:
                    continue
                path, following = [*before[begin], passage], end + len(JOINER)
                if end == len(words):
                    return path
                if following not in before:
                    heappush(waiting, following)
                if following not in before or passage.end < before[following][-1].end:
                    before[following] = path
    return []
