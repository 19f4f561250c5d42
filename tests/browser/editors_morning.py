"""An editor's morning, counted: ten statements reviewed, one of them sent back, two records united, a report answered.

It is done by a keeper, who does what an editor does and may unite records.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from base.records.submissions import Submission
from directory.models import Person, Source
from events.models import Statement
from reports.models import Report
from review.gathering import drafts_to_submit
from review.submissions import submit
from tests import factories as make
from tests.browser.desk_steps import Counts, Hand
from tests.browser.whole_task import Account

STATEMENTS = 10
TITLE = "Harbour towns agree"
LINES = [f"Mira Olen asked the town of Pell {number} for a tide table." for number in range(1, STATEMENTS + 1)]
WORD = "The tenth is not what the passage says: she asked for two tables."
REASON = "Both are the pilot of the same harbour."
ANSWER = "Corrected after her own site, thank you."


@dataclass
class Morning:
    """What waits in the morning."""

    source: Source
    statements: list[Statement]
    doubles: tuple[Person, Person]
    report: Report


def make_morning() -> Morning:
    """Make an article with ten statements that a contributor submitted, two records of one man, and a report of a reader."""
    mai = User.objects.create_user("mai", first_name="Mai", is_staff=True)
    mai.groups.set(Group.objects.filter(name="contributor"))
    source = make.make_source(TITLE, text="\n".join(["A new tide table", *LINES]) + "\n", status="draft")
    passages = [make.make_passage(source, line) for line in LINES]
    person = make.make_person("Mira Olen", status="draft", passages=passages[:1])
    event = make.make_event("Quay Talk", status="draft", passages=passages[:1])
    statements = [
        make.make_statement(person, event, f"Asks Pell {number} for a tide table.", passages=[passage], status="draft")
        for number, passage in enumerate(passages, 1)
    ]
    submit(mai, source, TITLE, drafts_to_submit(source), {}, "All ten are done.")
    other = make.make_source("Port news", text="Thomas Reka is the pilot.\n")
    double, stays = (
        make.make_person("Thomas Reka", slug=slug, passages=[make.make_passage(other, "Thomas Reka is the pilot.")])
        for slug in ("thomas-reka", "thomas-reka-pilot")
    )
    make.make_statement(double, wording="Says that the tide was late.")
    report = Report(
        record_kind="person", record_id=stays.slug, record_path=f"/people/{stays.slug}/", message="Not a pilot."
    )
    report.move_to("open")
    return Morning(source, statements, (double, stays), report)


@dataclass
class EditorsMorning:
    """Somebody who may publish and unite goes through what waits, from the first page."""

    hand: Hand
    site: str
    morning: Morning
    account: Account = field(default_factory=Account)
    before: Counts = field(default_factory=Counts)

    @property
    def page(self) -> Page:
        """The page of the editor."""
        return self.hand.page

    def do(self) -> Account:
        """Do all of it."""
        self.hand.open(f"{self.site}/admin/")
        self.read_ten_statements()
        self.publish_nine()
        self.send_one_back()
        self.unite()
        self.answer_the_report()
        return self.account

    def done(self, step: str) -> None:
        """Close the account of a step."""
        now = self.hand.counts.copy()
        self.account.steps[step] = now - self.before
        self.before = now

    def go_home(self) -> None:
        """Go to the first page by its name in the header."""
        self.hand.click(self.page.locator(".desk-header a.brand"))

    def read_ten_statements(self) -> None:
        """Open the submission and its article, and read each paragraph beside what was made of it."""
        page = self.page
        self.hand.click(page.locator("a.desk-button", has_text=f"Review {TITLE}"))
        self.hand.click(page.get_by_role("link", name="Read the article"))
        expect(page.locator("#text > p")).to_have_count(STATEMENTS + 1)
        page.wait_for_load_state()  # keys do nothing before the scripts have run
        page.locator("#p1").focus()
        for number in range(1, STATEMENTS + 1):
            self.hand.press("ArrowDown")
            expect(page.locator(f"#p{number + 1}")).to_be_focused()
            expect(page.locator("#made")).to_contain_text(f"Asks Pell {number} for a tide table.")
        self.done("ten statements read beside the text")

    def publish_nine(self) -> None:
        """Publish all of the article but the statement that is wrong."""
        page = self.page
        self.hand.click(page.locator("#publish-button"))
        publish = page.locator("#publish")
        row = publish.get_by_role("checkbox").and_(page.get_by_label(f"Asks Pell {STATEMENTS} for"))
        self.hand.click(row)
        self.hand.click(publish.locator("button[type=submit]"))
        expect(publish.locator(".publish-rows a").first).to_be_visible()
        self.done("nine published")

    def send_one_back(self) -> None:
        """Send back what is left, with a word."""
        page = self.page
        self.hand.click(page.locator(".review-bar").get_by_role("link", name="Review"))
        self.hand.click(page.get_by_label("What is to be done"))
        self.hand.type(WORD, composed=True)
        self.hand.click(page.get_by_role("button", name="Send back"))
        expect(page.get_by_text("Sent back to Mai.")).to_be_visible()
        self.done("one sent back")

    def unite(self) -> None:
        """Unite the two records of one man, who are listed as possible doubles."""
        page, (_double, stays) = self.page, self.morning.doubles
        self.go_home()
        self.hand.click(page.locator("a.desk-button", has_text="Open Possible doubles"))
        self.hand.click(page.get_by_role("link", name="Same: unite them"))
        self.hand.click(page.get_by_role("button", name="Same: unite them"))
        self.hand.click(page.locator(f"[name=winner][value='{stays.pk}']"))
        self.hand.click(page.get_by_label("Why they are the same"))
        self.hand.type(REASON, composed=True)
        self.hand.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text("was merged into")
        self.done("two records united")

    def answer_the_report(self) -> None:
        """Answer the report of a reader, with its record beside it."""
        page = self.page
        self.go_home()
        self.hand.click(page.locator("a.desk-button", has_text=f"Open {self.morning.report.reference}"))
        expect(page.locator(".report-record")).to_contain_text("Thomas Reka is the pilot.")
        self.hand.choose(page.locator("[name=state]"), "accepted")
        self.hand.click(page.locator("[name=answer]"))
        self.hand.type(ANSWER, composed=True)
        self.hand.click(page.locator("[name=_save]").last)
        expect(page.locator(".messagelist .success")).to_be_visible()
        self.done("one report answered")


def check(morning: Morning) -> None:
    """Check that all of it is done on the server."""
    statuses = [Statement.objects.get(pk=row.pk).status for row in morning.statements]
    assert statuses == ["published"] * (STATEMENTS - 1) + ["draft"]
    submission = Submission.objects.get()
    assert (submission.state, submission.answer) == ("sent-back", WORD)
    double, stays = morning.doubles
    assert Person.objects.get(pk=double.pk).merged_into == stays
    assert stays.statements.count() == 1
    assert Report.objects.values_list("state", "answer").get() == ("accepted", ANSWER)
