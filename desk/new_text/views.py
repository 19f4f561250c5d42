"""The page on which a curator takes a newer version of a text over, or corrects a typing error in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from base.admin import ChangeRefused, is_public, may
from base.records.provenance import sha256_of
from base.text.differences import shown_changes, stretches
from desk.pages import SourceView
from directory.models import Passage, Source
from directory.source_texts import store_text
from directory.verification import verify

from .forms import DecisionForm, NewerTextForm, passage_forms
from .moves import Finding, Move, find_passages
from .places import Places
from .taking import take_over

MOST_PASSAGES = 1_000  # of which each is asked about on one page
MOST_CHANGES = 200  # shown
MOST_FAILURES = 20  # told after the text was taken over


class NewTextView(SourceView):
    """Shows the stored text for correction, then what differs and where the passages stand, then takes the newer text over."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the stored text."""
        self.require_rights()
        return self.asking_page(NewerTextForm(initial={"text": self.source.text}))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show what a newer text changes; with decisions for all passages, take it over."""
        self.require_rights()
        form = NewerTextForm(request.POST, request.FILES)
        if problem := self.problem():
            form.add_error(None, problem)
        if not form.is_valid():
            return self.asking_page(form, status=422)
        text = form.cleaned_data["text"]
        if text == self.source.text:
            form.add_error(None, _("This is the text that is stored: nothing differs."))
            return self.asking_page(form, status=422)
        newer = Source(slug=self.source.slug)
        store_text(newer, text)
        rows = stretches(self.source.text, text)
        passages = list(self.source.passages.order_by("start", "end"))
        moves = find_passages(passages, self.source.text, newer, Places(rows))
        decided = "decided" in request.POST
        decisions = passage_forms(moves, newer, request.POST if decided else None)
        problems: list[str] = []
        if decided:
            if request.POST.get("expected") != self.source.sha256:
                problems.append(
                    _("Meanwhile somebody changed the text. Nothing was saved; compare with the text as it is now.")
                )
            elif sum(each.is_valid() for each in decisions) == len(
                decisions
            ):  # each is checked, so that all errors show
                problems = self.take_over(text, moves, decisions, form.cleaned_data["reason"])
                if not problems:
                    return HttpResponseRedirect(reverse("admin:directory_source_change", args=[self.source.pk]))
            else:
                problems.append(_("Some passages are not decided yet. Nothing was saved."))
        changes = list(shown_changes(self.source.text, text, rows))
        context = {
            **self.site.each_context(request),
            "title": _("What differs"),
            "form": form,
            "text": text,
            "expected": self.source.sha256,
            "changes": changes[:MOST_CHANGES],
            "changes_in_all": len(changes),
            "sure": [each for each in decisions if each.move.finding == Finding.SAME],
            "asked": [each for each in decisions if each.move.finding != Finding.SAME],
            "moved": sum(move.is_moved for move in moves if move.finding == Finding.SAME),
            "problems": problems,
        }
        return self.render("desk/new_text_changes.html", context, status=422 if problems else 200)

    def take_over(self, text: str, moves: Sequence[Move], decisions: Sequence[DecisionForm], reason: str) -> list[str]:
        """Store the text with the passages as decided, and return why that cannot be, as sentences."""
        places = {each.move.passage.pk: each.place for each in decisions}
        try:
            with transaction.atomic():
                locked = Source._base_manager.select_for_update().get(pk=self.source.pk)
                if locked.sha256 != self.source.sha256 or len(moves) != locked.passages.count():
                    return [_("Meanwhile somebody changed the text or its passages. Look again and decide again.")]
                take_over(locked, text, moves, places, reason)
        except ValidationError as error:
            return error.messages
        except ChangeRefused as error:
            return [_("Nothing was saved, because something that is public would break."), *error.reasons]
        messages.success(self.request, _("The newer text is stored, and every passage stands where you decided."))
        for failure in verify(locked, text).failures[:MOST_FAILURES]:
            messages.warning(self.request, failure)
        return []

    def asking_page(self, form: NewerTextForm, status: int = 200) -> HttpResponse:
        """Return the page with the text."""
        context = {
            **self.site.each_context(self.request),
            "title": _("A newer version of the text"),
            "form": form,
            "problem": self.problem(),
        }
        return self.render("desk/new_text.html", context, status=status)

    def problem(self) -> str:
        """Return why the text of this source cannot be compared, as a sentence; empty if it can."""
        if not self.source.text:
            return _("The text of this source is not stored, so nothing can be compared. Hand in the text first.")
        if sha256_of(self.source.text) != self.source.sha256:
            return _("The stored text is not the one that the source was measured by. Hand that one in first.")
        count = self.source.passages.count()
        if count > MOST_PASSAGES:
            return _("%(count)s passages are too many to decide on one page; %(most)s at most.") % {
                "count": count,
                "most": MOST_PASSAGES,
            }
        return ""

    def require_rights(self) -> None:
        """Raise PermissionDenied unless the curator may change the source and its passages, as public as they are."""
        user = self.request.user
        if not may(user, "change", Source, Passage) or not may(user, "delete", Passage):
            raise PermissionDenied
        if is_public(self.source) and not may(user, "publish", Source, Passage):
            raise PermissionDenied
