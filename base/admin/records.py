"""Pages of records: they have a public address, are published and withdrawn, and can be merged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, TypeVar

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.fieldsets import CHANGE_TITLE, Fieldset
from base.admin.forms import RecordForm
from base.admin.inlines import NameFormSet
from base.admin.merging import merge_doubles
from base.admin.pages import CurationAdmin, ListAction, delete_selected
from base.admin.publishing import publish, publish_selected
from base.admin.rights import has_changed, is_own_work
from base.admin.searching import WordMatch
from base.admin.signals import publication_questions, record_form_saved
from base.admin.splitting import split_view
from base.admin.undo_links import mergers_and_splits
from base.admin.withdrawing import (
    asks_first,
    republication_view,
    withdraw_selected,
    withdrawal_view,
    withdrawn_together,
)
from base.records.change_reasons import RESTORED, WITHDRAWN
from base.records.change_sets import ChangeAction, describe_change_set
from base.records.fitness import problems_of
from base.records.publishing import Status
from base.records.records import Record
from base.records.second_person import another_has_to
from base.records.withdrawal_plan import plan_withdrawal

PUBLICATION_HELP = gettext_lazy(
    "An address that was public once answers for ever. Changing the public id keeps the old address: it leads here. "
    "A withdrawn record's address answers with the reason."
)
# Marks the fieldsets that stand below the inlines; curation_change_form.html looks for it.
BELOW_INLINES = "late"
# What restoring an old version must not bring back: a status has to be earned anew, and an address stays known.
NOT_RESTORED = ("status", "merged_into_id", "published_at", "created_at", "withdrawn_reason")

RecordT = TypeVar("RecordT", bound=Record)


class RecordAdmin(CurationAdmin[RecordT]):
    """A record with its status. Status changes by publishing and withdrawing alone, never by hand."""

    form: type[ModelForm] = RecordForm
    looks_for_doubles: ClassVar[bool] = False  # whether who is called nearly so is shown while a name is typed
    may_be_split: ClassVar[bool] = False
    list_display = ["__str__", "slug", "status", "updated_at"]
    list_filter = ["status"]
    actions: Sequence[ListAction] = (publish_selected, withdraw_selected, delete_selected)
    readonly_fields: ClassVar[tuple[str, ...]] = (
        "status",
        "merged_into",
        "former_addresses",
        "published_at",
        "created_at",
        "updated_at",
    )

    def get_fieldsets(self, request: HttpRequest, obj: RecordT | None = None) -> list[Fieldset]:
        """Return the fieldsets of the model; below the inlines address, status and the reason of the change."""
        fieldsets: list[Fieldset] = [*(self.fieldsets or [])]
        if obj is None:
            fieldsets.append((_("Address"), {"fields": ["slug"], "classes": ["collapse", BELOW_INLINES]}))
        else:
            times = ("published_at", "created_at", "updated_at")
            fields = ("slug", "former_addresses", "status", "withdrawn_reason", "merged_into", times)
            fieldsets.append(
                (
                    _("Address and publication"),
                    {"fields": fields, "description": PUBLICATION_HELP, "classes": [BELOW_INLINES]},
                )
            )
        if self.may_change(request, obj):
            fieldsets.append((CHANGE_TITLE, {"fields": ["change_reason", "seen"], "classes": [BELOW_INLINES]}))
        return fieldsets

    @admin.display(description=gettext_lazy("former public ids"))
    def former_addresses(self, obj: RecordT) -> str:
        """Return the ids the record had before, whose addresses lead here."""
        return ", ".join(map(str, obj.former_ids.all())) or "—"  # type: ignore[attr-defined]

    def words_of(self, search_term: str) -> Sequence[str]:
        """Return the folded words of what was typed; a public id, or a part of one, is one word. One query for what may be one."""
        word = search_term.strip().casefold()
        if "-" in word and len(word.split()) == 1 and self.model._base_manager.filter(self.id_match(word)).exists():
            return [word]
        return super().words_of(search_term)

    def word_matches(self, word: str) -> list[WordMatch]:
        """Find a record by its public id too."""
        return [*super().word_matches(word), WordMatch(self.id_match(word), self.id_match(word))]

    def id_match(self, word: str) -> Q:
        """Return the condition that the public id is this one, or holds it unless there are too many records to read them all."""
        return Q(slug=word) if self.model.endless else Q(slug__contains=word)

    def get_view_on_site_url(self, obj: RecordT | None = None) -> str | None:
        """Return the address of the public page; None if there is none."""
        return obj.get_absolute_url() if obj is not None and obj.status == Status.PUBLISHED else None

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which records are withdrawn with what rests on them, and published again with it."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        site = self.admin_site
        return [
            path("withdrawal/", site.admin_view(partial(withdrawal_view, self)), name=f"{name}_withdrawal"),
            path(
                "<path:object_id>/republication/",
                site.admin_view(partial(republication_view, self)),
                name=f"{name}_republication",
            ),
            *super().get_urls(),
        ]

    # Publishing --------------------------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, object],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: RecordT | None = None,
    ) -> HttpResponse:
        """Offer what can be done next, and say what stands between the record and the public."""
        may_change = self.may_change(request, obj)
        public = obj is not None and obj.status == Status.PUBLISHED
        context["can_publish"] = (
            may_change and self.has_publish_permission(request) and not public and not (obj and obj.merged_into_id)
        )
        context["can_withdraw"] = may_change and public and self.has_withdraw_permission(request)
        context["problems"] = problems_of(obj) if obj is not None and not public else []
        context["questions"] = publication_questions(obj) if obj is not None and not public else []
        context["doubles_kind"] = self.model.kind if self.looks_for_doubles and may_change else ""
        context["was_public"] = obj is not None and obj.published_at is not None
        may_split = obj is not None and self.may_be_split and self.has_merge_permission(request)
        context["split_url"] = (
            self.page_url("split", obj.pk) if obj and may_split and obj.status != Status.WITHDRAWN else ""
        )
        context["mergers_and_splits"] = mergers_and_splits(obj) if obj is not None else []
        if obj is not None and may_change:
            context["withdrawn_together"] = withdrawn_together(self, request, obj)
            context["republication_url"] = self.page_url("republication", obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Sequence[BaseFormSet], change: bool
    ) -> None:
        """Publish once everything is saved and seen to be sound."""
        super().save_related(request, form, formsets, change)
        names = any(isinstance(each, NameFormSet) and each.has_changed() for each in formsets)
        record_form_saved.send(sender=self.model, request=request, record=form.instance, names_changed=names)
        if "_withdraw" in request.POST and form.instance.status == Status.WITHDRAWN:
            self.message_user(request, _("“%s” is withdrawn.") % form.instance, messages.SUCCESS)
        if "_publish" not in request.POST:
            return
        record = self.model._base_manager.get(pk=form.instance.pk)
        is_own = getattr(request, "is_own_work", False) or any(each.has_changed() for each in formsets)
        problems = [another_has_to()] if settings.REVIEW_BY_TWO and is_own else []
        problems = problems or publish(record, form.cleaned_data.get("change_reason", ""))
        for problem in problems:
            self.message_user(request, _("Saved, but not published: %s") % problem, messages.WARNING)
        if not problems:
            self.message_user(request, _("“%s” is published.") % record, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: RecordT, form: ModelForm, change: bool) -> None:
        """Save, withdrawn if the curator asked for that and nothing else rests on it; if something does, a page says so first.

        An old version brings back its facts, not its status and address.
        """
        if "_withdraw" in request.POST and not asks_first(plan_withdrawal([obj])):
            obj.status = Status.WITHDRAWN
            describe_change_set(ChangeAction.WITHDRAW, form.cleaned_data.get("change_reason") or "")
            reason = form.cleaned_data.get("change_reason")
            form.cleaned_data["change_reason"] = reason or WITHDRAWN(obj.withdrawn_reason)
        if (version := getattr(obj, "_history", None)) is not None:
            saved = self.model._base_manager.filter(pk=obj.pk).first()
            if saved is not None:  # None if a draft comes back that was deleted
                for name in NOT_RESTORED:
                    setattr(obj, name, getattr(saved, name))
                # So that the address of today goes on leading here when an older one is restored.
                obj.__dict__["_loaded"] = {"status": saved.status, "slug": saved.slug}
            reason = RESTORED(version.history_date.strftime("%Y-%m-%d %H:%M"))
            form.cleaned_data["change_reason"] = form.cleaned_data.get("change_reason") or reason
        if "_publish" in request.POST:
            changed = not change or has_changed(form)
            request.is_own_work = changed or is_own_work(request, obj)  # type: ignore[attr-defined]
            if not changed:
                obj.skip_history_when_saving = True  # type: ignore[attr-defined]  # who publishes it changed nothing
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: RecordT, post_url_continue: str | None = None) -> HttpResponse:
        """Stay on the page after a first attempt at publishing."""
        return self._stay(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: RecordT) -> HttpResponse:
        """Stay on the page after publishing or withdrawing; lead on to what rests on the record if that is to be said first."""
        if "_withdraw" in request.POST and obj.status == Status.PUBLISHED:
            url = f"{self._model_url(self.model, 'withdrawal')}?rows={obj.pk}"
            self.message_user(request, _("Saved, and not withdrawn yet: first see what rests on it."), messages.WARNING)
            return HttpResponseRedirect(url)
        return self._stay(request, obj) or super().response_change(request, obj)

    def _stay(self, request: HttpRequest, obj: RecordT) -> HttpResponse | None:
        if "_popup" in request.POST or not {"_publish", "_withdraw"} & request.POST.keys():
            return None
        return HttpResponseRedirect(self.page_url("change", obj.pk))

    # Deleting ----------------------------------------------------------------------------------------------------------
    def has_delete_permission(self, request: HttpRequest, obj: RecordT | None = None) -> bool:
        """Allow the deletion only of a record that was never public."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def deletion_problems(self, rows: QuerySet[RecordT]) -> list[str]:
        """Return a sentence for every row that was ever public."""
        text = _("“%s” was public, so its address has to answer: withdraw it instead of deleting it.")
        return [text % row for row in rows.exclude(published_at=None)]


class NamedRecordAdmin(RecordAdmin[RecordT]):
    """A record known by names. Doubles are united, and what turns out to be two is split."""

    may_be_split = True
    list_display = ["shown_name", "slug", "status", "updated_at"]
    actions: Sequence[ListAction] = (publish_selected, withdraw_selected, merge_doubles, delete_selected)

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a record is split."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_split"
        view = self.admin_site.admin_view(partial(split_view, self))
        return [path("<path:object_id>/split/", view, name=name), *super().get_urls()]

    def choice_label(self, obj: RecordT) -> str:
        """Return the name, the id that tells namesakes apart, and the status of what is not public."""
        state = "" if obj.status == Status.PUBLISHED else f", {obj.get_status_display()}"
        return f"{obj} ({obj.slug}{state})"

    @admin.display(description=gettext_lazy("name"), ordering="sort_key")
    def shown_name(self, obj: RecordT) -> str:
        """Return the name, or the id of a record that has none yet."""
        return str(obj)
