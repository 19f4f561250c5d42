"""One English word with several meanings has another Thai or Vietnamese word for each place where it stands."""

from __future__ import annotations

import pytest
from django.test import Client

from events.models import EventInitiative
from tests import factories as make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "heading", "label"),
    [
        ("", "<dt>Launched</dt>", "Launched:"),
        ("/th", "<dt>โครงการที่เปิดตัว</dt>", "เปิดตัว:"),
        ("/vi", "<dt>Sáng kiến ra mắt</dt>", "Ra mắt:"),
    ],
)
def test_what_became_of_an_initiative_is_said_as_its_place_needs_it(
    client: Client, language: str, heading: str, label: str
) -> None:
    event, initiative = make.make_event("Harbour workshop"), make.make_initiative("Green port")
    row = EventInitiative.objects.create(event=event, initiative=initiative, role="launched")
    make.cite(row, make.make_passage())
    assert heading in client.get(f"{language}/events/{event.slug}/").content.decode()
    assert f"<li>{label}" in client.get(f"{language}/initiatives/{initiative.slug}/").content.decode()
