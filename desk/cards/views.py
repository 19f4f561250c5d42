"""The card as a fragment of the reading page: opened, filled in, given one more selection, saved, published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from base.admin import DATABASE_REFUSALS, ChangeRefused, sentence_of_refusal
from base.records.publishing import Publishable
from base.records.records import Record
from desk.models import CardDraft
from desk.pages import SourceView
from directory.models import Source

from . import CARDS
from .base import Card, CardForm
from .drafts import drafts_of, forget_draft, is_card_key, keep_draft, new_card_key
from .errors import sentences_of, status_of
from .publishing import NeedsPublishing, publish_with_needs

REFUSALS = (ValidationError, ChangeRefused)


def key_of(data: QueryDict) -> str:
    """Return the key that a card was sent with; empty if it has none."""
    return str(data.get("key", ""))


class CardView(SourceView):
    """One card. GET opens it; POST does what the button says that sent it (`action`).

    `save` and `publish` make the records; `part` adds the selection `new-start`, `new-end`, `new-quote`; `without-2` takes the
    third selection out. Whatever is refused comes back as the same card with what was typed and why: 422, or 409 if something
    changed meanwhile.
    """

    @cached_property
    def card_class(self) -> type[Card]:
        """The kind of card that the address names. Raises Http404, and PermissionDenied if the curator may not add its rows."""
        card_class = CARDS.get(self.kwargs["kind"])
        if card_class is None:
            raise Http404(_("There is no card of this kind."))
        if not card_class.is_allowed(self.request):
            raise PermissionDenied(_("You may not add what this card makes."))
        return card_class

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Open a card for the words that are selected, or one that was kept (`draft`)."""
        card_class = self.card_class
        if key := request.GET.get("draft"):
            draft = drafts_of(request.user, self.source).filter(kind=card_class.kind, key=key).first()
            if draft is None:
                return self.refused([_("This card is not kept any more: it was saved or dismissed.")], 409)
            return self.reopened(draft.form_data)
        try:
            card = card_class.opened(request, self.source, request.GET)
        except ValidationError as error:
            return self.refused(sentences_of(error), status_of(error))
        return self.shown(card, card.form(), new_card_key())

    def reopened(self, data: QueryDict) -> HttpResponse:
        """Show a card that was kept, as it was typed, and what is wrong with its selections by now."""
        card, errors, status = self.card_of(data)
        if card is None:
            return self.refused(errors, status, data)
        return self.shown(card, _as_typed(card, data), key_of(data))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the card, or change its selections."""
        data = request.POST.copy()
        action = data.pop("action", [""])[-1]
        if not is_card_key(key_of(data)):
            data["key"] = new_card_key()
        _take_selection_out(data, action)
        card, errors, status = self.card_of(data)
        if card is None:
            return self.refused(errors, status, data)
        if action == "part":
            return self.with_part(card, data)
        if action == "open":
            return self.shown(card, card.form(), new_card_key())
        if action not in ("save", "publish"):
            return self.shown(card, _as_typed(card, data), key_of(data))
        return self.saved(card, data, publishing=action == "publish")

    def card_of(self, data: QueryDict) -> tuple[Card | None, list[str], int]:
        """Return the card that was sent, or why its selections cannot be taken, with the status of the answer."""
        try:
            return self.card_class.opened(self.request, self.source, data), [], 200
        except ValidationError as error:
            return None, sentences_of(error), status_of(error)

    def with_part(self, card: Card, data: QueryDict) -> HttpResponse:
        """Show the card with one more selection, or say why it cannot take it."""
        try:
            card.add_selection(_new_selection(data))
        except ValidationError as error:
            return self.shown(card, _as_typed(card, data), key_of(data), sentences_of(error), status_of(error))
        return self.shown(card, _as_typed(card, data), key_of(data))

    def saved(self, card: Card, data: QueryDict, publishing: bool) -> HttpResponse:
        """Make the records, all or nothing."""
        form = card.form(data)
        if not form.is_valid():
            return self.shown(card, form, key_of(data), status=422)
        needs: list[Record] = []
        try:
            with transaction.atomic():
                self.lock_source(card)
                row = card.save(form)
                if publishing and isinstance(row, Publishable):
                    publish_with_needs(self.request, row, card.facts, data.getlist("also"), card.change_reason)
                forget_draft(self.request.user, self.source, card.kind, key_of(data))
        except NeedsPublishing as error:
            needs, errors, status = error.records, [error.sentence], 422
        except ValidationError as error:
            form.add_error(None, error) if not hasattr(error, "error_dict") else _add_errors(form, error)
            errors, status = [], status_of(error)
        except ChangeRefused as error:
            errors, status = error.reasons, 422
        except DATABASE_REFUSALS as error:
            errors, status = [sentence_of_refusal(error)], 409
        else:
            return self.saved_line(row, card.sentence(row, publishing))
        return self.shown(card, form, key_of(data), errors, status, needs)

    def lock_source(self, card: Card) -> None:
        """Lock the source until the card is saved, and refuse if its text changed since the selections were checked."""
        locked = Source._base_manager.select_for_update(no_key=True).filter(pk=self.source.pk)
        if list(locked.values_list("sha256", flat=True)) != [self.source.sha256]:
            raise ValidationError(
                _("The text of the source has just been changed. Open the page again."), code="changed"
            )

    # Answers -----------------------------------------------------------------------------------------------------------------
    def shown(
        self,
        card: Card,
        form: CardForm,
        key: str,
        errors: list[str] | None = None,
        status: int = 200,
        needs: list[Record] | None = None,
    ) -> HttpResponse:
        """Return the card as a form."""
        context = {
            "card": card,
            "form": form,
            "key": key,
            "errors": errors or [],
            "needs": needs or [],
            "may_publish": card.may_publish(),
            **card.context(),
        }
        return self.render(card.template_name, context, status)

    def refused(self, errors: list[str], status: int, data: QueryDict | None = None) -> HttpResponse:
        """Return a card that cannot be shown as a form, with what was typed into it."""
        typed = [
            (name, text)
            for name, texts in (data.lists() if data else [])
            if name not in ("key", "start", "end", "csrfmiddlewaretoken", "digest", "kind")
            for text in texts
            if str(text).strip()
        ]
        context = {"errors": errors, "typed": typed, "title": self.card_class.title}
        return self.render("desk/cards/_refused.html", context, status)


@dataclass(frozen=True)
class KeptCard:
    """A card that was not saved, as the page lists it."""

    draft: CardDraft
    title: str
    url: str


def kept_cards(user: Any, source: Source) -> list[KeptCard]:
    """Return the unsaved cards of a curator at a source, the newest first. One query."""
    return [
        KeptCard(draft, str(CARDS[draft.kind].title), reverse("admin:desk_card", args=[source.slug, draft.kind]))
        for draft in drafts_of(user, source)
        if draft.kind in CARDS
    ]


class CardDraftView(SourceView):
    """Keeps what is typed into a card. POST keeps it, or with `action=dismiss` forgets it; GET lists what is kept."""

    def sources(self) -> Any:
        """Return the sources without their texts."""
        return super().sources().defer("text")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Return the list of the cards that are kept."""
        return self.render("desk/_kept.html", {"kept": kept_cards(request.user, self.source)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep or forget, and return when that was as JSON: {"saved": "14:02:11"}."""
        key, kind = request.POST.get("key", ""), request.POST.get("kind", "")
        if not is_card_key(key) or kind not in CARDS:
            return JsonResponse({"error": _("This is no card.")}, status=422)
        if request.POST.get("action") == "dismiss":
            forget_draft(request.user, self.source, kind, key)
            return JsonResponse({"saved": ""})
        try:
            draft = keep_draft(cast(User, request.user), self.source, kind, key, request.POST)
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)}, status=422)
        return JsonResponse({"saved": date_format(timezone.localtime(draft.updated_at), "H:i:s")})


def _take_selection_out(data: QueryDict, action: str) -> None:
    """Take the selection out of the form that the button `without-N` names; the first one stays if it is the only one."""
    number = action.removeprefix("without-")
    if number == action or not number.isdecimal():
        return
    for name in ("start", "end", "quote"):
        values = data.getlist(name)
        if len(values) > 1 and int(number) < len(values):
            data.setlist(name, [value for place, value in enumerate(values) if place != int(number)])


def _new_selection(data: QueryDict) -> QueryDict:
    """Return the selection that the form was sent with beside those of the card, as `selections_in` takes it."""
    new = QueryDict("", mutable=True)
    for name in ("start", "end", "quote", "digest"):
        new.setlist(name, data.getlist(f"new-{name}"))
    return new


def _as_typed(card: Card, data: QueryDict) -> CardForm:
    """Return the form as it was typed, without a word on what is still missing: nobody has asked for it to be saved."""
    form = card.form(data)
    form.full_clean()
    form.errors.clear()
    return form


def _add_errors(form: CardForm, error: ValidationError) -> None:
    """Add errors of a model to the fields of the form that have their names, the others to the form as a whole."""
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
