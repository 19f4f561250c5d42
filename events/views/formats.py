"""A statement in the formats of other programs: citations and annotation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override

from base.documents.plan import Document
from base.pages.outputs import LanguageNotOffered, language_asked, open_to_scripts
from base.pages.views import RecordDetail, site_of
from base.records.records import Record
from base.text.languages import permanent_url
from events.annotations import CONTENT_TYPE, annotation
from events.citations import Citation
from events.models import Statement
from events.pages import STATEMENT_MEMBERS, StatementPageSerializer


def citation_of(statement: Document, request: HttpRequest) -> Citation:
    """Return the citation of a statement as read today, in the language of the page."""
    address = site_of(request) + permanent_url(statement["url"])
    return Citation(statement, address, timezone.now().date(), get_language() or "en")


@dataclass(frozen=True)
class Format:
    """A format of a statement: its media type, what writes it, and whether browsers save it as a file."""

    content_type: str
    write: Callable[[Document, HttpRequest], str]
    is_file: bool = True


def as_annotation(statement: Document, request: HttpRequest) -> str:
    """Return a Web Annotation in JSON-LD."""
    site = site_of(request)
    data = annotation(statement, site + permanent_url(statement["url"]), site)
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_csl(statement: Document, request: HttpRequest) -> str:
    """Return CSL-JSON."""
    return json.dumps(citation_of(statement, request).as_csl(), ensure_ascii=False, indent=2)


# By the ending of the address. Each has to say the kind and the certainty of the statement: tests/events/test_doubt_travels.py.
STATEMENT_FORMS = {
    "bib": Format("application/x-bibtex; charset=utf-8", lambda *of: citation_of(*of).as_bibtex()),
    "ris": Format("application/x-research-info-systems; charset=utf-8", lambda *of: citation_of(*of).as_ris()),
    "csl.json": Format("application/vnd.citationstyles.csl+json", as_csl),
    "txt": Format("text/plain; charset=utf-8", lambda *of: citation_of(*of).as_text() + "\n", is_file=False),
    "anno": Format(CONTENT_TYPE, as_annotation, is_file=False),
}


class StatementFormat(RecordDetail):
    """A statement as a file; the ending of the address says in which format.

    `lang` is the language of the words around it and of the translation that is cited: en (as without it), th or vi.
    """

    model = Statement
    shape = StatementPageSerializer
    members = STATEMENT_MEMBERS

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer in the language asked for, 400 for one that there is not; scripts of any site may read it."""
        try:
            language = language_asked(request)
        except LanguageNotOffered as unknown:
            return unknown.answer()
        with override(language):
            return open_to_scripts(super().dispatch(request, *args, **kwargs))

    def address_of(self, record: Record) -> str:
        """Return the address of the file of a renamed statement."""
        query = self.request.GET.urlencode()
        address = f"{permanent_url(record.get_absolute_url()).rstrip('/')}.{self.kwargs['form']}"
        return f"{address}?{query}" if query else address

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the file."""
        statement, ending = self.get_object(), self.kwargs["form"]
        form = STATEMENT_FORMS[ending]
        name = f'attachment; filename="{statement["id"]}.{ending}"'
        headers = {"Content-Disposition": name} if form.is_file else {}
        return HttpResponse(form.write(statement, request), content_type=form.content_type, headers=headers)
