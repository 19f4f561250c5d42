"""The page of a change set: all that one act of a curator changed, and the button that undoes it, or one line of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.rights import may
from base.admin.row_groups import FIRST_ROWS, RowGroup, RowLink, row_groups
from base.admin.undo_rights import UserGuard
from base.records.change_sets import ChangeSet
from base.records.curators import curator_name
from base.records.publishing import Publishable, Status
from base.records.record_history import save_of
from base.records.records import Record
from base.records.revert_checks import dependent_problems, own_work_problems
from base.records.revert_plan import WHOLE, RevertPlan
from base.records.revert_planning import plan_revert
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey, RowChange, changes_of_lines
from base.records.shown_changes import ShownRow, shown_rows
from base.text.form_texts import CheckedTextsForm
from base.text.numbers import parse_digits

ROWS_OF_A_PAGE = 200
MOST_LINKS = 10
MOST_LINES = 200  # that one address or form may name
MOST_CONFLICTS = 100  # that are listed; all can be decided at once

Keys = dict[type[Publishable], set[int]]


class UndoForm(CheckedTextsForm, forms.Form):
    """Asks why a change set is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history. Where readers see a change, they see this reason too."),
    )


@dataclass
class ShownConflict:
    """What stands in the way of undoing a line; `kept` says that the curator chose to keep what is newer."""

    key: LineKey
    sentence: str
    kept: bool


