"""The reading view and its fragments."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from base.admin import may
from base.text.numbers import parse_digits
from desk.cards import CARDS
from desk.cards.guessing import role_of
from desk.cards.views import kept_cards
from desk.fields import records_of
from desk.intake.cut import is_caption
from desk.models import ArticleLayout
from desk.open_proposals import MOST_PARAGRAPHS, without_dismissed
from desk.pages import SourceView
from desk.suggestions import kinds_by_name
from directory.models import Passage, Person, Source
from directory.models.sources import SourceFormerId
from events.models import Statement

from .known import kept_proposals_of, proposals_of
from .made import counts_of, rows_citing_paragraph
from .marks import documents_of, marks_of
from .paragraphs import MarkedParagraph, marked_paragraphs
from .progress import mark_read, mark_unread, read_paragraphs


class TextOfSourceView(SourceView):
    """A view that shows the text with its marks."""

    def paragraphs(self, with_proposals: bool) -> tuple[list[MarkedParagraph], bool]:
        """Return the paragraphs, and whether proposals are among their marks."""
        source = self.source
        proposals = proposals_of(source) if with_proposals else kept_proposals_of(source)
        if proposals:
            proposals = tuple(without_dismissed(source, proposals))
        layout = ArticleLayout.objects.filter(source=source).first()
        if layout is not None:
            captions, headings = set(layout.captions), set(layout.headings)
        else:
            texts = enumerate(source.paragraphs, 1)
            captions = {number for number, (start, length) in texts if is_caption(source.text[start : start + length])}
            headings = set()
        marks = marks_of(source, proposals or ()) if source.text else []
        read = read_paragraphs(source)
        return list(marked_paragraphs(source, marks, captions, headings, read)), proposals is not None


class ReadingView(TextOfSourceView):
    """The page: the article at the left; at the right what was made of it, and the card that is open.

    About 20 queries, however long the article is and however much was made of it.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the page; lead on from a former id of the source."""
        slug = self.kwargs["slug"]
        if not Source._base_manager.filter(slug=slug).exists():
            former = SourceFormerId.objects.filter(slug=slug).select_related("record").first()
            if former is None:
                raise Http404(_("There is no source with this id."))
            return HttpResponseRedirect(reverse("admin:desk_read", args=[former.record.slug]))
        source = self.source
        paragraphs, complete = self.paragraphs(with_proposals=False)
        cards = [card for card in CARDS.values() if card.is_allowed(request)]
        context = {
            **self.site.each_context(request),
            "title": source.title,
            "paragraphs": paragraphs,
            "complete": complete,
            "most_paragraphs": MOST_PARAGRAPHS,
            "cards": cards,
            "kept": kept_cards(request.user, source),
            "counts": counts_of(source),
            "read": sum(paragraph.is_read for paragraph in paragraphs),
            "may_publish": may(request.user, "publish", Statement),
        }
        return self.render("desk/reading.html", context)


class TextView(TextOfSourceView):
    """The text alone, with its marks and with what is proposed: the page takes from it the paragraphs that changed."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the paragraphs."""
        paragraphs, _complete = self.paragraphs(with_proposals=True)
        read = sum(paragraph.is_read for paragraph in paragraphs)
        return self.render(
            "desk/_text.html", {"paragraphs": paragraphs, "counts": counts_of(self.source), "read": read}
        )


class MarksView(SourceView):
    """The marks as JSON; places count code points of their paragraph."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return {"paragraphs": {number: [start, length]}, "marks": [...]}."""
        marks = (
            marks_of(self.source, without_dismissed(self.source, proposals_of(self.source))) if self.source.text else []
        )
        spans = {str(number): span for number, span in enumerate(self.source.paragraphs, 1)}
        return JsonResponse({"paragraphs": spans, "marks": documents_of(self.source, marks)})


class ParagraphView(SourceView):
    """What was made of one paragraph, and whether it is read. About 16 queries, one for each kind of row.

    POST marks it by `action`: `read`, `unread`, or `read-so-far` for all paragraphs up to this one.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the list beside the paragraph."""
        return self.listed()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Mark the paragraph, and return the list anew; the page is told that its paragraphs changed."""
        number, action = self.number, request.POST.get("action", "")
        if not may(request.user, "add", Passage):
            raise PermissionDenied
        if action not in ("read", "unread", "read-so-far") or not self.source.text:
            return HttpResponse(_("“action” is one of: %s.") % "read, unread, read-so-far", status=422)
        if action == "unread":
            mark_unread(self.source, number)
        else:
            mark_read(self.source, range(1 if action == "read-so-far" else number, number + 1), request.user)
        response = self.listed()
        response.headers["HX-Trigger"] = "paragraphs-read"
        return response

    @property
    def number(self) -> int:
        """The number of the paragraph, from 1. Raises Http404."""
        number = int(self.kwargs["number"])
        if not 1 <= number <= len(self.source.paragraphs):
            raise Http404(_("The source has no paragraph of this number."))
        return number

    def listed(self) -> HttpResponse:
        """Return the list beside the paragraph."""
        context = {
            "number": self.number,
            "rows": list(rows_citing_paragraph(self.source, self.number)),
            "is_read": self.number in read_paragraphs(self.source),
            "may_mark": bool(self.source.text) and may(self.request.user, "add", Passage),
        }
        return self.render("desk/_made.html", context)


class RoleView(SourceView):
    """The role that the source gives a person, for a card whose speaker was changed by hand."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return {"role": …, "reason": …}, both empty if the source gives none."""
        source = self.source
        people = records_of(request.GET.getlist("speaker")[:1], (Person,))
        number = parse_digits(request.GET.get("paragraph", "")) or 1
        guess = role_of(source, cast(Person, people[0]), number) if people else None
        return JsonResponse({"role": guess.value if guess else "", "reason": guess.reason if guess else ""})


class TokenView(View):
    """The token against forged requests, for a page that was open while its curator signed in again in another tab."""

    site: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return {"token": …}."""
        response = JsonResponse({"token": get_token(request)})
        response.headers["Cache-Control"] = "private, no-store"
        return response


class RecordView(View):
    """Leads from a name in a text to the form of the record."""

    site: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the form of the record that `kind` and `id` name."""
        model = kinds_by_name().get(request.GET.get("kind", ""))
        row = model._base_manager.filter(slug=request.GET.get("id", "")).first() if model is not None else None
        if row is None:
            raise Http404(_("There is no record with this id."))
        opts = row._meta
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))
