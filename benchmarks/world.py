"""The made-up world: who there is, what happened, what was said, in which source it is printed.

Event 1 has 2,500 participants and 2,500 statements on one day; person 1 speaks every fifth statement, at most 20,000. Ids
follow neither dates nor sources.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from functools import cache, lru_cache
from math import gcd
from typing import Any

from django.db.models import Model

from base.records.provenance import sha256_of
from base.text.dates import UNDATED, bounds
from base.text.names import fold, slug_from, sort_key
from base.text.search_column import search_column
from directory.models import (
    Affiliation,
    Initiative,
    InitiativeName,
    InitiativeOrganization,
    Organization,
    OrganizationName,
    Passage,
    Person,
    PersonName,
    Source,
    Topic,
    TopicName,
)
from directory.models.initiatives import InitiativeRole
from directory.models.organizations import OrganizationKind
from directory.models.sources import SourceKind
from events.models import (
    Event,
    EventDescription,
    EventInitiative,
    EventName,
    EventOrganization,
    Participation,
    Statement,
    Wording,
)
from events.models.events import EventKind
from events.models.links import EventInitiativeRole, EventOrganizationRole, ParticipationRole

from .load import MOMENT, Table, reset_sequences
from .size import Size
from .words import LANGUAGES, languages

TOPICS = 40
TEXTS = 50_000  # of each language
ROLES = ("minister", "director", "professor", "producer", "deputy director", "researcher", "ambassador", "critic")


column_of = lru_cache(maxsize=400_000)(search_column)


@cache
def days(date: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Return what `bounds` does; a plain day is not parsed, which takes ten milliseconds."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return bounds(date)
    return day, day


class World:
    """Makes the rows and hands them to the loader, table by table in step."""

    def __init__(self, statements: int, seed: int) -> None:
        self.size = Size(statements)
        self.random = random.Random(seed)
        self.languages = languages(seed)
        self.slugs: set[tuple[str, str]] = set()
        self.tables: dict[Any, Table] = {}
        self.counts: Counter[type[Model]] = Counter()
        self.drafts: set[int] = set()
        self.told: dict[tuple[str, int], tuple[str, ...]] = {}

    def add(self, model: Any, **values: Any) -> None:
        """Add one row; every row of a model gives the same columns."""
        if model not in self.tables:
            self.tables[model] = Table(model, *values)
        self.tables[model].add(*values.values())

    def make(self) -> None:
        """Make everything."""
        size = self.size
        self.named(Topic, TopicName, TOPICS, lambda words: words.title(2), passages=False)
        self.named(Person, PersonName, size.people, lambda words: words.person(), drafts=True)
        self.named(Organization, OrganizationName, size.organizations, lambda words: words.body(), self.organization)
        self.named(Initiative, InitiativeName, size.initiatives, lambda words: words.title(4))
        self.dates = [self.day() for _i in range(size.events)]
        self.dates[0] = "2019-11-20"
        self.named(Event, EventName, size.events, lambda words: words.title(6), self.event)
        self.links()
        self.statements()
        for table in self.tables.values():
            table.flush()
        reset_sequences(*self.tables)

    # People, bodies, initiatives, events -----------------------------------------------------------------------------
    def named(
        self,
        model: Any,
        name: Any,
        count: int,
        call: Any,
        more: Any = None,
        *,
        passages: bool = True,
        drafts: bool = False,
    ) -> None:
        """Make named records: one to three names each, and the columns that follow from them."""
        owner = name.public_parents[0]
        for number in range(1, count + 1):
            own = self.languages[LANGUAGES[number * 7 % 5 % 3]]
            names = [(call(own), own.code, "official")]
            if model is Topic:
                names = [(call(words), words.code, "official") for words in self.languages.values()]
            elif self.random.random() < 0.5:
                names.append((call(self.languages["en"]), "en", "translation"))
            if self.random.random() < 0.15:
                names.append((names[0][0].replace(" ", "-", 1), own.code, "variant"))
            names = list({(text, language): (text, language, kind) for text, language, kind in names[::-1]}.values())[
                ::-1
            ]
            labels: dict[str, str] = {}
            for text, language, _kind in names:
                labels.setdefault(language, text)
            draft = drafts and number > 50 and self.random.random() < 0.01
            if draft:
                self.drafts.add(number)
            self.add(
                model,
                id=number,
                slug=self.slug(names[0][0], model.kind, number),
                status="draft" if draft else "published",
                published_at=None if draft else MOMENT,
                name=names[0][0],
                name_language=names[0][1],
                labels=labels,
                sort_key=sort_key(names[0][0]),
                search=search_column([text for text, _language, _kind in names], romanise=True),
                **(more(number) if more else {}),
            )
            for position, (text, language, kind) in enumerate(names):
                uid = f"{model.kind}-{number}.{position}"
                columns = {"text": text, "language": language, "kind": kind, "position": position, "folded": fold(text)}
                self.fact(name, uid, passages=passages, **{f"{owner}_id": number}, **columns)

    def slug(self, text: str, kind: str, number: int) -> str:
        """Return a public id as the product would make it."""
        wanted = slug_from(text) or f"{kind}-{number}"
        if (kind, wanted) in self.slugs:
            wanted = f"{wanted}-{number}"
        self.slugs.add((kind, wanted))
        return wanted

    def organization(self, number: int) -> dict[str, Any]:
        """Return what an organization has beside names."""
        return {"organization_kind": self.random.choice(OrganizationKind.values)}

    def event(self, number: int) -> dict[str, Any]:
        """Return what an event has beside names."""
        date = self.dates[number - 1]
        earliest, latest = days(date)
        kind = self.random.choice(EventKind.values)
        return {"event_kind": kind, "date": date, "date_earliest": earliest, "date_latest": latest, "place": "Hà Nội"}

    def day(self) -> str:
        """Return a date as sources give them: mostly a day, sometimes a month, a span or none."""
        day = datetime.date(2004, 1, 1) + datetime.timedelta(days=int(8000 * self.random.random() ** 0.6))
        chance = self.random.random()
        if chance < 0.03:
            return ""  # the source says nothing
        if chance < 0.08:
            return f"{day:%Y-%m}"
        return f"{day:%Y}-03-14/{day:%Y}-03-16" if chance < 0.15 else str(day)

    def fact(self, model: Any, uid: str, *, passages: bool = True, **values: Any) -> None:
        """Add a fact and the passage that states it. Its number is counted here, so that the passage finds it."""
        self.counts[model] += 1
        self.add(model, id=self.counts[model], uid=uid, **values)
        if passages:
            through = model.passages.through
            passage = self.random.randrange(self.size.statements) + 1
            self.add(through, **{f"{model._meta.model_name}_id": self.counts[model], "passage_id": passage})

    def links(self) -> None:
        """Tie people, bodies, initiatives and events together."""
        size, pick = self.size, self.random.sample
        for person in range(1, size.people + 1):
            for number, body in enumerate(pick(range(1, size.organizations + 1), self.random.choice((0, 1, 1, 2)))):
                role = self.random.choice(ROLES)
                columns = {"person_id": person, "organization_id": body, "role": role, "position": number}
                columns["search"] = column_of((role,))
                self.fact(Affiliation, f"a-{person}.{number}", **columns)
        for initiative in range(1, size.initiatives + 1):
            for number, body in enumerate(pick(range(1, size.organizations + 1), 3)):
                columns = {"initiative_id": initiative, "organization_id": body, "role": InitiativeRole.values[number]}
                self.fact(InitiativeOrganization, f"io-{initiative}.{number}", **columns)
        for event in range(1, size.events + 1):
            crowd = size.crowd if event == 1 else min(size.people, self.random.choice((3, 8, 12, 20)))
            for number, person in enumerate(pick(range(1, size.people + 1), min(crowd, size.people))):
                role = ParticipationRole.values[min(number, 5)]
                self.fact(Participation, f"p-{event}.{number}", person_id=person, event_id=event, role=role)
            for number, body in enumerate(pick(range(1, size.organizations + 1), self.random.randint(1, 3))):
                columns = {"event_id": event, "organization_id": body, "role": EventOrganizationRole.values[number]}
                self.fact(EventOrganization, f"eo-{event}.{number}", **columns)
            if self.random.random() < 0.4:
                columns = {"event_id": event, "initiative_id": self.skewed(size.initiatives)}
                role = self.random.choice(EventInitiativeRole.values)
                self.fact(EventInitiative, f"ei-{event}", role=role, **columns)
            text = self.languages["en"].sentence(20)
            self.fact(EventDescription, f"ed-{event}", event_id=event, text=text, language="en")

    def skewed(self, count: int, power: float = 2.5) -> int:
        """Return a number from 1 to `count`, low ones far more often."""
        return int(count * self.random.random() ** power) + 1

    # Sources and statements ------------------------------------------------------------------------------------------
    def statements(self) -> None:
        """Make the statements, each in a paragraph of its source, and at last the sources."""
        size = self.size
        stride = next(
            n for n in range(int(size.statements * 0.618), 2 * size.statements) if gcd(n, size.statements) == 1
        )
        titles = [self.source(number) for number in range(1, size.sources + 1)]
        paragraphs: list[list[list[int]]] = [[] for _title in titles]
        for number in range(size.statements):
            identity = number * stride % size.statements + 1
            source = number if number < size.sources else self.random.randrange(size.sources)  # none stays empty
            self.statement(number, identity, source, titles[source], paragraphs[source])
        for number, (source, spans) in enumerate(zip(titles, paragraphs, strict=True), 1):
            length = spans[-1][0] + spans[-1][1] if spans else 0
            self.add(Source, id=number, **source, paragraphs=spans, length=length)

    def source(self, number: int) -> dict[str, Any]:
        """Return the columns of a source."""
        words = self.languages[self.random.choices(LANGUAGES, (40, 40, 20))[0]]
        title, publisher, date = words.title(8), words.body(), self.day()
        earliest, latest = days(date)
        return {
            "slug": self.slug(title, "source", number),
            "status": "published",
            "published_at": MOMENT,
            "title": title,
            "title_language": words.code,
            "name": title,
            "name_language": words.code,
            "labels": {words.code: title},
            "sort_key": sort_key(title),
            "search": search_column([title, publisher], romanise=True),
            "source_kind": self.random.choice(SourceKind.values),
            "language": words.code,
            "publisher": publisher,
            "date": date,
            "date_earliest": earliest,
            "date_latest": latest,
            "sha256": sha256_of(title),
        }

    def statement(self, number: int, identity: int, source: int, title: dict[str, Any], spans: list[list[int]]) -> None:
        """Make one statement, its passage, its wordings and its links."""
        size, chance = self.size, self.random.random
        words = self.languages[title["language"]]
        text, *translated = self.texts(words.code)
        begin = spans[-1][0] + spans[-1][1] + 1 if spans else 0
        spans.append([begin, len(text)])
        direct = chance() < 0.15
        event = 1 if number < size.crowd else (self.skewed(size.events - 1, 1.6) + 1 if chance() < 0.85 else None)
        date = self.day() if event is None or (event != 1 and chance() < 0.1) else ""
        person, body, label = self.speaker(number)
        status = "published" if number < size.crowd + size.speech or chance() > 0.03 else "draft"
        certainty = (
            "stated" if chance() < 0.92 else self.random.choice(("inferred", "inferred", "disputed", "rejected"))
        )
        wordings = [(words.code, "verbatim" if direct else "paraphrase", text)]
        wordings += [("en", "translation" if direct else "paraphrase", other) for other in translated]
        public = status == "published" and person not in self.drafts
        role = self.random.choice(ROLES) if person else ""
        found_by = [label, role, *(wording for _language, _nature, wording in wordings if public)]
        day = next((d for d in (_day(date), _day(self.dates[event - 1]) if event else None) if d), UNDATED)
        self.add(
            Statement,
            id=identity,
            slug=f"st-{_key(identity)}",
            status=status,
            published_at=MOMENT if status == "published" else None,
            updated_at=MOMENT + datetime.timedelta(seconds=identity),
            statement_kind="direct" if direct else ("narrated" if chance() < 0.1 else "reported"),
            speaker_id=person,
            speaker_organization_id=body,
            speaker_label=label,
            role_at_time=role,
            on_behalf_of_id=self.skewed(size.organizations) if person and chance() < 0.5 else None,
            attribution="explicit" if chance() < 0.8 else "contextual",
            event_id=event,
            date=date,
            sort_date=day,
            position=begin,
            search=column_of(tuple(found_by)),
            certainty=certainty,
            note="" if certainty == "stated" else "Another passage says otherwise.",
        )
        self.add(
            Passage,
            id=number + 1,
            source_id=source + 1,
            uid=f"{title['slug']}.p{len(spans)}.{begin}-{begin + len(text)}",
            paragraph=len(spans),
            start=begin,
            end=begin + len(text),
            sha256=sha256_of(text),
        )
        self.add(Statement.passages.through, statement_id=identity, passage_id=number + 1)
        for order, (language, nature, wording) in enumerate(wordings):
            self.add(
                Wording,
                uid=f"w-{identity}.{order}",
                statement_id=identity,
                language=language,
                nature=nature,
                text=wording,
                passage_id=number + 1 if nature == "verbatim" else None,
                proven=nature == "verbatim",
            )
        self.about(identity)

    def texts(self, language: str) -> tuple[str, ...]:
        """Return a text, perhaps with its translation: one of so many, because folding a million takes long."""
        key = language, self.random.randrange(TEXTS)
        if key not in self.told:
            translated = language != "en" and self.random.random() < 0.3
            texts = [self.languages[language].text(), *([self.languages["en"].text()] if translated else [])]
            self.told[key] = tuple(texts)
        return self.told[key]

    def speaker(self, number: int) -> tuple[int | None, int | None, str]:
        """Return who speaks: a person, a body or a group."""
        size = self.size
        if size.crowd <= number < size.crowd + size.speech:
            return 1, None, ""
        chance = self.random.random()
        if chance < 0.8:
            return self.skewed(size.people - 1) + 1, None, ""
        return (None, self.skewed(size.organizations), "") if chance < 0.93 else (None, None, "delegates")

    def about(self, identity: int) -> None:
        """Say what the statement is about."""
        size, chance = self.size, self.random.random
        for relation, column, count, share in (
            (Statement.topics, "topic_id", TOPICS, 0.9),
            (Statement.topics, "topic_id", TOPICS, 0.4),
            (Statement.initiatives, "initiative_id", size.initiatives, 0.4),
            (Statement.about_people, "person_id", size.people, 0.15),
            (Statement.about_organizations, "organization_id", size.organizations, 0.1),
        ):
            if chance() < share:
                # A second topic comes from the upper half, the first from the lower: never the same twice.
                at = self.skewed(count // 2) + (count // 2 if column == "topic_id" and share < 0.5 else 0)
                self.add(relation.through, statement_id=identity, **{column: at})


def _day(date: str) -> datetime.date | None:
    earliest, latest = days(date)
    return earliest or latest


def _key(number: int) -> str:
    letters = "0123456789bcdfghjkmnpqrstvwxyz"
    key = ""
    while number:
        number, digit = divmod(number, len(letters))
        key = letters[digit] + key
    return key.rjust(5, "0")
