"""What an export holds comes back of it: cells like formulas, quotes, zeros in front, line breaks, blanks that do not break.

What no form of the admin keeps (a blank at an edge, a character that nobody sees) does not come back either: edges are cut
in a table, and unseen characters are refused with their place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.models import Statement, Wording
from tests import factories as make
from tests.events.test_importing import documents, exported

ODD_CELLS = [
    *("=1+1", "'=1", "+1", "-1", "@x", "'x", "''x", "007", "1e5", "TRUE", '"quoted"', 'a "b" c', "a,b;c"),
    *("a\nb", "=a\n=b", "no\u00a0break", "ends;", "null", "None", "#x", "\u0e33"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_odd_cells_come_back_as_they_were(client: Any, tmp_path: Path, form: str) -> None:
    """What a form of the admin keeps of them is what a round trip keeps of them."""
    passage = make.make_passage(None, "It was said.")
    person = make.make_person()
    for text in ODD_CELLS:
        note = Statement._meta.get_field("note").clean(text, None)
        one_line = text.replace("\n", " ")
        statement = make.make_statement(person, wording=f"{text} said", passages=[passage], note=note)
        Statement.objects.filter(pk=statement.pk).update(role_at_time=one_line)
    before = documents()
    file = exported(client, form, tmp_path)
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    call_command("import_statements", file, "--status", "published", verbosity=0)
    assert documents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_no_form_keeps_is_refused_with_its_place_when_it_comes_back(
    client: Any, tmp_path: Path, form: str
) -> None:
    statement = make.make_statement(make.make_person(), wording="Films.", passages=[make.make_passage()])
    Statement.objects.filter(pk=statement.pk).update(role_at_time="zero\u200bwidth")  # past the forms
    file = exported(client, form, tmp_path)
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    with pytest.raises(CommandError, match="1 lines refused"):
        call_command("import_statements", file, "--status", "published", verbosity=0)
    report = Path(f"{file}.problems.csv").read_text(encoding="utf-8-sig")
    assert "It holds a zero width space (U+200B) at character 5" in report
