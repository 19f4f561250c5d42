"""The whole task, from a pasted text to public records, as a curator does it at the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.desk_steps import Counts, Desk
from tests.browser.seed_article import Position, Said, SeedArticle


@dataclass
class Account:
    """The counts of one run, step by step."""

    steps: dict[str, Counts] = field(default_factory=dict)

    @property
    def whole(self) -> Counts:
        """All steps together."""
        return sum(self.steps.values(), Counts())

    @property
    def statements(self) -> list[Counts]:
        """The steps of single statements."""
        return [counts for name, counts in self.steps.items() if name.startswith("statement")]

    def __str__(self) -> str:
        return "\n".join(f"  {name}: {counts}" for name, counts in [*self.steps.items(), ("whole", self.whole)])


class WholeTask:
    """One curator takes in, reads and publishes the seed article."""

    def __init__(self, desk: Desk, article: SeedArticle) -> None:
        self.desk, self.article = desk, article
        self.account = Account()
        self.recorded: set[str] = set()  # names
        self.published: list[str] = []  # addresses
        self._before = desk.hand.counts.copy()

    def done(self, step: str) -> None:
        """Close the account of a step."""
        now = self.desk.hand.counts.copy()
        self.account.steps[step] = self.account.steps.get(step, Counts()) + (now - self._before)
        self._before = now

    def do(self) -> Account:
        """Do it all with the proposals, and select what they do not have."""
        self.take_in()
        self.go_through_proposals()
        self.record_who_took_part()
        self.publish()
        return self.account

    def do_without_proposals(self) -> Account:
        """Do it all by selecting words with the mouse and pressing letters."""
        self.take_in()
        for words, letter in self.names:
            self.name(words, letter)
            self.done("names selected")
        for position in self.article.positions:
            self.select_role(position)
        for said in self.article.said:
            self.select_statement(said)
        self.record_who_took_part()
        self.publish()
        return self.account

    def take_in(self) -> None:
        """Paste the text, correct the cut, store it."""
        article, desk = self.article, self.desk
        desk.take_in(article.pasted)
        broken = next(line for line in article.lines if article.joined in line).removeprefix(article.joined)
        desk.correct(broken, "join", len(article.lines) + 1)
        desk.correct(article.unwanted, "leave", len(article.lines))
        desk.take_date()
        desk.store()
        expect(desk.page.locator("#text > p")).to_have_count(len(article.lines))
        self.done("article")

    def paragraph_of(self, words: str) -> int:
        """Return the number of the first paragraph with these words."""
        return next(number for number, line in enumerate(self.article.lines, 1) if words in line)

    def is_proposed(self, words: str, *kinds: str) -> bool:
        """Whether a proposal of one of these kinds has exactly these words."""
        proposals = self.desk.page.locator(",".join(f".proposal-item[data-kind={kind}]" for kind in kinds))
        return words in proposals.locator(".proposal-words").all_inner_texts()

    @property
    def names(self) -> list[tuple[str, str]]:
        """The names that are to be recorded, each with the letter of its card."""
        article = self.article
        names = [(article.library, "o"), (article.circle, "o"), (article.event, "e")]
        return [*names, *((name, "n") for name in article.new_people)]

    def name(self, words: str, letter: str) -> None:
        """Select a name, press its letter, and save the card as it is filled in; an event gets its place."""
        self.desk.open_card(self.paragraph_of(words), words, letter)
        if letter == "e":
            self.desk.write("place", self.article.place)
        self.desk.save_card()
        self.recorded.add(words)

    def name_what_is_not_proposed(self, paragraph: int) -> bool:
        """Select the names of a paragraph that the rules do not see; say whether there were any."""
        missing = [
            (words, letter)
            for words, letter in self.names
            if words not in self.recorded
            and self.paragraph_of(words) == paragraph
            and not self.is_proposed(words, "name", "organization", "event")
        ]
        for words, letter in missing:
            self.name(words, letter)
            self.done("names selected")
        return bool(missing)

    def go_through_proposals(self) -> None:
        """Go from one proposal to the next: accept, complete or dismiss it."""
        desk = self.desk
        names = dict(self.names)
        desk.next_proposal()
        while desk.focused_proposal().count():
            kind, words, paragraph = desk.proposed()
            if self.name_what_is_not_proposed(paragraph):
                desk.next_proposal()
            elif kind == "role":
                self.take_role(words)
            elif kind in ("quote", "reported"):
                self.take_statement(words)
            elif words not in names:
                desk.settle_proposal("x")
                self.done("names proposed")
            else:
                if kind == "event":
                    with desk.changing_proposal():
                        desk.write("place", self.article.place)
                else:
                    desk.settle_proposal("Enter")
                self.recorded.add(words)
                self.done("names proposed")

    def take_role(self, words: str) -> None:
        """Accept a role in English, put another one into English, dismiss one that is none or not whole."""
        desk = self.desk
        position = next((each for each in self.article.positions if each.words == words), None)
        cut_short = next((each for each in self.article.positions if each.words.startswith(words)), None)
        if position is None:
            desk.settle_proposal("x")
            if cut_short is not None:
                self.select_role(cut_short)
                desk.next_proposal()
        elif self.article.language == "en":
            desk.settle_proposal("Enter")
        else:
            with desk.changing_proposal():
                desk.write("role", position.role)
        self.done("roles")

    def select_role(self, position: Position) -> None:
        """Select the words of a role and press A."""
        self.desk.open_card(self.paragraph_of(position.words), position.words, "a")
        if self.article.language != "en":
            self.desk.write("role", position.role)
        self.desk.save_card()
        self.done("roles")

    def take_statement(self, words: str) -> None:
        """Accept a quote or reported speech, and type its text; the last one is selected instead."""
        desk = self.desk
        said = next(each for each in self.article.said if any(part in words or words in part for part in each.parts))
        if said is self.article.said[-1]:
            self.select_statement(said)
            if desk.page.locator(".proposal-item").count():
                desk.next_proposal()
            return
        with desk.changing_proposal("Enter"):
            self.fill_in(said)
        self.done_with(said)

    def select_statement(self, said: Said) -> None:
        """Select the words of a statement, press its letter, and fill in the card."""
        first = said.parts[0]
        self.desk.open_card(self.paragraph_of(first), first, "r" if said.is_reported else "q")
        self.fill_in(said)
        self.desk.save_card()
        self.done_with(said)

    def done_with(self, said: Said) -> None:
        """Close the account of a statement."""
        self.done(f"statement {self.article.said.index(said) + 1}")

    def fill_in(self, said: Said) -> None:
        """Fill in the card of a statement: the other part of a divided quote, and the text that is typed."""
        desk = self.desk
        selected = desk.card.locator(".card-words q").all_inner_texts()
        for part in said.parts:
            if not said.is_reported and part not in selected:
                desk.add_part(self.paragraph_of(part), part)
        language = self.article.language if said.is_reported else self.article.typed_language
        desk.write(f"text_{language}", said.typed, composed=True)

    def record_who_took_part(self) -> None:
        """Select the words that name who took part in the event, and press E."""
        words = self.article.took_part
        self.desk.open_card(self.paragraph_of(words), words, "e")
        self.desk.save_card()
        self.done("event")

    def publish(self) -> None:
        """Publish all of it, and keep the addresses of what is public now."""
        links = self.desk.publish_all()
        self.published = [link.get_attribute("href") or "" for link in links.all()]
        self.done("publishing")
