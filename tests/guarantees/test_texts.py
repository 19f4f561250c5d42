"""Every text of every model holds only what can be kept and seen, whichever way it comes in; and no output fails over one.

The fields are found by looking at the models, so a new one is tried by itself.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from icalendar import Calendar
from simple_history.models import HistoricalChanges

from base.records.publishing import Publishable
from base.records.texts import CheckedTexts
from base.text.characters import TextKind
from events.importing.format import EXPECTED
from events.management.commands.import_statements import LinesRefused
from events.models import Event, Statement
from reports.models import Report
from tests import factories as make
from tests.curation import change_url, errors, opened, url_of
from tests.world import publish_world

OURS = [
    model
    for app in ("base", "desk", "directory", "events", "reports", "review")
    for model in apps.get_app_config(app).get_models()
]
CHECKED = [model for model in OURS if issubclass(model, CheckedTexts)]
# Nobody types what they hold: triggers, signals and commands fill them from rows that are checked.
BOOKKEEPING = {
    "CardDraft",  # a form as it was typed; its texts are checked when it is saved
    "FormDraft",  # the same of any form of the admin
    "StatementFile",  # a file of statements as it was handed in; its texts are checked when it is taken in
    "StatementIndexEntry",
    "KeptFigure",
    "Change",
    "ChangeSet",  # its reason was checked by the form
    "DifferentRecords",
    "DismissedProposal",
    "ReadParagraph",
    "SettledDoubt",
    "ContentVersion",
    "FeedState",
    "KnownRecord",
    "OpenWrite",
    "RecordTime",
    "SearchRules",
    "ShingleSample",
    "Submission",  # its note and answer were checked by forms
    "SubmittedRow",
    "TouchedRow",
    "Withdrawal",  # its reason was checked by the form, and stands in the records as well
    "WithdrawnRow",
}

CONTROLS = ["a\0b", "a\x07b", "a\x0cb", "a\x1bb", "a\x7fb", "a\x85b", "a\ufffeb", "a\ud800b"]
UNSEEN = ["a\u200bb", "a\u00adb", "a\ufeffb", "a\u202eb", "a\u2066b", "a\u200eb", "a\U000e0041b", "a\u2028b"]
BREAKS = ["a\nb", "a\rb", "a\r\nb", "a\tb"]


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model that hold text."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]


def cases(model: type[CheckedTexts]) -> list[tuple[str, str]]:
    """Return pairs of a field of this model and a text that it may not hold."""
    pairs = []
    for field in text_fields(model):
        kind = model().text_kinds()[field.name]
        wrong = list(CONTROLS)
        if kind in (TextKind.LINE, TextKind.LINES):
            wrong += UNSEEN
        if kind is TextKind.LINE:
            wrong += BREAKS
        pairs += [(field.name, text) for text in wrong]
    return pairs


def test_every_text_that_somebody_types_is_checked() -> None:
    unchecked = [
        model for model in OURS if text_fields(model) and not issubclass(model, CheckedTexts | HistoricalChanges)
    ]
    assert {model.__name__ for model in unchecked} <= BOOKKEEPING, (
        "Let the model be a CheckedTexts of base/records/texts.py, as a Publishable is; name it above only if nobody types it."
    )


@pytest.mark.parametrize("model", CHECKED, ids=lambda model: model.__name__)
def test_full_clean_refuses_what_cannot_be_kept(model: type[CheckedTexts]) -> None:
    for name, text in cases(model):
        exclude = {field.name for field in model._meta.fields} - {name}
        with pytest.raises(ValidationError) as refused:
            model(**{name: text}).clean_fields(exclude)
        [sentence] = refused.value.message_dict[name]
        assert sentence.startswith(("It holds ", "It begins ")), (name, text, sentence)


@pytest.mark.parametrize("model", CHECKED, ids=lambda model: model.__name__)
def test_a_text_that_is_asked_for_has_something_to_see(model: type[CheckedTexts]) -> None:
    for field in text_fields(model):
        if field.blank or not field.editable:
            continue
        for text in ("\u200b", " \u2060 ", " ", "\u3000", "\u2800"):
            exclude = {other.name for other in model._meta.fields} - {field.name}
            with pytest.raises(ValidationError) as refused:
                model(**{field.name: text}).clean_fields(exclude)
            assert set(refused.value.message_dict) == {field.name}, ascii(text)


@pytest.mark.parametrize("model", CHECKED, ids=lambda model: model.__name__)
def test_texts_of_ours_are_kept_composed(model: type[CheckedTexts]) -> None:
    apart = unicodedata.normalize("NFD", "Việt")
    for name, kind in model().text_kinds().items():
        row = model(**{name: apart})
        row.tidy_texts()
        assert getattr(row, name) == ("Việt" if kind in (TextKind.LINE, TextKind.LINES) else apart)


# Form fields that say by a stricter rule of their own what they hold.
OWN_RULES = {"slug", "url", "contact", "record_path"}


# Ways in --------------------------------------------------------------------------------------------------------------------
def rows_of_the_world() -> list[CheckedTexts]:
    """Return a row of every checked model of which the example world has one."""
    world = publish_world()
    world["person"].slug = "another-id"
    world["person"].save()
    report = Report(
        record_kind="person", record_id="x", record_path=world["person"].get_absolute_url(), message="Wrong."
    )
    report.move_to("open")
    return [row for model in CHECKED if (row := model._default_manager.first()) is not None]


@pytest.mark.django_db
def test_a_fixture_is_refused_with_a_line_that_names_row_and_field(tmp_path: Path) -> None:
    rows = rows_of_the_world()
    assert len(rows) > 20
    file = tmp_path / "rows.json"
    for row in rows:
        (saved,) = json.loads(serializers.serialize("json", [row]))
        names = [field.name for field in text_fields(type(row)) if field.name in saved["fields"]]
        for name in names:
            kind = row.text_kinds()[name]
            for text in ["a\x07b", "a\ud800b", *(["a\u200bb"] if kind is not TextKind.WORDS else [])]:
                file.write_text(json.dumps([{**saved, "fields": {**saved["fields"], name: text}}]), encoding="utf-8")
                with pytest.raises(CommandError) as refused:
                    call_command("loaddata", file, verbosity=0)
                assert f"{row._meta.label} " in str(refused.value)
                assert f", {name}: It holds " in str(refused.value)
                assert "\n" not in str(refused.value)
        file.write_text(json.dumps([saved]), encoding="utf-8")
        call_command("loaddata", file, verbosity=0)


@pytest.mark.django_db
def test_a_fixture_brings_texts_into_their_form(tmp_path: Path) -> None:
    name = make.make_name(make.make_person("Ann Lee"), "Bùi Việt Hà", "vi")
    saved = json.loads(serializers.serialize("json", [name]))
    saved[0]["fields"] |= {"text": unicodedata.normalize("NFD", name.text), "note": "One line.\r\nAnother."}
    (tmp_path / "name.json").write_text(json.dumps(saved), encoding="utf-8")
    call_command("loaddata", tmp_path / "name.json", verbosity=0)
    name.refresh_from_db()
    assert (name.text, name.note) == ("Bùi Việt Hà", "One line.\nAnother.")


def form_fields(form: forms.BaseForm, model: type[models.Model]) -> list[str]:
    """Return the names of the fields of a form in which somebody types a text of the model."""
    texts = {field.name for field in text_fields(model)} | {"change_reason"}
    return [
        name
        for name, field in form.fields.items()
        if name in texts and isinstance(field, forms.CharField) and not field.disabled
    ]


@pytest.mark.django_db
@pytest.mark.slow
def test_every_form_of_the_admin_refuses_it_at_its_field(admin_client: Client) -> None:
    tried = 0
    for row in rows_of_the_world():
        if type(row) not in admin.site._registry:
            continue
        url = url_of(type(row), "add") if isinstance(row, Report) else change_url(row)
        response = admin_client.get(url)
        places = [(name, row) for name in form_fields(response.context["adminform"].form, type(row))]
        for inline in response.context["inline_admin_formsets"]:
            for form in inline.formset.initial_forms[:1]:
                places += [(form.add_prefix(name), form.instance) for name in form_fields(form, type(form.instance))]
        data = opened(admin_client, url)
        for text in ("a\x07b", "a\0b", "Group A\x0c", "\x1fa"):
            told = errors(admin_client.post(url, {**data, **{place: text for place, _row in places}}))
            for place, _row in places:
                assert told[place][0].startswith("It holds a control character") or place in OWN_RULES, (
                    url,
                    told[place],
                )
        ours = [place for place, held in places if held.text_kinds().get(place.split("-")[-1]) is not TextKind.WORDS]
        told = errors(admin_client.post(url, {**data, **dict.fromkeys(ours, "a\u200bb")}))
        for place in [place for place in ours if place not in OWN_RULES]:
            sentence = "It holds a zero width space (U+200B) at character 2, after “a”, which nobody sees. Take it out."
            assert told[place][0] == sentence, url
        tried += len(places)
    assert tried > 60


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["withdraw_selected", "merge_doubles", "decline"])
def test_reasons_and_answers_are_texts_too(admin_client: Client, action: str) -> None:
    people = [make.make_person("Ann Lee"), make.make_person("Ann B. Lee")]
    report = Report(record_kind="person", record_id="x", record_path="/people/ann-lee/", message="Wrong.")
    report.move_to("open")
    rows: list[models.Model] = [report] if action == "decline" else list(people)
    data = {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": "1", "winner": people[0].pk}
    for text in ("It is\x07so.", "It is\u202eso.", "So.\x0c"):
        answer = admin_client.post(url_of(type(rows[0]), "changelist"), {**data, "reason": text, "answer": text})
        assert answer.status_code == (422 if action == "merge_doubles" else 200)
        [(sentence,)] = answer.context["form"].errors.values()
        assert sentence.startswith("It holds a ")
    for row in rows:
        before = row.__dict__.copy()
        row.refresh_from_db()
        assert getattr(row, "status", None) == before.get("status")


@pytest.mark.django_db
def test_every_column_of_the_import_refuses_it(tmp_path: Path) -> None:
    make.make_passage(None, "It was said.")
    columns = [name for name in EXPECTED if name not in ("id",)]
    columns += ["paraphrase_en", "translation_th", "translation_th_by", "verbatim_vi", "speaker"]
    file = tmp_path / "statements.csv"
    for text in ("a\x07b", "a\u202eb", "a\x0c"):
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [*columns, "text", "text_language", "text_nature"])
            writer.writeheader()
            for column in columns:
                writer.writerow({"text": "So.", "text_language": "en", "text_nature": "paraphrase", column: text})
        with pytest.raises(LinesRefused):
            call_command("import_statements", file, verbosity=0)
        with (tmp_path / "statements.csv.problems.csv").open(encoding="utf-8-sig", newline="") as report:
            told = [row for row in csv.DictReader(report) if row["problem"].startswith("It holds a ")]
        assert [row["column"] for row in told] == columns
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_texts_of_earlier_versions_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    world = publish_world()
    call_command("check_texts")
    assert capsys.readouterr().out.endswith(" rows read; all texts hold what forms take.\n")
    Event.objects.filter(pk=world["event"].pk).update(place="a\x07b")
    with pytest.raises(CommandError, match="; 1 texts hold what forms refuse"):
        call_command("check_texts")
    assert capsys.readouterr().err == (
        f"events.Event {world['event'].pk}, place: It holds a control character (U+0007) at character 2, after “a”, "
        "which cannot be kept. Take it out.\n"
    )


# Ways out -------------------------------------------------------------------------------------------------------------------
WORST = "a\x07\x0b\x0c\x1c\x1d\x85\u2028\u2029c\x7f\ufffe\uffff\u202e\u200b\ufeff\rd\te\nf"
# Columns that have to hold what they hold for a row to be found, sorted and shown at all.
KEPT = {
    "slug",
    "uid",
    "sha256",
    "language",
    "title_language",
    "name_language",
    "translated_from",
    "date",
    "start",
    "end",
}
KEPT |= {"url", "wikidata", "search", "sort_key", "folded"}
FORMATS = ("bib", "ris", "csl.json", "txt", "anno")


@pytest.mark.django_db
def test_no_output_fails_over_a_text_that_came_in_past_every_check(client: Client) -> None:
    world = publish_world()
    Event.objects.update(date="2025-03-14", date_earliest="2025-03-14", date_latest="2025-03-14")
    worst = WORST if connection.vendor == "postgresql" else f"\0{WORST}"  # which PostgreSQL cannot hold
    for model in CHECKED:
        for field in text_fields(model):
            if field.name not in KEPT and not field.choices and issubclass(model, Publishable):
                model._default_manager.update(**{field.name: f"x{worst}"[: field.max_length]})
        if any(field.name == "labels" for field in model._meta.fields):
            model._default_manager.update(labels={"en": worst})
    addresses = ["/", "/statements.atom", "/statements.feed.json", "/events.ics", "/search/?q=a", "/network/", "/data/"]
    addresses += [f"/statements/{world['statement'].slug}.{ending}" for ending in FORMATS]
    addresses += [
        f"/events/{world['event'].slug}.ics",
        f"/oembed/?url=http://testserver/statements/{world['statement'].slug}/",
    ]
    addresses += ["/sitemap.xml", "/api/v1/changes/", "/api/v1/export/datapackage.zip"]
    for kind in ("source", "person", "organization", "initiative", "topic", "event", "statement"):
        plural, slug = type(world[kind]).plural, world[kind].slug
        addresses += [f"/{plural}/", f"/{plural}/{slug}/", f"/{plural}.csv", f"/api/v1/export/{plural}.ndjson"]
        addresses += [f"/api/v1/{plural}/", f"/api/v1/{plural}/{slug}/", f"/sitemap-{plural}.xml"]
    for address in addresses:
        answer: Any = client.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        assert address.endswith(".zip") or body.decode()
        if address.endswith((".atom", ".xml")):
            ElementTree.fromstring(body)
        elif address.endswith(".ics"):
            assert Calendar.from_ical(body).walk("VEVENT")
            assert not set(body) & (set(range(32)) - set(b"\r\n\t")), address
        elif "json" in answer["Content-Type"] and "nd" not in answer["Content-Type"]:
            json.loads(body)
    assert b"<entry>" in client.get("/statements.atom").content
