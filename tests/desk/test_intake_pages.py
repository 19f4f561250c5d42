"""The pages of the intake: a text comes in, its cut is corrected step by step, and it becomes a source; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.records.provenance import sha256_of
from desk.intake.drafts import delete_old_drafts
from desk.models import ArticleLayout, TextDraft
from directory.models import Source
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.files import docx, pdf, word_paragraph

pytestmark = pytest.mark.django_db

ARTICLE = """Home
News
Sport
Weather
Towns agree on tides
14 พฤษภาคม 2569
The Lantern Coast Association met in Pellmere on Thursday and agreed on one tide table for nine harbours.
Ines Aldana, who chairs it, said the old tables had differed by up to forty minutes. She had asked for one.
“Nobody drowns because of a number,” Ms Aldana said, “but people have drowned because of two numbers.”
Ines Aldana, with pilots. Photo: J. Moss
Comments (0)
"""
KEPT = ARTICLE.splitlines()[4:10]


@pytest.fixture
def curator(client: Client) -> Client:
    """A browser in which a contributor is signed in."""
    client.force_login(make_user("mai", "contributor"))
    return client


def take_in(client: Client, text: str = ARTICLE, file: tuple[str, bytes] | None = None) -> Any:
    """Send the form of a new article."""
    data = {"file": SimpleUploadedFile(*file)} if file else {"text": text}
    return client.post(reverse("admin:desk_new"), data)


def draft_of(response: Any) -> TextDraft:
    """Return the draft that an answer leads to."""
    assert response.status_code == 302, response.content.decode()[:2000]
    return TextDraft.objects.get(key=response.url.rstrip("/").rpartition("/")[2])


def correct(client: Client, draft: TextDraft, action: str, **more: str) -> Any:
    """Press a button of the page of a draft, with the facts as they are."""
    draft.refresh_from_db()
    data = {"version": draft.version, **draft.facts, "source_kind": "article", "do": action, **more}
    return client.post(reverse("admin:desk_cut", args=[draft.key]), data)


def kept(draft: TextDraft) -> list[str]:
    """Return the paragraphs that would be stored."""
    draft.refresh_from_db()
    return [row["text"] for row in draft.paragraphs if row["kind"] != "left_out"]


def test_a_pasted_article_is_cut_and_described(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    assert kept(draft) == KEPT
    assert [row["kind"] for row in draft.paragraphs] == [
        *["left_out"] * 4,
        "heading",
        *["text"] * 4,
        "caption",
        "left_out",
    ]
    assert draft.facts == {"title": "Towns agree on tides", "language": "en", "date": "", "author": ""}
    page = curator.get(reverse("admin:desk_cut", args=[draft.key]))
    text = page.content.decode()
    assert "<del" in text
    assert "Is 2569 of the Buddhist era, 2026, meant?" in text
    assert "no-store" in page.headers["Cache-Control"]
    correct(curator, draft, "date:2026-05-14")
    draft.refresh_from_db()
    assert draft.facts["date"] == "2026-05-14"


@pytest.mark.parametrize(
    "file",
    [
        ("a.txt", ARTICLE.encode("utf-16")),
        ("a.html", f"<html><body>{''.join(f'<p>{line}</p>' for line in ARTICLE.splitlines())}</body></html>".encode()),
        ("a.docx", docx("".join(map(word_paragraph, ARTICLE.splitlines())))),
    ],
)
def test_a_file_gives_the_same(curator: Client, file: tuple[str, bytes]) -> None:
    draft = draft_of(take_in(curator, file=file))
    assert kept(draft)[-3:] == KEPT[-3:]
    assert draft.facts["title"] == "Towns agree on tides"
    assert draft.file_name == file[0]


def test_lines_of_a_pdf_are_joined_and_can_be_taken_apart_again(curator: Client) -> None:
    lines = [
        "The Lantern Coast Association met in Pellmere on Thursday and",
        "agreed on one tide table for nine harbours, and on pilots.",
        "It ends here.",
        "Ines Aldana, who chairs it, said the old tables had differed",
        "by up to forty minutes.",
    ]
    draft = draft_of(take_in(curator, file=("a.pdf", pdf(*lines))))
    assert kept(draft) == [" ".join(lines[:3]), " ".join(lines[3:])]
    correct(curator, draft, "wrap")
    assert kept(draft) == lines
    correct(curator, draft, "undo")
    assert len(kept(draft)) == 2


def test_each_correction_is_kept_and_undone(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    for action, more, number in [
        ("join:9", {}, 5),
        ("undo", {}, 6),
        ("split:8:85", {}, 7),
        ("kind:1:text", {}, 8),
        ("kind:1:left_out", {}, 7),
        ("rewrite:7", {"typed": "One.\r\nTwo."}, 8),
        ("retype", {"typed": "[h] Title\nA paragraph.\n[x] Share"}, 2),
    ]:
        response = correct(curator, draft, action, **more)
        assert response.status_code == 302, action
        assert len(kept(draft)) == number, action
    assert [row["kind"] for row in draft.paragraphs] == ["heading", "text", "left_out"]


@pytest.mark.parametrize(
    "action",
    [
        "join:1",
        "join:99",
        "join",
        "join:x",
        "split:8:0",
        "split:8:99999",
        "split:8",
        "kind:1:poem",
        "fly",
        "rewrite:-1",
        "",
    ],
)
def test_a_forged_correction_changes_nothing_and_says_so(curator: Client, action: str) -> None:
    draft = draft_of(take_in(curator))
    before = draft.paragraphs
    response = correct(curator, draft, action, title="Typed meanwhile")
    draft.refresh_from_db()
    assert response.status_code == 422
    assert "Nothing was changed." in response.content.decode()
    assert (draft.paragraphs, draft.facts["title"]) == (before, "Typed meanwhile")


def test_what_stands_in_an_open_box_is_never_lost(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    whole = "[h] Towns agree on tides\nTyped anew."
    for action, response_code in (("back", 302), ("autosave", 302), ("show-split:2", 302), ("keep", 302)):
        before = kept(draft)
        assert correct(curator, draft, action, typing="retype", typed=whole).status_code == response_code
        assert (kept(draft) == before) == (action in ("back", "autosave", "keep")), action  # the last had it already
    # The number of another button is that of the paragraphs as they were: it is pressed again.
    correct(curator, draft, "kind:1:left_out", typing="rewrite:2", typed="One.\nTwo.")
    assert kept(draft) == ["Towns agree on tides", "One.", "Two."]
    correct(curator, draft, "kind:1:left_out", typing="rewrite:2", typed="One.")
    assert kept(draft) == ["One.", "Two."]
    correct(curator, draft, "save", typing="retype", typed="The last word.")
    assert Source.objects.get().text == "The last word."


def test_nothing_left_is_refused(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    assert correct(curator, draft, "retype", typed=" \n ").status_code == 422
    assert kept(draft) == KEPT


def test_a_correction_from_an_older_page_is_refused(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    correct(curator, draft, "join:8")
    response = correct(curator, draft, "join:8", version="0")
    assert response.status_code == 409
    assert "in another window" in response.content.decode()
    assert len(kept(draft)) == 5


def test_facts_are_kept_as_they_are_typed_and_even_if_they_are_wrong(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    assert correct(curator, draft, "keep", publisher="The Lantern", date="2569-13-40").status_code == 302
    page = curator.get(reverse("admin:desk_cut", args=[draft.key])).content.decode()
    assert 'value="The Lantern"' in page
    assert 'value="2569-13-40"' in page
    response = correct(curator, draft, "save")
    assert response.status_code == 422
    assert "Not stored yet" in response.content.decode()
    assert Source.objects.count() == 0


def test_a_stored_article_is_a_draft_with_its_text_and_layout(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    response = correct(curator, draft, "save", publisher="The Lantern", date="2026-05-14")
    source = Source.objects.get()
    assert response.status_code == 302
    assert source.slug == "towns-agree-on-tides"
    assert response.url == reverse("admin:desk_read", args=[source.slug])
    assert (source.status, source.text) == ("draft", "\n".join(KEPT))
    assert (source.sha256, source.length) == (sha256_of(source.text), len(source.text))
    assert (source.title_language, source.publisher, source.date) == ("en", "The Lantern", "2026-05-14")
    assert [source.text[start : start + length] for start, length in source.paragraphs] == KEPT
    layout = ArticleLayout.objects.get()
    assert (layout.headings, layout.captions) == ([1], [6])
    version = source.history.get()
    assert (version.history_change_reason, str(version.history_user)) == ("Taken in at the desk", "mai")
    assert TextDraft.objects.count() == 0
    assert curator.get(reverse("admin:desk_cut", args=[draft.key])).status_code == 404


def test_a_buddhist_year_that_is_typed_is_asked_about(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    response = correct(curator, draft, "save", date="2569-05-14")
    assert response.status_code == 422
    assert "2026" in response.context["form"].errors["date"][0]


def test_an_article_that_is_here_already_is_linked_and_asked_about(curator: Client) -> None:
    source = make.make_source("Tides", text="\n".join(KEPT))
    draft = draft_of(take_in(curator))
    page = curator.get(reverse("admin:desk_cut", args=[draft.key])).content.decode()
    assert "This article is here already:" in page
    assert reverse("admin:desk_read", args=[source.slug]) in page
    assert correct(curator, draft, "save").status_code == 422
    assert correct(curator, draft, "save", all_the_same="yes").status_code == 302
    assert Source.objects.count() == 2


def test_a_refused_file_says_why_and_a_refused_text_stays(curator: Client) -> None:
    response = take_in(curator, file=("a.pdf", pdf()))
    assert response.status_code == 422
    assert "This PDF holds pictures of pages" in response.content.decode()
    assert take_in(curator, file=("a.txt", b"")).status_code == 422
    assert take_in(curator, text="  ").status_code == 422
    long = "A paragraph.\n" * 5_001
    response = take_in(curator, text=long)
    assert "5001 paragraphs" in response.content.decode()
    assert response.context["form"]["text"].value() == long
    assert TextDraft.objects.count() == 0


def test_hostile_markup_is_shown_as_text(curator: Client) -> None:
    evil = "<script>alert(1)</script> said the pilot of the harbour, and the others of the association agreed with it."
    draft = draft_of(take_in(curator, text=f"{evil}\n<img src=x onerror=alert(1)>"))
    page = curator.get(reverse("admin:desk_cut", args=[draft.key])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page


def test_only_whoever_took_a_text_in_sees_it(curator: Client) -> None:
    draft = draft_of(take_in(curator))
    other = Client()
    other.force_login(make_user("lan", "keeper"))
    for response in (other.get(reverse("admin:desk_cut", args=[draft.key])), correct(other, draft, "discard")):
        assert response.status_code == 404
    assert draft.facts["title"] not in other.get(reverse("admin:desk_new")).content.decode()
    assert draft.facts["title"] in curator.get(reverse("admin:desk_new")).content.decode()
    reader = Client()
    reader.force_login(make_user("reader"))
    assert reader.get(reverse("admin:desk_new")).status_code == 403
    assert correct(curator, draft, "discard").status_code == 302
    assert TextDraft.objects.count() == 0


def test_old_drafts_are_deleted(curator: Client, settings: Any) -> None:
    old, new = draft_of(take_in(curator)), draft_of(take_in(curator))
    TextDraft.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=61))
    settings.KEEP_TEXT_DRAFT_DAYS = 0
    assert delete_old_drafts() == 0
    settings.KEEP_TEXT_DRAFT_DAYS = 60
    assert delete_old_drafts() == 1
    assert list(TextDraft.objects.all()) == [new]


def test_the_cut_costs_the_same_number_of_queries_however_long_the_text_is(curator: Client, queries: Any) -> None:
    for text in (ARTICLE, ARTICLE * 30):
        draft = draft_of(take_in(curator, text=text))
        with queries("/admin/intake/…/"):
            curator.get(reverse("admin:desk_cut", args=[draft.key]))
        with queries("/admin/intake/…/ join"):
            correct(curator, draft, "join:8")
