"""What a curator does on the page of the import: hands a file in, looks at it, presses a button."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events.models import StatementFile
from tests import factories as make

PAGE = "/admin/events/statement/import/"
Cells = dict[str, str]


def good_line() -> Cells:
    """Return the cells of a line that nothing is wrong with."""
    source = make.make_source(text="She spoke of films. He wept.\n")
    person = make.make_person("Ann Lee")
    return {"person_id": person.slug, "passages": f"{source.slug} ¶1 0-19", "paraphrase_en": "She spoke of films."}


def many(line: Cells, count: int) -> list[Cells]:
    return [{**line, "paraphrase_en": f"She spoke of film {number}."} for number in range(1, count + 1)]


def as_csv(lines: list[Cells]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue().encode()


def as_workbook(lines: list[Cells]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(lines[0]))
    for each in lines:
        book.worksheets[0].append(list(each.values()))
    return book


def bytes_of(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def body(response: Any) -> str:
    """Return a page that grows, when it has arrived as a whole."""
    return b"".join(response.streaming_content).decode()


def left(response: Any) -> None:
    """Close a page that grows before it has arrived, as the server does where nobody takes it any more."""
    response._iterator.close()  # of the test client, which keeps the connection of the test open


def handed_in_file(client: Client, content: bytes, name: str = "statements.csv", **options: str) -> StatementFile:
    """Hand a file in, and return it as its check left it."""
    response = client.post(PAGE, {"file": SimpleUploadedFile(name, content), **options})
    assert response.status_code == 200, response.context and response.context["form"].errors
    page = body(response)
    file = StatementFile.objects.latest("id")
    assert response.headers["Refresh"] == f"0; url={PAGE}{file.pk}/"
    assert page.rstrip().endswith("</html>")
    return file


def refusal(client: Client, content: bytes, name: str = "statements.csv") -> str:
    """Hand a file in that is refused as a whole, and return why."""
    response = client.post(PAGE, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert not StatementFile.objects.exists()
    (text,) = response.context["form"].errors["file"]
    assert text in response.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    return str(text)


def pressed(client: Client, file: StatementFile, action: str) -> Any:
    return client.post(f"{PAGE}{file.pk}/", {"action": action})


def page_of(client: Client, file: StatementFile) -> str:
    response = client.get(f"{PAGE}{file.pk}/")
    assert response.status_code == 200
    return str(response.content.decode())
