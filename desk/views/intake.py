"""The pages of the intake: what is taken in, and the cut into paragraphs, corrected until it is stored."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from base.text.numbers import parse_digits
from desk.intake.cut import DraftParagraph, WrongPlace, lines_of, split_places
from desk.intake.drafts import StaleDraft, correct, draft_of_file, draft_of_text, locked_draft, same_text, store
from desk.intake.files import FileRefused
from desk.intake.forms import ArticleForm, NewArticleForm
from desk.intake.reading import LEFT_OUT
from desk.models import TextDraft
from directory.models import Source

# Buttons that change no paragraph.
NO_CORRECTIONS = ("keep", "autosave", "back", "date", "save", "show-split", "show-edit", "show-all")


def article_url(source: Source) -> str:
    """Return the address of the reading page of a source."""
    return reverse("admin:desk_read", args=[source.slug])


class IntakeView(View):
    """A page for those who may add sources. `AdminSite.admin_view` sees to it that nobody keeps it: it holds a private text."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer those who may add sources."""
        if not request.user.has_perm("directory.add_source"):
            raise PermissionDenied
        request.current_app = self.site.name
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The curator."""
        return cast(User, self.request.user)

    def page(self, template: str, status: int = 200, **context: object) -> HttpResponse:
        """Return a page of the admin."""
        return TemplateResponse(
            self.request, template, {**self.site.each_context(self.request), **context}, status=status
        )

    def lead_to(self, url: str) -> HttpResponse:
        """Lead to another page, also where htmx asked, which would look for a part of this one in it."""
        if "HX-Request" in self.request.headers:
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)


class NewArticleView(IntakeView):
    """Takes in a pasted text or a file, and leads to its cut."""

    def get(self, request: HttpRequest, form: NewArticleForm | None = None) -> HttpResponse:
        """Show the form and the drafts that are not done."""
        return self.page(
            "desk/new.html",
            status=422 if form else 200,
            title=_("New article"),
            form=form or NewArticleForm(),
            drafts=TextDraft.objects.filter(owner=self.user).only("key", "facts", "file_name", "updated_at")[:20],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a draft; where that cannot be, say why and keep what was pasted."""
        form = NewArticleForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.get(request, form)
        file = form.cleaned_data["file"]
        try:
            if file:
                draft = draft_of_file(self.user, file.name or "", file.read())
            else:
                draft = draft_of_text(self.user, form.cleaned_data["text"])
        except FileRefused as refused:
            form.add_error("file" if file else "text", str(refused))
            return self.get(request, form)
        return HttpResponseRedirect(reverse("admin:desk_cut", args=[draft.key]))


