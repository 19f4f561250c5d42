"""docs/rights.md says of each role what was measured, and leaves nothing out that curators do on pages of their own."""

from __future__ import annotations

import pytest

from tests.accounts.admin_addresses import expected
from tests.accounts.rights_table import DOCUMENT, TABLE, rights_of_lines, with_table


def test_the_document_has_the_table_that_was_measured() -> None:
    text = DOCUMENT.read_text()
    assert text == with_table(text), "Write it anew: python -m tests.accounts.rights_table"


def test_every_deed_is_in_the_table() -> None:
    shown = {line for rows in TABLE.values() for lines in rows.values() for line in lines}
    assert [line for line in expected() if line.startswith("deed ") and line not in shown] == []


def test_lines_that_do_not_agree_are_told() -> None:
    with pytest.raises(ValueError, match="different roles: a, b"):
        rights_of_lines(("a", "b"), {"a": ["ok"] * 6, "b": ["403"] * 6})
