"""The whole task, from a pasted text to public records, as a curator does it at the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.desk_steps import Counts, Desk
from tests.browser.seed_article import Said, SeedArticle


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


class WholeTask:
    """One curator takes in, reads and publishes the seed article."""

    def __init__(self, desk: Desk, article: SeedArticle) -> None:
        self.desk, self.article = desk, article
        self.account = Account()
        self.recorded: set[str] = set()  # names
        self._before = desk.hand.counts.copy()

    def done(self, step: str) -> None:
        """Close the account of a step."""
        now = self.desk.hand.counts.copy()
        self.account.steps[step] = self.account.steps.get(step, Counts()) + (now - self._before)
        self._before = now

    def do(self) -> Account:
        """Do it all, and return what it took."""
        self.take_in()
        self.go_through_proposals()
        self.record_what_is_left()
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

    def name_what_is_not_proposed(self, paragraph: int) -> bool:
        """Select the names of a paragraph that the rules do not see, press N, O or E, and save; say whether there were any."""
        article = self.article
        names = [(article.library, "o"), (article.circle, "o"), (article.event, "e")]
        missing = [
            (words, letter)
            for words, letter in [*names, *((name, "n") for name in article.new_people)]
            if words not in self.recorded
            and self.paragraph_of(words) == paragraph
            and not self.is_proposed(words, "name", "organization", "event")
        ]
        for words, letter in missing:
            self.desk.open_card(paragraph, words, letter)
            self.desk.save_card()
            self.recorded.add(words)
        self.done("names selected")
        return bool(missing)

    def go_through_proposals(self) -> None:
        """Go from one proposal to the next: accept, complete or dismiss it."""
        desk, article = self.desk, self.article
        names = {article.library, article.circle, article.event, *article.new_people}
        desk.next_proposal()
        while desk.focused_proposal().count():
            kind, words, paragraph = desk.proposed()
            if self.name_what_is_not_proposed(paragraph):
                desk.next_proposal()
                continue
            if kind in ("name", "organization", "event") and words not in names:
                desk.settle_proposal("x")
                self.done("names proposed")
            elif kind == "role":
                self.take_role(words)
                self.done("roles")
            elif kind in ("quote", "reported"):
                self.take_statement(words)
            else:
                desk.settle_proposal("Enter")
                self.recorded.add(words)
                self.done("names proposed")

    def take_role(self, words: str) -> None:
        """Accept the role in English; complete it where it has to be put into English."""
        desk = self.desk
        position = next((each for each in self.article.positions if each.words.startswith(words)), None)
        if position is None:
            return desk.settle_proposal("x")
        if self.article.language == "en":
            return desk.settle_proposal("Enter")
        item = desk.page.locator(f"[id='{desk.focused_proposal().get_attribute('id')}']")
        desk.hand.press("Space")
        expect(desk.card.locator("[name=role]")).to_be_visible()
        desk.write("role", position.role)
        desk.save_card()
        expect(item).to_have_count(0)
        return desk.wait_for_next_proposal()

    def take_statement(self, words: str) -> None:
        """Accept a quote or reported speech, and type its text."""
        desk = self.desk
        said = next(each for each in self.article.said if any(part in words or words in part for part in each.parts))
        item = desk.page.locator(f"[id='{desk.focused_proposal().get_attribute('id')}']")
        desk.hand.press("Enter")
        expect(desk.card).to_be_visible()
        expect(desk.card.locator(":focus")).to_have_count(1)
        self.complete(said)
        expect(item).to_have_count(0)
        desk.wait_for_next_proposal()
        self.done(f"statement {self.article.said.index(said) + 1}")

    def complete(self, said: Said) -> None:
        """Fill in the card of a statement and save it."""
        desk = self.desk
        print("CARD", desk.card.inner_text().replace("\n", " | "), desk.card.locator("[data-name=speaker]").inner_html())
        selected = desk.card.locator(".card-words q").all_inner_texts()
        for part in said.parts:
            if not said.is_reported and part not in selected:
                desk.add_part(self.paragraph_of(part), part)
        language = self.article.language if said.is_reported else self.article.typed_language
        desk.write(f"text_{language}", said.typed, composed=True)
        desk.save_card()

    def record_what_is_left(self) -> None:
        """Select who took part in the event; roles and statements that were not proposed."""
        desk, article = self.desk, self.article
        desk.open_card(self.paragraph_of(article.took_part), article.took_part, "e")
        desk.save_card()
        self.done("event")

    def publish(self) -> None:
        """Publish all of it."""
        self.desk.publish_all()
        self.done("publishing")
