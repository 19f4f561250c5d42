"""The seed article by the ordinary forms of the admin, as it was done before there was a desk; counted as the desk is."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk_steps import Counts, Hand
from tests.browser.seed_article import Said, SeedArticle
from tests.browser.whole_task import Account

TYPED = 8  # letters of a name that are typed to find it


class FormerForms:
    """One curator enters the seed article table by table."""

    def __init__(self, hand: Hand, site: str, interface: str, article: SeedArticle) -> None:
        self.hand, self.article = hand, article
        self.home = site + ("" if interface == "en" else f"/{interface}") + "/admin/"
        self.account = Account()
        self._before = hand.counts.copy()

    @property
    def page(self) -> Page:
        """The page of the forms."""
        return self.hand.page

    def do(self) -> Account:
        """Enter it all."""
        self.hand.open(self.home)
        self.store_the_source()
        for body in (self.article.library, self.article.circle):
            self.add_named("directory/organization", body)
        for person, position in zip(self.article.new_people, self.article.positions, strict=True):
            body = self.article.library if position is self.article.positions[0] else self.article.circle
            self.add_named("directory/person", person, (position.role, body, position.words))
        self.add_event()
        self.add_participation()
        for said in self.article.said:
            self.add_statement(said)
        return self.account

    # Small steps ------------------------------------------------------------------------------------------------------------
    def done(self, step: str) -> None:
        """Close the account of a step."""
        now = self.hand.counts.copy()
        self.account.steps[step] = self.account.steps.get(step, Counts()) + (now - self._before)
        self._before = now

    def begin(self, table: str) -> None:
        """Open the form of a new row from the list of all tables."""
        self.hand.click(self.page.locator("header a[href$='/admin/records/'], nav a[href$='/admin/records/']").first)
        self.hand.click(self.page.locator(f"a[href$='/{table}/add/']").first)

    def publish(self) -> None:
        """Press “Save and publish”, and wait for the list."""
        self.hand.click(self.page.locator("[name=_publish]").first)
        self.page.wait_for_url(re.compile(r"/(?!add)[a-z]+/(\?.*)?$"))

    def write(self, field: Locator, text: str, composed: bool = False) -> None:
        """Click into a field and type."""
        self.hand.click(field)
        self.hand.type(text, composed, field.page)

    def rewrite(self, field: Locator, text: str) -> None:
        """Type over what stands in a field."""
        if field.input_value() != text:
            self.hand.click(field)
            self.hand.press("Control+a", field.page)
            self.hand.type(text, page=field.page)

    def pick(self, select: Locator, value: str) -> None:
        """Choose from a list that folds out: open it, click the choice."""
        if select.input_value() != value:
            self.hand.counts.clicks += 2
            select.select_option(value)

    def find(self, page: Page, field: str, name: str, typed: str = "") -> None:
        """Choose a row in a field that completes."""
        box = page.locator(f"#{field} + .select2 .select2-selection")
        self.hand.click(box)
        self.hand.type(typed or name[:TYPED], page=page)
        option = page.locator(".select2-results__option[role=option]", has_text=name[:30]).first
        self.hand.click(option)

    def add_row(self, group: str) -> int:
        """Add a row to a table inside of a form, and return its number."""
        self.hand.click(self.page.locator(f"#{group}-group .add-row a, #{group}-group a.add-row").first)
        return int(self.page.locator(f"#id_{group}-TOTAL_FORMS").input_value()) - 1

    def add_passage(self, button: str, words: str) -> None:
        """Record a passage in a window of its own: the source again, the words by paste, Save."""
        with self.page.expect_popup() as opened:
            self.hand.click(self.page.locator(f"#{button}"))
        window = opened.value
        self.find(window, "id_source", self.article.lines[0])
        field = window.locator("[name=words]")
        self.hand.click(field)
        self.hand.paste(field, words)
        if self.article.text.count(words) > 1:  # the form would ask which of them is meant
            self.write(window.locator("[name=paragraph]"), str(self.paragraph_of(words)))
        with window.expect_event("close"):
            self.hand.click(window.locator("[name=_save]").first)

    def find_passage(self, field: str, words: str) -> None:
        """Choose a passage that is recorded already, by its paragraph."""
        self.find(self.page, field, words, typed=f"¶{self.paragraph_of(words)}")

    def paragraph_of(self, words: str) -> int:
        """Return the number of the first paragraph with these words."""
        return next(number for number, line in enumerate(self.article.lines, 1) if words in line)

    # The tables -------------------------------------------------------------------------------------------------------------
    def store_the_source(self) -> None:
        """Paste title and text, and publish."""
        self.begin("directory/source")
        for name, text in (("title", self.article.lines[0]), ("text_typed", self.article.text)):
            field = self.page.locator(f"[name={name}]")
            self.hand.click(field)
            self.hand.paste(field, text)
        for name in ("title_language", "language"):
            self.rewrite(self.page.locator(f"[name={name}]"), self.article.language)
        self.publish()
        self.done("article")

    def add_name(self, text: str) -> None:
        """Add a row for a name, with its passage."""
        row = self.add_row("names")
        field = self.page.locator(f"#id_names-{row}-text")
        self.hand.click(field)
        self.hand.paste(field, text)
        self.rewrite(self.page.locator(f"#id_names-{row}-language"), self.article.language)
        self.add_passage(f"add_id_names-{row}-passages", text)

    def add_named(self, table: str, name: str, position: tuple[str, str, str] | None = None) -> None:
        """Add an organization, or a person with a position."""
        self.begin(table)
        self.add_name(name)
        if position is not None:
            role, body, words = position
            row = self.add_row("affiliations")
            self.write(self.page.locator(f"#id_affiliations-{row}-role"), role)
            self.find(self.page, f"id_affiliations-{row}-organization", body)
            self.add_passage(f"add_id_affiliations-{row}-passages", words)
        self.publish()
        self.done("people and organizations")

    def add_event(self) -> None:
        """Add the event with its name, date, place and organizer."""
        self.begin("events/event")
        self.write(self.page.locator("#id_date"), "2026-03-14")
        self.write(self.page.locator("#id_place"), self.article.place)
        self.add_passage("add_id_passages", self.article.event)
        row = self.add_row("names")
        field = self.page.locator(f"#id_names-{row}-text")
        self.hand.click(field)
        self.hand.paste(field, self.article.event)
        self.rewrite(self.page.locator(f"#id_names-{row}-language"), self.article.language)
        self.find_passage(f"id_names-{row}-passages", self.article.event)
        row = self.add_row("organization_links")
        self.find(self.page, f"id_organization_links-{row}-organization", self.article.library)
        self.pick(self.page.locator(f"#id_organization_links-{row}-role"), "organizer")
        self.add_passage(f"add_id_organization_links-{row}-passages", self.article.took_part)
        self.publish()
        self.done("event")

    def add_participation(self) -> None:
        """Say who took part in the event."""
        self.begin("events/participation")
        self.find(self.page, "id_person", self.article.new_people[0])
        self.find(self.page, "id_event", self.article.event)
        self.pick(self.page.locator("#id_role"), "attendee")
        self.find_passage("id_passages", self.article.took_part)
        self.hand.click(self.page.locator("[name=_save]").first)
        self.page.wait_for_url(re.compile(r"/participation/(\?.*)?$"))
        self.done("event")

    def add_statement(self, said: Said) -> None:
        """Add a statement with its passages, its words as printed and what is typed."""
        article, number = self.article, self.article.said.index(said)
        speaker = (*article.new_people, article.new_people[1], article.known_person, article.new_people[0])[number]
        self.begin("events/statement")
        self.find(self.page, "id_speaker", speaker)
        position = dict(zip(article.new_people, article.positions, strict=True)).get(speaker)
        if position is not None:
            self.write(self.page.locator("#id_role_at_time"), position.role)
        self.pick(self.page.locator("#id_statement_kind"), "reported" if said.is_reported else "direct")
        self.find(self.page, "id_event", article.event)
        for part in said.parts:
            self.add_passage("add_id_passages", part)
        if not said.is_reported:
            row = self.add_row("wordings")
            self.pick(self.page.locator(f"#id_wordings-{row}-nature"), "verbatim")
            self.rewrite(self.page.locator(f"#id_wordings-{row}-language"), article.language)
            self.find_passage(f"id_wordings-{row}-passage", said.parts[0])
            for part in said.parts[1:]:
                self.find_passage(f"id_wordings-{row}-further_passages", part)
        row = self.add_row("wordings")
        self.pick(self.page.locator(f"#id_wordings-{row}-nature"), "paraphrase" if said.is_reported else "translation")
        language = article.language if said.is_reported else article.typed_language
        self.rewrite(self.page.locator(f"#id_wordings-{row}-language"), language)
        self.write(self.page.locator(f"#id_wordings-{row}-text"), said.typed, composed=True)
        self.publish()
        expect(self.page.locator(".messagelist .success")).to_be_visible()
        self.done(f"statement {number + 1}")
