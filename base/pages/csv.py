"""The address of a list as CSV, which leads to the CSV of the API."""

from __future__ import annotations

import django_filters
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.views import View

from base.lists.filterset import BaseFilterSet


class CsvRedirect(View):
    """Leads to the CSV of the API, with the filters of the list.

    What a page would not look at is left out, for the API would refuse it.
    """

    filterset_class: type[BaseFilterSet] = BaseFilterSet

    def get(self, request: HttpRequest) -> HttpResponsePermanentRedirect:
        """Return the address of the file."""
        filters = self.filterset_class.base_filters
        query = QueryDict(mutable=True)
        for name, text in request.GET.items():  # of a parameter that is given twice, a page takes the last
            if name in filters and (value := as_api_takes(filters[name], str(text))):
                query[name] = value
        address = reverse(f"api:{self.filterset_class._meta.model.kind}-csv")
        return HttpResponsePermanentRedirect(f"{address}?{query.urlencode()}" if query else address)


def as_api_takes(field: django_filters.Filter, text: str) -> str:
    """Return a value in the spelling that the API asks for, if a page would understand it; else as it is, to be refused by name."""
    if isinstance(field, django_filters.DateFilter):
        try:
            day = field.field.clean(text)
        except ValidationError:
            return text
        return day.isoformat() if day else ""
    if isinstance(field, django_filters.OrderingFilter):
        return ",".join(filter(None, text.split(",")))
    return text
