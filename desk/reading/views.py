"""The reading view and its fragments."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from base.text.numbers import parse_digits
from desk.cards import CARDS
from desk.cards.guessing import role_of
from desk.cards.views import kept_cards
from desk.fields import records_of
from desk.intake.cut import is_caption
from desk.models import ArticleLayout
from desk.open_proposals import MOST_PARAGRAPHS, without_dismissed
from desk.pages import SourceView
from desk.rights import may
from desk.suggestions import kinds_by_name
from directory.models import Person, Source
from directory.models.sources import SourceFormerId
from events.models import Statement

from .known import kept_proposals_of, proposals_of
from .made import counts_of, rows_citing_paragraph
from .marks import documents_of, marks_of
from .paragraphs import MarkedParagraph, marked_paragraphs


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
        return list(marked_paragraphs(source, marks, captions, headings)), proposals is not None


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
            "may_publish": may(request.user, "publish", Statement),
        }
        return self.render("desk/reading.html", context)


class TextView(TextOfSourceView):
    """The text alone, with its marks and with what is proposed: the page takes from it the paragraphs that changed."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the paragraphs."""
        paragraphs, _complete = self.paragraphs(with_proposals=True)
        return self.render("desk/_text.html", {"paragraphs": paragraphs, "counts": counts_of(self.source)})


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
    """What was made of one paragraph. About 15 queries, one for each kind of row."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the list beside the paragraph."""
        number = int(self.kwargs["number"])
        if not 1 <= number <= len(self.source.paragraphs):
            raise Http404(_("The source has no paragraph of this number."))
        return self.render(
            "desk/_made.html", {"number": number, "rows": list(rows_citing_paragraph(self.source, number))}
        )


class RoleView(SourceView):
    """The role that the source gives a person, for a card whose speaker was changed by hand."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return {"role": …, "reason": …}, both empty if the source gives none."""
        people = records_of(request.GET.getlist("speaker")[:1], (Person,))
        number = parse_digits(request.GET.get("paragraph", "")) or 1
        guess = role_of(self.source, cast(Person, people[0]), number) if people else None
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
