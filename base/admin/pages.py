"""The common ground of all admin pages of records and facts: reasons, history, refused changes, deletions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, ClassVar, TypeAlias, TypedDict, cast

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_rows
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ManyToManyRel, Model, ProtectedError, QuerySet, RestrictedError
from django.forms import BaseFormSet, BaseInlineFormSet, ModelForm, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import HistoricalChanges

from base.admin.addresses import is_key, is_sound_lookup, sound_initial
from base.admin.conflict_pages import ConflictPageMixin
from base.admin.deleting import NestedLines, deletion_summary
from base.admin.form_drafts import FormDraftMixin
from base.admin.forms import CurationForm
from base.admin.guard import ChangeRefused, keeping_published_valid, require_supported, require_unbroken
from base.admin.history import HistoryMixin
from base.admin.inlines import INLINE_ROWS
from base.admin.lists import CurationList, sortable_columns
from base.admin.public_words import words_that_readers_see
from base.admin.refusals import DATABASE_REFUSALS, sentence_of_refusal
from base.admin.review_state import ReviewFilter, address_of_submitting, can_be_submitted, status_in_words
from base.admin.rights import RightsMixin
from base.admin.searching import FoldedSearch, RelationFields, RowT
from base.admin.sheets.views import sheet_file_view, sheet_view
from base.admin.translations import left_behind_by
from base.lists.counting import CappedPaginator, count_rows
from base.records.change_sets import ChangeAction, describe_change_set
from base.records.fitness import Snapshot, snapshot
from base.records.publishing import Publishable
from base.records.records import Record

MOST_MESSAGES = 20  # of one kind on a page

DeletedObjects: TypeAlias = tuple[NestedLines, dict[str, int], set[str], list[str]]
ListAction: TypeAlias = Callable[..., HttpResponse | None]


class RelatedRowsLink(TypedDict):
    """A line of the panel of related rows: rows of one kind that refer to a row by one relation."""

    label: str
    count: int
    more: bool  # whether there are more than `count`
    url: str
    add_url: str  # empty where the curator may not add one


@admin.action(permissions=["delete"], description=gettext_lazy("Delete selected rows"))
def delete_selected(
    modeladmin: CurationAdmin[RowT], request: HttpRequest, queryset: QuerySet[RowT]
) -> HttpResponse | None:
    """Delete as Django does, but say why where it cannot be done."""
    if reasons := modeladmin.deletion_problems(queryset):
        for reason in reasons[:MOST_MESSAGES]:
            modeladmin.message_user(request, reason, messages.ERROR)
        return None
    try:
        with transaction.atomic():
            return delete_rows(modeladmin, request, queryset)
    except (ChangeRefused, ProtectedError, RestrictedError) as error:
        modeladmin.message_user(request, modeladmin.error_message(error), messages.ERROR)
        return None


class CurationAdmin(
    HistoryMixin,
    ConflictPageMixin,
    FormDraftMixin[RowT],
    RightsMixin[RowT],
    RelationFields,
    FoldedSearch[RowT],
    SimpleHistoryAdmin,
):
    """Pages of one kind of row: every change says who and why, can be undone, and never breaks what is public."""

    form: type[ModelForm] = CurationForm
    change_form_template = "admin/curation_change_form.html"
    change_list_template = "admin/curation_change_list.html"
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}}
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they would count every row once for every choice
    actions: Sequence[ListAction] = (delete_selected,)
    # Related rows that the panel does not list, because an inline holds all of them.
    hidden_relations: ClassVar[tuple[str, ...]] = ("former_ids",)
    not_in_sheets: ClassVar[tuple[str, ...]] = ()  # fields of the form that no cell can hold
    rows_saved_together: ClassVar[bool] = True  # by a sheet; False where saving a row does more than is in its columns

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which the list goes out as a sheet and comes back."""
        name, site = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site
        return [
            path("sheet/", site.admin_view(partial(sheet_view, self)), name=f"{name}_sheet"),
            path("sheet/<slug:ending>/", site.admin_view(partial(sheet_file_view, self)), name=f"{name}_sheet_file"),
            *super().get_urls(),
        ]

    # Lists -------------------------------------------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[CurationList]:
        """Return the list that finds few rows among many."""
        return CurationList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, and offer to hand in a sheet to those who may change any of it."""
        may_hand_in = self.has_add_permission(request) or self.has_change_permission(request)
        return super().changelist_view(request, {"may_hand_in": may_hand_in, **(extra_context or {})})

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns; that of the status says which drafts wait for review."""
        return ["shown_status" if name == "status" else name for name in super().get_list_display(request)]

    @admin.display(description=gettext_lazy("status"))
    def shown_status(self, obj: RowT) -> str:
        """Return the status in words."""
        return status_in_words(cast(Publishable, obj))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Return the filters; beside the status, whether a row waits for review."""
        filters: list[Any] = list(super().get_list_filter(request))
        if "status" in filters:
            filters.insert(filters.index("status") + 1, ReviewFilter)
        return filters

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Offer the columns to sort by that an index serves."""
        return sortable_columns(self.model, self.get_list_display(request))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Return whether a list may be narrowed so. Raises IncorrectLookupParameters for what the database could not compare."""
        first = lookup.split("__")[0]
        is_column = first == "pk" or any(field.name == first for field in self.opts.get_fields())
        if is_column and not is_sound_lookup(self.model, lookup, value):
            raise IncorrectLookupParameters(lookup)
        return super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the first values of a form that its address gives, those that can be."""
        return sound_initial(self.model, super().get_changeform_initial_data(request))

    # What is asked on every form ---------------------------------------------------------------------------------------
    def may_change(self, request: HttpRequest, obj: RowT | None) -> bool:
        """Whether this form will be saved, so that a reason is worth asking for."""
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    # Saving ------------------------------------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> RowT | None:
        """Return the row; where it is about to be saved, locked until that is done."""
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        if is_key(object_id):
            list(self.model._base_manager.select_for_update().filter(pk=object_id).values_list("pk"))
        obj = super().get_object(request, object_id, from_field)
        request.before = snapshot([obj]) if obj else []  # type: ignore[attr-defined]
        return obj

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show a refused form again, with the reasons and with everything that was typed."""
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if response.status_code == 302:
                for sentence in getattr(request, "translations_left_behind", ()):
                    self.message_user(request, sentence, messages.WARNING)
            return response
        except ChangeRefused as refused:
            request.refusal_reasons = refused.reasons  # type: ignore[attr-defined]
        except DATABASE_REFUSALS as error:
            request.refusal_reasons = [self.error_message(error)]  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def response_action(  # type: ignore[override]  # the stubs are those of a later Django
        self, request: HttpRequest, queryset: QuerySet[RowT]
    ) -> HttpResponse | None:
        """Run an action on the rows that were selected, or say why the database refused it; then nothing was changed."""
        try:
            with transaction.atomic():
                return super().response_action(request, queryset)
        except DATABASE_REFUSALS as error:
            self.message_user(request, self.error_message(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: RowT, form: ModelForm, change: bool) -> None:
        """Save; the history keeps the reason that the form gives."""
        obj._change_reason = form.cleaned_data.get("change_reason") or None
        describe_change_set(ChangeAction.SAVE, form.cleaned_data.get("change_reason") or "")
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        """Save the rows of an inline with the reason given for the whole form."""
        for row in formset.forms:
            row.instance._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_formset(request, form, formset, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Sequence[BaseFormSet], change: bool
    ) -> None:
        """Save everything else, then refuse it all if a published record would no longer be fit for the public."""
        every = [form, *(one for formset in formsets for one in formset.forms)]
        request.translations_left_behind = left_behind_by(every)  # type: ignore[attr-defined]
        words = words_that_readers_see(form, formsets)
        super().save_related(request, form, formsets, change)
        if words and not form.cleaned_data.get("change_reason"):
            text = _("Readers see these words (%s). Say under “Reason for this change” why they are others now.")
            raise ChangeRefused([text % ", ".join(words)])
        before: Snapshot = getattr(request, "before", [])
        require_unbroken(before)
        require_supported(form.instance)

    def response_add(self, request: HttpRequest, obj: RowT, post_url_continue: str | None = None) -> HttpResponse:
        """Lead on to submit the row for review if the button says so."""
        return self._to_submit(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: RowT) -> HttpResponse:
        """Lead on to submit the row for review if the button says so."""
        return self._to_submit(request, obj) or super().response_change(request, obj)

    def _to_submit(self, request: HttpRequest, obj: RowT) -> HttpResponse | None:
        if "_submit" not in request.POST or "_popup" in request.POST:
            return None
        return HttpResponseRedirect(address_of_submitting(cast(Publishable, obj)))

    # Deleting ----------------------------------------------------------------------------------------------------------
    def deletion_problems(self, rows: QuerySet[RowT]) -> list[str]:
        """Return why these rows may not be deleted, as sentences."""
        return []

    def get_deleted_objects(self, objs: Iterable[RowT], request: HttpRequest) -> DeletedObjects:
        """Return what the pages of deletion show: what goes with the rows and what forbids it, counted and linked."""
        return deletion_summary(self.admin_site, request, self.model, objs)

    def delete_model(self, request: HttpRequest, obj: RowT) -> None:
        """Delete, unless a published record needs the row."""
        with keeping_published_valid([obj]):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Delete, unless a published record needs one of the rows."""
        with keeping_published_valid(queryset):
            super().delete_queryset(request, queryset)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Delete, or lead back to the row with the reason why it stays."""
        rows = self.get_queryset(request).filter(pk=unquote(object_id))
        reasons = self.deletion_problems(rows) if self.has_delete_permission(request) else []
        if not reasons:
            try:
                return super().delete_view(request, object_id, extra_context)
            except (ChangeRefused, *DATABASE_REFUSALS) as error:
                reasons = [self.error_message(error)]
        for reason in reasons:
            self.message_user(request, reason, messages.ERROR)
        return HttpResponseRedirect(self.page_url("change", unquote(object_id)))

    def error_message(self, error: Exception) -> str:
        """Return an error as a sentence for the curator."""
        return sentence_of_refusal(error)

    # History -----------------------------------------------------------------------------------------------------------
    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show or restore an old version, all or nothing, and not if that would break a published record."""
        rows = list(self.model._base_manager.filter(pk=object_id)) if is_key(object_id) else []
        try:
            with keeping_published_valid(rows if request.method == "POST" else []):
                return super().history_form_view(request, object_id, version_id, extra_context)
        except (ChangeRefused, *DATABASE_REFUSALS) as error:
            collides = isinstance(error, IntegrityError) and not isinstance(error, ProtectedError | RestrictedError)
            message = _("This version collides with another row of today.") if collides else self.error_message(error)
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(request.path)

    # Related rows ------------------------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, object],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: RowT | None = None,
    ) -> HttpResponse:
        """Add the panel of rows that belong to this one, counted and linked instead of listed."""
        context["related_rows"] = self.related_rows(request, obj) if obj is not None else []
        context["can_submit"] = self.may_change(request, obj) and can_be_submitted(self.model, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def related_rows(self, request: HttpRequest, obj: RowT) -> list[RelatedRowsLink]:
        """Return the lines of the panel: what refers to this row, counted as far as pages count. One query a relation."""
        lines: list[RelatedRowsLink] = []
        for relation in obj._meta.related_objects:
            model, field = relation.related_model, relation.field
            if issubclass(model, HistoricalChanges) or relation.get_accessor_name() in self.hidden_relations:
                continue
            related_admin = self.admin_site._registry.get(model)
            if related_admin is None or not related_admin.has_view_permission(request):
                continue
            rows = model._base_manager.filter(**{field.name: obj.pk})
            if isinstance(relation, ManyToManyRel) and relation.through:  # the links alone tell how many there are
                rows = relation.through._base_manager.filter(**{relation.field.m2m_reverse_field_name(): obj.pk})
            count, more = count_rows(rows)
            if count <= INLINE_ROWS and any(i.model is model and i.fk_name in (None, field.name) for i in self.inlines):
                continue  # the inline shows them all
            addable = field.editable and model is not self.model and (relation.one_to_many or issubclass(model, Record))
            can_add = addable and related_admin.has_add_permission(request)
            if count or can_add:
                line: RelatedRowsLink = {
                    "label": f"{capfirst(model._meta.verbose_name_plural)}: {field.verbose_name}",
                    "count": count,
                    "more": more,
                    "url": self._model_url(model, "changelist") + f"?{field.name}__id__exact={obj.pk}",
                    "add_url": self._model_url(model, "add") + f"?{field.name}={obj.pk}" if can_add else "",
                }
                lines.append(line)
        return lines

    def page_url(self, page: str, pk: object) -> str:
        """Return the address of an admin page of a row: change, delete, history."""
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])

    @staticmethod
    def _model_url(model: type[Model], page: str) -> str:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")

    def apply_to_each(
        self, request: HttpRequest, queryset: QuerySet[RowT], change: Callable[[RowT], list[str]], summary: str
    ) -> None:
        """Change every row on its own, then tell the curator the outcome.

        `change` takes a row and returns why it could not be changed, as sentences. `summary` is shown with the number of
        rows that were changed as `%(count)s`.
        """
        changed, refused = 0, 0
        for pk in list(queryset.values_list("pk", flat=True)):
            with transaction.atomic():
                row = self.model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
                problems = change(row) if row else [_("Somebody else has just deleted it.")]
            if problems and refused < MOST_MESSAGES:
                text = _("“%(row)s”: %(problems)s") % {"row": row or pk, "problems": " ".join(problems)}
                self.message_user(request, text, messages.WARNING)
            refused += bool(problems)
            changed += not problems
        if refused > MOST_MESSAGES:
            text = _("%(count)s more could not be changed.") % {"count": refused - MOST_MESSAGES}
            self.message_user(request, text, messages.WARNING)
        if changed:
            self.message_user(request, summary % {"count": changed}, messages.SUCCESS)