class CutView(IntakeView):
    """Shows the paragraphs of a draft and corrects them, one step at a time; stores the text in the end."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show the cut."""
        draft = self._draft(key)
        return self.cut_page(draft, ArticleForm(initial=draft.facts))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Keep the facts as they are typed, then do what the button says."""
        draft = self._draft(key)
        form = ArticleForm(request.POST)
        facts = form.typed_facts()
        action = request.POST.get("do", "keep")
        if action == "discard":
            draft.delete()
            messages.success(request, _("The draft is deleted."))
            return self.lead_to(reverse("admin:desk_new"))
        if action.startswith("date:"):
            facts["date"] = action.removeprefix("date:")[:10]
        if facts != draft.facts:
            draft.facts = facts
            TextDraft.objects.filter(pk=draft.pk).update(facts=facts)
        name, _colon, number = action.partition(":")
        typing = request.POST.get("typing", "") if action not in ("back", "autosave") else ""
        correction = None if name in NO_CORRECTIONS else action
        try:
            draft = self._corrected(draft, typing, correction)
        except StaleDraft:
            problem = _(
                "This text was corrected in another window meanwhile, so nothing was done. This is how it is now."
            )
            return self.cut_page(self._draft(key), ArticleForm(initial=facts), problem, 409)
        except (WrongPlace, FileRefused) as error:
            problem = str(error) or _("It cannot be cut there. Nothing was changed.")
            return self.cut_page(self._draft(key), ArticleForm(initial=facts), problem, 422)
        if action == "save":
            return self._save(draft, form)
        if name.startswith("show-"):
            return HttpResponseRedirect(f"{request.path}?{name}={number}#p{number}")
        return HttpResponseRedirect(
            f"{request.path}#p{number.partition(':')[0]}" if correction and number else request.path
        )

    def _corrected(self, draft: TextDraft, typing: str, correction: str | None) -> TextDraft:
        """Return the draft after a correction; what stands typed in an open box is taken over first, and instead if it is new.

        `typing` is the correction that the box would do. Raises StaleDraft, WrongPlace and FileRefused.
        """
        if not typing and correction is None:
            return draft
        words = self.request.POST.get("typed", "")
        with transaction.atomic():
            draft = locked_draft(self.user, draft.key, self.request.POST.get("version", ""))
            version = draft.version
            if typing:
                correct(draft, typing, words)
            # The numbers of another correction would be those of the paragraphs as they were.
            if correction is not None and (not typing or correction != typing) and draft.version == version:
                correct(draft, correction, words)
        return draft

    def cut_page(self, draft: TextDraft, form: ArticleForm, problem: str = "", status: int = 200) -> HttpResponse:
        """Return the page; `problem` says why a correction was not done."""
        paragraphs = cast("list[DraftParagraph]", draft.paragraphs)
        split_at, edited = (self._number(name) for name in ("show-split", "show-edit"))
        shares = dict(draft.remarks.get("known", []))
        known = Source.objects.filter(pk__in=shares).defer("text", "paragraphs")
        number, rows = 0, []
        for place, row in enumerate(paragraphs, 1):
            number += row["kind"] != LEFT_OUT
            rows.append(
                {
                    **row,
                    "place": place,
                    "number": number if row["kind"] != LEFT_OUT else 0,
                    "pieces": _pieces(row["text"]) if place == split_at else None,
                    "is_edited": place == edited,
                }
            )
        return self.page(
            "desk/cut.html",
            status=status,
            title=_("Check the paragraphs"),
            draft=draft,
            form=form,
            problem=problem,
            rows=rows,
            kept=number,
            all_lines=lines_of(paragraphs) if "show-all" in self.request.GET else None,
            known=[(source, article_url(source), round(100 * shares[source.pk])) for source in known],
            dates=[date for date in draft.remarks.get("dates", []) if date["date"] != form["date"].value()],
        )

    def _save(self, draft: TextDraft, form: ArticleForm) -> HttpResponse:
        if form.is_valid() and not self.request.POST.get("all_the_same") and (same := same_text(draft)):
            form.add_error(None, _("“%s” holds exactly this text already. If you want it twice, say so below.") % same)
        if not form.is_valid():
            return self.cut_page(draft, form, _("Not stored yet: look at the fields in red."), 422)
        source = store(draft, form.instance)
        messages.success(self.request, _("“%s” is stored as a draft. Its text stays private.") % source)
        return self.lead_to(article_url(source))

    def _draft(self, key: str) -> TextDraft:
        draft = TextDraft.objects.filter(owner=self.user, key=key).first()
        if draft is None:
            raise Http404(_("There is no such draft of yours: it was stored or deleted."))
        return draft

    def _number(self, name: str) -> int:
        value = self.request.GET.get(name, "")
        return parse_digits(value) or 0


def _pieces(text: str) -> list[tuple[str, int]]:
    """Return a paragraph in pieces, each with the place where it ends and the paragraph can be split; 0 for the last."""
    places = [0, *split_places(text), len(text)]
    pieces = [(text[start:end], end) for start, end in pairwise(places)]
    return [*pieces[:-1], (pieces[-1][0], 0)]