@dataclass
class PageOfRows:
    """Which rows of a change set are shown: from `first` to `last` of `count`."""

    number: int
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.count // ROWS_OF_A_PAGE))

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return (self.number - 1) * ROWS_OF_A_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last row."""
        return min(self.number * ROWS_OF_A_PAGE, self.count)


def _lines(texts: Sequence[str]) -> list[LineKey]:
    """Return the lines that texts name; those that name none are passed over."""
    keys = [LineKey.parse(text) for text in texts[:MOST_LINES]]
    return [key for key in keys if key is not None]


def _rows(act: ChangeSet, request: HttpRequest, only: Sequence[LineKey] | None) -> tuple[list[RowChange], PageOfRows]:
    """Return what the change set did to the rows of the page that the request asks for, or to those of the lines."""
    if only is not None:
        changes = changes_of_lines(act, only)
        return changes, PageOfRows(1, len(changes))
    number = max(1, parse_digits(request.GET.get("page", ""), 6) or 1)
    changes, count = save_of(act, (number - 1) * ROWS_OF_A_PAGE, ROWS_OF_A_PAGE)
    page = PageOfRows(number, count)
    if number > page.pages:
        page.number = page.pages
        changes, _count = save_of(act, page.first - 1, ROWS_OF_A_PAGE)
    return changes, page


def change_set_page(site: AdminSite, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show a change set and what undoing it does; undo it, or the lines that the form names, if the form says so."""
    act = ChangeSet.objects.select_related("user", "reverts").filter(pk=int(object_id)).first()
    if act is None:
        raise Http404(_("There is no row with this number."))
    sent = request.POST if request.method == "POST" else request.GET
    only = _lines(sent.getlist("line")) if "line" in sent else None
    changes, page = _rows(act, request, only)
    if not any(may(request.user, "view", change.model) for change in changes or save_of(act, 0, ROWS_OF_A_PAGE)[0]):
        raise PermissionDenied
    visible = [change for change in changes if may(request.user, "view", change.model)]
    keep, keep_newer = _lines(request.POST.getlist("keep")), "keep-newer" in request.POST
    user = cast(User, request.user)
    guard = UserGuard(user)
    plan = plan_revert(act, only=only, keep=keep)
    if keep_newer and guard.allows(plan.without_conflicts()):  # planning that takes longest
        plan = plan_revert(act, only=only, keep=keep, keep_newer=True)
    may_undo = guard.allows(plan)
    form = UndoForm(request.POST if request.method == "POST" else None)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        if not may_undo:
            raise PermissionDenied
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                undone = revert(act, user, reason, only=only, keep=keep, keep_newer=keep_newer, guard=guard)
            except CannotRevert as error:
                problems, status = error.problems or [_("Nothing was undone; see what stands in the way.")], 409
                problems += [each.sentence for each in error.conflicts if each.key == WHOLE]
            else:
                messages.success(request, _("It is undone. What was done is on this page, and can be undone too."))
                return HttpResponseRedirect(reverse("admin:change_set", args=[undone.pk]))
        else:
            status = 422
    conflicts = plan_revert(act, only=only).conflicts if keep or keep_newer else plan.conflicts
    obstacles = [each.sentence for each in conflicts if each.key == WHOLE]
    obstacles += [*own_work_problems(plan, user), *dependent_problems(plan)]
    conflicts = [each for each in conflicts if each.key != WHOLE]
    rows = shown_rows(visible)
    if only is not None:
        for row in rows:
            row.lines = [line for line in row.lines if line.key in only or row.key in only]
        rows = [row for row in rows if row.lines or row.key in only]
    context = {
        **site.each_context(request),
        "title": _("Change of %s") % f"{act.made_at:%Y-%m-%d %H:%M}",
        "act": act,
        "who": curator_name(act.user),
        "rows": rows,
        "page": page,
        "undone": ChangeSet.objects.filter(reverts=act).order_by("id").last(),
        "only": only or [],
        "form": form,
        "plan": plan,
        "conflicts": [ShownConflict(each.key, each.sentence, each.key in keep) for each in conflicts[:MOST_CONFLICTS]],
        "conflicts_left_out": max(0, len(conflicts) - MOST_CONFLICTS),
        "keep_newer": keep_newer,
        "problems": problems,
        "obstacles": [each for each in obstacles if each not in problems],
        "can_undo": not (obstacles or (plan.is_empty and not conflicts)),
        "effects": _effects(site, request, plan),
        "may_undo": may_undo,
        "records": _record_links(site, rows),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/change_set.html", context, status=status)


def _effects(site: AdminSite, request: HttpRequest, plan: RevertPlan) -> list[tuple[str, list[RowGroup]]]:
    """Return what undoing does to which rows, counted, the first of each kind named. A few queries for each kind of row."""
    withdrawn = plan.withdrawn()
    deleted = _keys(plan.deleted(withdrawn))
    taken: Keys = defaultdict(set, _keys(withdrawn))
    set_back = plan.changed_keys()
    for model, of_model in plan.columns.items():
        for pk, values in of_model.items():
            if issubclass(model, Record) and values.get("status", Status.PUBLISHED) != Status.PUBLISHED:
                taken[model].add(pk)
                set_back[model].discard(pk)
    parts = {_("Is set back"): set_back, _("Is withdrawn"): taken, _("Is deleted"): deleted}
    effects = [
        (title, row_groups(site, request, {model: keys for model, keys in of_part.items() if keys}))
        for title, of_part in parts.items()
        if any(of_part.values())
    ]
    textless = [change for change in plan.coming if change.model.follow_stored_text]
    coming = [change for change in plan.coming if not change.model.follow_stored_text]
    if coming:
        effects.append((_("Comes back"), _groups_of_deleted(coming)))
    if textless:
        title = _("Comes back without its stored text, which no history keeps: take the text over again")
        effects.append((title, _groups_of_deleted(textless)))
    return effects


def _keys(changes: Collection[RowChange]) -> Keys:
    keys: Keys = defaultdict(set)
    for change in changes:
        keys[change.model].add(change.pk)
    return keys


def _groups_of_deleted(changes: Collection[RowChange]) -> list[RowGroup]:
    """Return groups of rows that are not there today, each called what it was."""
    by_model: dict[type[Publishable], list[RowChange]] = defaultdict(list)
    for change in changes:
        by_model[change.model].append(change)
    return [
        RowGroup(
            str(capfirst(model._meta.verbose_name_plural)),
            len(of_model),
            rows=[RowLink(row.label or "—", "") for row in shown_rows(of_model[:FIRST_ROWS])],
        )
        for model, of_model in by_model.items()
    ]


def _record_links(site: AdminSite, rows: Sequence[ShownRow]) -> list[RowLink]:
    """Return links to the histories of the records among these rows, a few of them."""
    links: list[RowLink] = []
    for row in rows:
        model = row.change.model
        if issubclass(model, Record) and model in site._registry and len(links) < MOST_LINKS:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
            links.append(RowLink(row.label, reverse(name, args=[row.change.pk])))
    return links
