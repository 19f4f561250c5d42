"""The common ground of all admin pages of records and facts: reasons, history, refused changes, deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_rows
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import HistoricalChanges

from base.admin.forms import CurationForm
from base.admin.guard import Refused, Snapshot, keeping_published_valid, require_unbroken, snapshot
from base.admin.inlines import SHOWN
from base.admin.lists import CurationList, in_order
from base.admin.searching import FoldedSearch, RelationFields
from base.lists.counting import CappedPaginator, count_rows
from base.records.records import Record


@admin.action(permissions=["delete"], description=gettext_lazy("Delete selected rows"))
def delete_selected(modeladmin: CurationAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Delete as Django does, but say why where it cannot be done."""
    if reasons := modeladmin.why_keep(queryset):
        for reason in reasons:
            modeladmin.message_user(request, reason, messages.ERROR)
        return None
    try:
        with transaction.atomic():
            return delete_rows(modeladmin, request, queryset)
    except (Refused, ProtectedError, RestrictedError) as error:
        modeladmin.message_user(request, modeladmin.in_words(error), messages.ERROR)
        return None


class CurationAdmin(RelationFields, FoldedSearch, SimpleHistoryAdmin):
    """Every change says who and why, may be undone, and never breaks what is public."""

    form: type[ModelForm] = CurationForm
    change_form_template = "admin/curation_change_form.html"
    object_history_list_template = "admin/curation_history_list.html"
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}}
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they would count every row once for every choice
    actions: Any = (delete_selected,)
    # Related rows that the panel does not list, because an inline holds all of them.
    hidden_relations: ClassVar[tuple[str, ...]] = ("former_ids",)

    # Lists -------------------------------------------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CurationList]:
        """Return the list that finds few rows among many."""
        return CurationList

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Offer the columns to sort by that an index serves."""
        return in_order(self.model, self.get_list_display(request))

    # What is asked on every form ---------------------------------------------------------------------------------------
    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; at a second attempt with what the first one was refused for."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", [])
        return form

    def may_change(self, request: HttpRequest, obj: Any) -> bool:
        """Whether this form will be saved, so that a reason is worth asking for."""
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    # Saving ------------------------------------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row; where it is about to be saved, locked until that is done."""
        if request.method != "POST" or not connection.in_atomic_block:
            return super().get_object(request, object_id, from_field)
        if object_id.isdecimal():
            list(self.model._base_manager.select_for_update().filter(pk=object_id).values_list("pk"))
        obj = super().get_object(request, object_id, from_field)
        request.before = snapshot([obj]) if obj else []  # type: ignore[attr-defined]
        return obj

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a refused form again, with the reasons and with everything that was typed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            request.refusal = refused.reasons  # type: ignore[attr-defined]
        except IntegrityError:
            request.refusal = [  # type: ignore[attr-defined]
                _(
                    "Somebody else has just saved something that this collides with. Nothing was saved; look and try again."
                )
            ]
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save with the reason."""
        obj._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        """Save the rows of an inline with the reason given for the whole form."""
        for row in formset.forms:
            row.instance._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Save everything else, then refuse it all if a published record would no longer be fit for the public."""
        super().save_related(request, form, formsets, change)
        before: Snapshot = getattr(request, "before", [])
        require_unbroken(before)

    # Deleting ----------------------------------------------------------------------------------------------------------
    def why_keep(self, rows: QuerySet[Any]) -> list[str]:
        """Return why these rows may not be deleted, as sentences."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, unless a published record needs the row."""
        with keeping_published_valid([obj]):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete, unless a published record needs one of the rows."""
        with keeping_published_valid(queryset):
            super().delete_queryset(request, queryset)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete, or lead back to the row with the reason why it stays."""
        try:
            rows = self.get_queryset(request).filter(pk=int(unquote(object_id)))
            reasons = self.why_keep(rows) if self.has_delete_permission(request) else []
        except ValueError:
            reasons = []
        if not reasons:
            try:
                return super().delete_view(request, object_id, extra_context)
            except (Refused, ProtectedError, RestrictedError) as error:
                reasons = [self.in_words(error)]
        for reason in reasons:
            self.message_user(request, reason, messages.ERROR)
        return HttpResponseRedirect(self.address("change", unquote(object_id)))

    def in_words(self, error: Exception) -> str:
        """Return an error as a sentence for the curator."""
        if isinstance(error, ProtectedError):
            rows = ", ".join(f"“{row}”" for row in list(error.protected_objects)[:5])
            return _("It cannot be deleted because other rows rest on it: %s") % rows
        return str(error)

    # History -----------------------------------------------------------------------------------------------------------
    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or restore an old version, all or nothing, and not if that would break a published record."""
        kept = list(self.model._base_manager.filter(pk=int(args[0]))) if str(args[0]).isdecimal() else []
        try:
            with keeping_published_valid(kept if request.method == "POST" else []):
                return super().history_form_view(request, *args, **kwargs)
        except (Refused, IntegrityError) as error:
            text = str(error) if isinstance(error, Refused) else _("This version collides with another row of today.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.path)

    # Related rows ------------------------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Add the panel of rows that belong to this one, counted and linked instead of listed."""
        context["related_rows"] = self.related_rows(request, obj) if obj is not None else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def related_rows(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        """Return label, number (as far as pages count) and addresses of the rows that refer to this one. One query a relation."""
        found = []
        for relation in obj._meta.related_objects:
            model, field = relation.related_model, relation.field
            if issubclass(model, HistoricalChanges) or relation.get_accessor_name() in self.hidden_relations:
                continue
            related_admin = self.admin_site._registry.get(model)
            if related_admin is None or not related_admin.has_view_permission(request):
                continue
            linking, column = model, field.name
            if relation.many_to_many:  # the links alone tell how many there are
                linking, column = relation.through, field.m2m_reverse_field_name()
            count, more = count_rows(linking._base_manager.filter(**{column: obj.pk}))
            if count <= SHOWN and any(i.model is model and i.fk_name in (None, field.name) for i in self.inlines):
                continue  # the inline shows them all
            addable = field.editable and model is not self.model and (relation.one_to_many or issubclass(model, Record))
            can_add = addable and related_admin.has_add_permission(request)
            if count or can_add:
                row = {
                    "label": f"{capfirst(model._meta.verbose_name_plural)}: {field.verbose_name}",
                    "count": count,
                    "more": more,
                    "url": self._list_of(model) + f"?{field.name}__id__exact={obj.pk}",
                    "add_url": self._list_of(model, "add") + f"?{field.name}={obj.pk}" if can_add else "",
                }
                found.append(row)
        return found

    def address(self, page: str, pk: object) -> str:
        """Return the address of an admin page of a row: change, delete, history."""
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])

    @staticmethod
    def _list_of(model: type[Model], page: str = "changelist") -> str:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")

    def each_row(
        self, request: HttpRequest, queryset: QuerySet[Any], work: Callable[[Any], list[str]], done: str
    ) -> None:
        """Do something to every row on its own; say how many went well, and for each other row why not."""
        good = 0
        for pk in queryset.values_list("pk", flat=True):
            with transaction.atomic():
                obj = self.model._base_manager.select_for_update(of=("self",)).get(pk=pk)
                problems = work(obj)
            if problems:
                text = _("“%(row)s”: %(problems)s") % {"row": obj, "problems": " ".join(problems)}
                self.message_user(request, text, messages.WARNING)
            good += not problems
        if good:
            self.message_user(request, done % {"count": good}, messages.SUCCESS)
