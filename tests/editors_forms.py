"""The forms of the pages of editors, filled in so that they are taken: review, uniting, splitting, undoing, doubts, kept forms."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from base.models import ChangeSet
from base.records.change_sets import change_set
from desk.doubts.kinds import Doubt
from directory.models import Affiliation, Person
from tests import factories as make
from tests.accounts.test_addresses import submission_of
from tests.curation import change_url, url_of
from tests.desk.test_doubts import seen
from tests.review.article import url_of as page_of_submission

BUTTONS = ("publish", "send-back", "take-back", "again", "date", "no-date", "preview", "no-preview", "", "\0", "delete")
Forms = list[tuple[str, dict[str, Any]]]  # addresses, and forms that they take


def digest(page: Any, name: str = "expected") -> str:
    """Return the digest of what a page shows, as its form sends it."""
    [value] = re.findall(rf'name="{name}" value="(\w+)"', page.content.decode())
    return str(value)


def review_forms(curator: Client) -> Forms:
    """Return the form of submitting, and one for each button of a submission: of one that waits, and of one sent back."""
    draft = make.make_topic("Not submitted yet", status="draft")
    waiting = submission_of(make.make_topic("Waits", status="draft"), "superuser")
    sent_back = submission_of(make.make_topic("Was sent back", status="draft"), "superuser")
    curator.post(page_of_submission(sent_back), {"action": "send-back", "answer": "Name it."})
    seen = curator.get(page_of_submission(waiting)).context["seen"]
    fields = {"seen": seen, "answer": "Well done.", "note": "Please look.", "moment": "2099-05-01T08:00"}
    return [
        (f"{reverse('admin:review_submit')}?row=directory.topic:{draft.pk}", {"note": "Please look."}),
        (reverse("admin:review_submissions"), {"own": "1", "page": "1"}),
        *(
            (page_of_submission(row), {"action": button, **fields})
            for row in (waiting, sent_back)
            for button in BUTTONS
        ),
    ]


def uniting_forms(curator: Client) -> Forms:
    """Return the form that unites two people who differ, and the forms that split one of them."""
    passages = [make.make_passage(words=words) for words in ("Mai spoke.", "Ms Tran spoke.")]
    people = [make.make_person("Mai Tran", wikidata=f"Q{n}", passages=[passages[n]]) for n in range(2)]
    board = make.make_organization()
    for person, end in zip(people, ("2020", "2021"), strict=True):
        make.make_affiliation(person, board, end=end, passages=passages[:1])
        make.make_statement(person, passages=passages)
    first, second = people
    listing, splitting = url_of(Person, "changelist"), url_of(first, "split", first.pk)
    data = {"action": "merge_doubles", "_selected_action": [str(row.pk) for row in people]}
    page = curator.post(listing, data)
    digests = {f"expected-{row.pk}": digest(page, f"expected-{row.pk}") for row in people}
    choices = {each.name: second.pk for each in page.context["choices"]}
    uniting = {
        **data,
        **digests,
        **choices,
        "confirmed": "yes",
        "winner": first.pk,
        "reason": "Same.",
        "all_the_same": "on",
    }
    rows = {"all-events.statement.speaker": "on", f"directory.personname.person-{first.names.get().pk}": "both"}
    splitted = {**rows, "value-wikidata": "goes", "target": "", "reason": "Two people."}
    expected = digest(curator.post(splitting, {**splitted, "show": "yes"}))
    return [
        (listing, uniting),
        (splitting, {**splitted, "show": "yes"}),
        (splitting, {**splitted, "split": "yes", "expected": expected}),
        (splitting, {**splitted, "target": second.slug, "split": "yes", "expected": expected}),
    ]


def undoing_forms() -> Forms:
    """Return the forms that undo a whole save, and one line of it, with something in the way."""
    person = make.make_person("Mai Tran", passages=[make.make_passage()])
    with change_set():
        person.wikidata = "Q1"
        person.save()
        name = person.names.get()
        name.text = "May Tran"
        name.save()
    url = reverse("admin:change_set", args=[ChangeSet.objects.latest("id").pk])
    person.wikidata = "Q2"
    person.save()
    line, other = f"directory.PersonName:{name.pk}:text", f"directory.Person:{person.pk}:wikidata"
    return [
        (url, {"reason": "A slip.", "keep": other}),
        (url, {"reason": "A slip.", "line": line}),
        (f"{url}?line={other}", {"reason": "A slip.", "line": other, "keep": line}),
    ]


def doubt_forms() -> Forms:
    """Return the forms that settle a doubt of each shape."""
    person, board, words = make.make_person("Mai Tran"), make.make_organization("Port of Sond"), "She was there."
    keys = []
    for number, role in enumerate(("pilot", "harbour master")):
        passage = make.make_passage(make.make_source(f"Port news {number}"), words)
        keys.append(make.make_affiliation(person, board, role=role, passages=[passage]).pk)
    roles = {"kind": "roles", "model": Affiliation._meta.label, "first": keys[0], "second": keys[1], "page": "1"}
    other = make.make_person("Mai Tran")
    doubles = {"kind": "doubles", "model": Person._meta.label, "first": person.pk, "second": other.pk}
    disputed = make.make_affiliation(person, role="diver", certainty="disputed", note="Two say two things.")
    row = {"kind": "disputed", "model": Affiliation._meta.label, "first": disputed.pk, "second": 0}
    answers = (f"prefer:{keys[0]}", "prefer:", "keep", "later", "ask")
    address = reverse("admin:desk_doubts")
    shown = [
        (form, Doubt(str(form["kind"]), model, int(str(form["first"])), int(str(form["second"]))))
        for form, model in ((roles, Affiliation), (doubles, Person), (row, Affiliation))
    ]
    return [
        (address, {**form, "seen": seen(doubt), "answer": answer, "reason": "Her site."})
        for form, doubt in shown
        for answer in answers
    ]


def kept_forms(curator: Client) -> Forms:
    """Return the forms that keep what is typed, show it again and forget it."""
    address, path = reverse("admin:form_drafts"), change_url(make.make_person("Mai Tran"))
    typed = {"wikidata": "Q42", "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "1", "names-0-text": "May"}
    return [(address, {"draft_path": path, "draft_action": action, **typed}) for action in ("", "show", "dismiss")]


def editors_forms(curator: Client) -> Forms:
    """Make what these forms are about, and return all of them. `curator` may do everything."""
    return [*review_forms(curator), *uniting_forms(curator), *undoing_forms(), *doubt_forms(), *kept_forms(curator)]
