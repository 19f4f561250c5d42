"""The table of docs/rights.md, made of what was measured in admin_addresses.txt.

`python -m tests.accounts.rights_table` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.accounts.admin_addresses import ROLES, expected

DOCUMENT = Path(__file__).parents[2] / "docs" / "rights.md"
BEGIN, END = "<!-- The table is written by tests/accounts/rights_table.py. -->\n", "<!-- Here it ends. -->\n"
SHOWN_ROLES = ("contributor", "editor", "keeper", "superuser")

# What is done, in words, with the lines of admin_addresses.txt that measure it. All lines of one have to agree.
TABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Records, and what hangs on them": {
        "look at everything": ("record list GET", "record change GET public", "deed look at a history"),
        "add records, names, links and wordings; change drafts": ("record add GET", "record change POST draft"),
        "delete names, links and wordings that are drafts": (
            "fact delete POST draft",
            "fact action delete_selected draft",
        ),
        "change what is public": ("record change POST public", "fact change POST public", "passage change POST public"),
        "delete names, links and wordings of what is public": ("fact delete POST public",),
        "publish": ("record _publish POST draft", "record action publish_selected draft"),
        "withdraw": (
            "record _withdraw POST public",
            "record withdrawal POST public",
            "record action withdraw_selected public",
        ),
        "publish again what was withdrawn together": ("record republication POST public",),
        "delete records that are drafts": ("record delete POST draft", "record action delete_selected draft"),
    },
    "Review": {
        "submit drafts, alone or as an article": ("deed submit a draft",),
        "take back what one submitted": ("deed take back one's own",),
        "take back what others submitted": ("deed take back another's",),
        "submit again what was sent back to one": ("deed submit again one's own",),
        "make a preview of what one submitted": ("deed preview one's own",),
        "look at what others submitted, and make a preview of it": (
            "deed look at another's submission",
            "deed preview another's",
        ),
        "send back with a word": ("deed send back another's",),
        "publish what was submitted": ("deed publish another's", "deed publish one's own"),
        "set a date, take it back": ("deed set a date", "deed take a date back"),
    },
    "Uniting and splitting": {
        "unite two records": ("deed unite", "record action merge_doubles public", "record action merge_doubles draft"),
        "split a record": ("deed split", "record split POST public"),
        "say that two are not the same": ("deed tell apart",),
    },
    "Undoing": {
        "undo a change of a draft": ("deed undo a change of a draft",),
        "undo a change of what is public": ("deed undo a change of a public record",),
        "undo a uniting or a split": ("deed undo a uniting",),
    },
    "Sheets": {
        "download a list": ("deed download a sheet",),
        "hand in a sheet that changes drafts": ("deed hand in a sheet of drafts",),
        "hand in a sheet that changes what is public": ("deed hand in a sheet of public rows",),
    },
    "Import": {
        "hand in a table of statements": ("site events_statement_import GET",),
    },
    "Doubts": {
        "look at them": ("site desk_doubts GET",),
        "prefer one of two drafts": ("deed prefer one of two drafts",),
        "prefer one of two facts of which readers see the other": ("deed prefer one of two public facts",),
        "keep both, put off": ("deed keep both", "deed put a doubt off"),
    },
    "Forms": {
        "have kept what one types, throw it away": ("deed throw away what was kept",),
    },
    "Reports from readers": {
        "look at them, add and answer them": (
            "report list GET",
            "report add POST",
            "report change POST row",
            "report action accept row",
        ),
        "delete them": ("report delete POST row",),
    },
    "Accounts": {
        "add and change accounts, remove a second factor, sign out, let in again": (
            "user add POST",
            "user change POST account",
            "user action reset_second_factor account",
            "user action unlock account",
        ),
        "read the log of sign-ins": ("sign-in list GET",),
        "change a superuser, delete accounts, make other groups": (
            "user change POST superuser",
            "user delete POST account",
            "group add POST",
        ),
    },
}


def rights_of_lines(lines: Iterable[str], measured: Mapping[str, list[str]]) -> list[bool]:
    """Return for each shown role whether it may do what these lines measure. Raises ValueError if they do not agree."""
    found = {tuple(measured[line][ROLES.index(role)] == "ok" for role in SHOWN_ROLES) for line in lines}
    if len(found) != 1:
        raise ValueError(f"These lines are for different roles: {', '.join(lines)}")
    return list(found.pop())


def table_as_markdown() -> str:
    """Return the table."""
    measured = expected()
    rows = ["| | " + " | ".join(SHOWN_ROLES) + " |", "|---|" + "---|" * len(SHOWN_ROLES)]
    for title, of_title in TABLE.items():
        rows.append(f"| **{title}** |" + " |" * len(SHOWN_ROLES))
        for words, lines in of_title.items():
            cells = ["✓" if may else "" for may in rights_of_lines(lines, measured)]
            rows.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def with_table(text: str) -> str:
    """Return the document with the table as it is now."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table_as_markdown()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text()))
