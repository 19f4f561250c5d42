"""Records called nearly as a name that is typed, and the answers of curators: the same, or not the same."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from base.admin import may
from base.records.names import NamedRecord
from base.text.numbers import parse_digits
from desk.doubles import LONGEST_NAME, NAMED_KINDS, doubles_of, possible_doubles
from desk.models import DifferentRecords

ANSWERS = ("different", "undo")
MOST_DIGITS = 18  # of a key that both databases take


class DoublesView(View):
    """The line “3 are called nearly so” below a name, and a page of its own for whoever has no script.

    GET `kind`, with `name` for a name that is typed, or `record`, the key of a record, for all its names; `except` leaves out a
    record. POST `kind`, `record`, `other` and `answer`: `different` remembers that the two are not the same, `undo` takes it back.
    A script asks with the header HX-Request and gets the line alone.
    """

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer; what was asked wrongly is told in a sentence."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except BadRequest as error:
            response = HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is called nearly so."""
        model = self._model(request.GET, "view")
        name, record = request.GET.get("name", ""), self._record(request.GET, "record", model)
        if len(name) > LONGEST_NAME:
            raise BadRequest(
                _("A name has at most %(most)s characters; this one has %(count)s.")
                % {"most": LONGEST_NAME, "count": len(name)}
            )
        if not name and record is None:
            raise BadRequest(_("Give the parameter “name”, or the key of a record as “record”."))
        return self._answer(model, name, record)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember an answer, or take it back."""
        model = self._model(request.POST, "change")
        record, other = (self._record(request.POST, name, model) for name in ("record", "other"))
        answer = request.POST.get("answer", "")
        if record is None or other is None or record.pk == other.pk:
            raise BadRequest(_("Name two different records, as “record” and “other”."))
        if answer not in ANSWERS:
            raise BadRequest(_("“answer” is one of: %s.") % ", ".join(ANSWERS))
        if answer == "different":
            DifferentRecords.note(record, other, request.user)
            text = _("Remembered: “%(record)s” (%(id)s) and “%(other)s” (%(other_id)s) are not the same.")
        else:
            DifferentRecords.forget(record, other)
            text = _("Taken back: “%(record)s” (%(id)s) and “%(other)s” (%(other_id)s) may be the same.")
        if "HX-Request" in request.headers:
            return self._answer(model, "", record)
        values = {"record": record, "id": record.slug, "other": other, "other_id": other.slug}
        messages.success(request, text % values)
        return HttpResponseRedirect(f"{request.path}?{urlencode({'kind': model.kind, 'record': record.pk})}")

    def _answer(self, model: type[NamedRecord], name: str, record: NamedRecord | None) -> HttpResponse:
        request, opts = self.request, model._meta
        if name:
            known = {record.pk, *DifferentRecords.objects.keys_for(record)} if record is not None else set()
            doubles = possible_doubles(model, name, except_for=known)
        else:
            doubles = doubles_of(record) if record is not None else []
        others = DifferentRecords.objects.keys_for(record) if record is not None and not name else set()
        context = {
            "kind": model.kind,
            "name": name or str(record),
            "record": record,
            "doubles": doubles,
            "others": model._base_manager.filter(pk__in=others).order_by("sort_key", "slug")[:50],
            "change_url": f"admin:{opts.app_label}_{opts.model_name}_change",
            "list_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
            "may_merge": record is not None and may(request.user, "merge", model),
            "may_answer": may(request.user, "change", model),
        }
        if "HX-Request" in request.headers:
            return TemplateResponse(request, "desk/_doubles.html", context)
        frame = {**self.site.each_context(request), "title": _("Called nearly so"), "opts": opts}
        return TemplateResponse(request, "desk/doubles.html", {**frame, **context})

    def _model(self, data: QueryDict, right: str) -> type[NamedRecord]:
        """Return the kind that is asked for. Raises BadRequest for another, PermissionDenied without the right."""
        model = NAMED_KINDS.get(data.get("kind", ""))
        if model is None:
            raise BadRequest(_("“kind” is one of: %s.") % ", ".join(NAMED_KINDS))
        if not may(self.request.user, right, model):
            raise PermissionDenied
        return model

    def _record(self, data: QueryDict, name: str, model: type[NamedRecord]) -> NamedRecord | None:
        """Return the record whose key is given; None if none is. Raises BadRequest for what is no key, Http404 for no record."""
        key = data.get(name, "")
        if not key:
            return None
        if parse_digits(key, MOST_DIGITS) is None:
            raise BadRequest(_("“%s” is the key of a record, a whole number.") % name)
        record = model._base_manager.filter(pk=key).first()
        if record is None:
            raise Http404(_("There is no such record any more."))
        return record
