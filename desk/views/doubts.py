"""The page of doubts: each with its rows beside each other, and the answers that settle it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from base.admin import ChangeRefused, may
from base.text.numbers import parse_digits
from desk.doubts.answers import DoubtIsSettled, ask_again, keep_both, kept_doubts, prefer, put_off
from desk.doubts.forms import ReasonForm
from desk.doubts.kinds import DOUBT_KINDS, Doubt, DoubtKind, doubt_counts, number_in_words
from desk.doubts.sides import shown_doubts

DOUBTS_PER_PAGE = 10
MOST_KEPT = 50  # shown of what was kept last
MOST_DIGITS = 18  # of a key that both databases take
ANSWERS = ("prefer", "keep", "later", "ask")


class DoubtsView(View):
    """GET `kind` and `page` shows doubts of a kind; `kept` those that were kept, which can be asked again.

    POST `kind`, `model`, `first` and `second` name a doubt, and `answer` what becomes of it: `prefer:<key>` with a `reason`,
    `keep`, `later` or `ask`. `seen` is the digest of the doubt as the page showed it; without it nothing but `ask` is done.
    """

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer; what was asked wrongly is told in a sentence."""
        request.current_app = self.site.name
        try:
            response = super().dispatch(request, *args, **kwargs)
        except BadRequest as error:
            response = HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "private, no-store"
        return response

    @property
    def user(self) -> User:
        """The curator."""
        return cast(User, self.request.user)

    @property
    def _seen(self) -> str:
        """The digest of the doubt as the curator saw it."""
        return self.request.POST.get("seen", "")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the doubts of a kind."""
        if request.GET.get("kind"):
            return self._page(self._kind(request.GET))
        if not any(kind.models(self.user) for kind in DOUBT_KINDS.values()):
            raise PermissionDenied
        return self._page(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Settle a doubt, or put it off."""
        kind = self._kind(request.POST)
        answer, _colon, chosen = request.POST.get("answer", "").partition(":")
        if answer not in ANSWERS:
            raise BadRequest(_("“answer” is one of: %s.") % ", ".join(ANSWERS))
        doubt = self._doubt(kind, request.POST)
        if not may(self.user, "change", doubt.model):
            raise PermissionDenied(_("You may look at this doubt, but not settle it."))
        if answer == "ask":
            ask_again(doubt)
            messages.success(request, _("It will be asked again."))
            return self._back(kind)
        try:
            if not kind.holds(doubt):
                raise DoubtIsSettled
            return self._settle(kind, doubt, answer, chosen)
        except DoubtIsSettled:
            text = _("This was settled meanwhile, or one of the rows was changed. Nothing was written.")
            form = ReasonForm(request.POST)  # what was typed is not lost if it is a doubt still
            return self._page(kind, problems=[text], status=409, refused=doubt, form=form)

    def _settle(self, kind: DoubtKind, doubt: Doubt, answer: str, chosen: str) -> HttpResponse:
        """Do what was answered to a doubt. Raises DoubtIsSettled if somebody was quicker."""
        if answer == "prefer":
            return self._prefer(kind, doubt, chosen)
        if answer == "keep":
            keep_both(doubt, self.user, self._seen)
            messages.success(self.request, _("Remembered: it stays as it is. Nobody is asked again."))
        else:
            put_off(doubt, self.user, self._seen)
            messages.success(self.request, _("Put off: it stands behind the others now."))
        return self._back(kind)

    def _prefer(self, kind: DoubtKind, doubt: Doubt, chosen: str) -> HttpResponse:
        """Reject the other of two facts; its reason is asked for."""
        if kind.shape != "pair" or not doubt.second:
            raise BadRequest(_("Of this doubt nothing can be preferred. Open the record and correct it."))
        if parse_digits(chosen, MOST_DIGITS) not in doubt.keys:
            raise BadRequest(_("Say which of the two is preferred: “prefer:” and the key of its row."))
        preferred = int(chosen)
        shown = next(iter(shown_doubts([doubt], self.user)), None)
        if shown is None:
            raise DoubtIsSettled
        if not all(side.may_be_rejected for side in shown.sides if side.key != preferred):
            raise PermissionDenied(_("Readers see the other one. Who may publish settles this."))
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self._page(
                kind,
                problems=[str(error) for error in form.errors.get("reason", [])],
                status=422,
                refused=doubt,
                form=form,
            )
        try:
            act = prefer(doubt, preferred, self.user, form.cleaned_data["reason"], self._seen)
        except ChangeRefused as refused:
            return self._page(kind, problems=refused.reasons, status=409, refused=doubt, form=form)
        text = gettext_lazy("The other one is marked as rejected, with your reason; readers see both.")
        undo = reverse("admin:change_set", args=[act])
        messages.success(self.request, format_html('{} <a href="{}">{}</a>', text, undo, _("Undo")))
        return self._back(kind)

    def _page(
        self,
        kind: DoubtKind | None,
        *,
        problems: list[str] | None = None,
        status: int = 200,
        refused: Doubt | None = None,
        form: ReasonForm | None = None,
    ) -> HttpResponse:
        request = self.request
        counts = doubt_counts(self.user)
        if kind is None:  # the first kind of which something waits
            kind = next((count.kind for count in counts if count.number and count.kind.waits), counts[0].kind)
        models = kind.models(self.user)
        is_kept = "kept" in request.GET
        doubts = kept_doubts(kind, models, MOST_KEPT) if is_kept else kind.doubts(models)
        page = Paginator(doubts, DOUBTS_PER_PAGE).get_page(request.GET.get("page") or request.POST.get("page"))
        shown = shown_doubts(list(page.object_list), self.user)
        context = {
            **self.site.each_context(request),
            "title": _("Doubts and conflicts"),
            "kind": kind,
            "counts": counts,
            "page": page,
            "doubts": shown,
            "is_kept": is_kept,
            "problems": problems or [],
            "refused": refused,
            "form": form or ReasonForm(),
            "doubts_number": number_in_words(counts),
        }
        return TemplateResponse(request, "desk/doubts.html", context, status=status)

    def _back(self, kind: DoubtKind) -> HttpResponse:
        values = {"kind": kind.key, **({"page": page} if (page := self.request.POST.get("page", "")[:5]) else {})}
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(values)}")

    def _kind(self, data: QueryDict) -> DoubtKind:
        """Return the kind that is asked for. Raises BadRequest for another, PermissionDenied without a right to see any of it."""
        kind = DOUBT_KINDS.get(data.get("kind", ""))
        if kind is None:
            raise BadRequest(_("“kind” is one of: %s.") % ", ".join(DOUBT_KINDS))
        if not kind.models(self.user):
            raise PermissionDenied
        return kind

    def _doubt(self, kind: DoubtKind, data: QueryDict) -> Doubt:
        """Return the doubt that a form names. Raises BadRequest."""
        models = {model._meta.label: model for model in kind.models(self.user)}
        model = models.get(data.get("model", ""))
        keys = [parse_digits(data.get(name, ""), MOST_DIGITS) for name in ("first", "second")]
        first, second = keys
        if model is None or first is None or second is None:
            raise BadRequest(_("A doubt is named by “model”, “first” and “second”, as the page has them."))
        return Doubt(kind.key, model, first, second)
