"""What is proposed, beside the article: accepted into a card or saved at once, or dismissed, which can be taken back."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from base.records.records import Record
from desk.cards import CARDS
from desk.cards.base import Card, CardForm
from desk.cards.drafts import new_card_key
from desk.cards.views import CardView
from desk.fields import Choice, value_of_choice
from desk.models import DismissedProposal
from desk.open_proposals import (
    MOST_PARAGRAPHS,
    MOST_SHOWN,
    OpenProposal,
    digest_of_proposal,
    dismissed_proposals,
    open_proposals,
)
from desk.pages import SourceView
from desk.reading.known import proposals_of

ACTIONS = ("accept", "dismiss", "undo")


class ProposalsView(SourceView):
    """The list of proposals. GET returns it; POST does `action` with the `proposal` that is named by its digest.

    `dismiss` remembers that it is not wanted, `undo` takes that back; both return the list anew. `accept` saves the card of a name,
    a role or an event as it is filled in, and returns the card to be completed where that cannot be.
    """

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the list; of a long article only if `made=1` asks for it."""
        if len(self.source.paragraphs) > MOST_PARAGRAPHS and "made" not in request.GET:
            return self.render("desk/_proposals.html", {"waits": True})
        return self.listed()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Accept, dismiss or take back."""
        action, digest = request.POST.get("action", ""), request.POST.get("proposal", "")
        if action not in ACTIONS:
            return self.listed(_("“action” is one of: %s.") % ", ".join(ACTIONS), status=422)
        if not any(card.is_allowed(request) for card in CARDS.values()):
            raise PermissionDenied
        if action == "undo":
            DismissedProposal.objects.filter(source=self.source, digest=digest).delete()
            return self.changed()
        proposal = next((each for each in self.waiting if each.digest == digest), None)
        if proposal is None:
            known = any(digest_of_proposal(each) == digest for each in proposals_of(self.source))
            gone = _("This is on record or dismissed meanwhile.") if known else _("This is not proposed any more.")
            return self.listed(gone, status=409)
        if action == "dismiss":
            user = {"user_id": request.user.pk}
            values = {"kind": proposal.proposal.kind, **user}
            DismissedProposal.objects.get_or_create(source=self.source, digest=digest, defaults=values)
            return self.changed(dismissed=proposal)
        return self.accepted(proposal)

    @cached_property
    def waiting(self) -> list[OpenProposal]:
        """What waits for a curator."""
        return open_proposals(self.source)

    def changed(self, dismissed: OpenProposal | None = None) -> HttpResponse:
        """Return the list anew; the page is told that its marks changed."""
        response = self.listed(dismissed=dismissed)
        response.headers["HX-Trigger"] = "proposals-changed"
        return response

    def listed(self, error: str = "", status: int = 200, dismissed: OpenProposal | None = None) -> HttpResponse:
        """Return the list, with what has just been dismissed, so that it can be taken back."""
        self.__dict__.pop("waiting", None)
        allowed = {kind for kind, card in CARDS.items() if card.is_allowed(self.request)}
        waiting = [each for each in self.waiting if each.card in allowed]
        context = {
            "proposals": [(each, each.address(self.source)) for each in waiting[:MOST_SHOWN]],
            "number": len(waiting),
            "more": max(0, len(waiting) - MOST_SHOWN),
            "error": error,
            "dismissed": dismissed,
            "all_dismissed": dismissed_proposals(self.source)[:MOST_SHOWN],
        }
        return self.render("desk/_proposals.html", context, status)

    def accepted(self, proposal: OpenProposal) -> HttpResponse:
        """Save the card of a proposal as it is filled in, or return it to be completed."""
        view = CardView(site=self.site)
        view.setup(self.request, slug=self.source.slug, kind=proposal.card)
        view.__dict__["source"] = self.source
        card, errors, status = view.card_of(_selections_of(proposal, self.source.text))
        if card is None:
            return view.refused(errors, status)
        form = card.form()
        if not proposal.is_saved_at_once:
            return view.shown(card, form, new_card_key())
        return view.saved(card, _as_filled_in(card, form), publishing=False)


class ProposalsNumberView(SourceView):
    """How many proposals of an article are open, as a link for the first page.

    Of a long article, whose proposals are made only if somebody asks for them, it is empty.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the link."""
        number = len(open_proposals(self.source)) if len(self.source.paragraphs) <= MOST_PARAGRAPHS else 0
        return self.render("desk/_proposals_number.html", {"number": number})


def _selections_of(proposal: OpenProposal, text: str) -> QueryDict:
    """Return the selections of a proposal as a card is sent with them."""
    data = QueryDict(mutable=True)
    for start, end in proposal.proposal.spans:
        data.appendlist("start", str(start))
        data.appendlist("end", str(end))
        data.appendlist("quote", text[start:end])
    return data


def _as_filled_in(card: Card, form: CardForm) -> QueryDict:
    """Return what a browser would send if it sent the form as it was opened."""
    data = QueryDict(mutable=True)
    data["key"] = new_card_key()
    for bound in form:
        value = bound.value()
        values = list(value) if isinstance(value, list | tuple) else [value]
        if isinstance(bound.field, forms.BooleanField) and not value:
            continue
        texts = [_text_of(each) for each in values if each not in (None, "")]
        if texts:
            data.setlist(bound.html_name, texts)
    for selection in card.selections:
        data.appendlist("start", str(selection.start))
        data.appendlist("end", str(selection.end))
        data.appendlist("quote", selection.words)
    return data


def _text_of(value: object) -> str:
    return value_of_choice(cast(Choice, value)) if isinstance(value, Record) else str(value)
