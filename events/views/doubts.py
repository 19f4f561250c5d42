"""The page of doubts: competing readings side by side, and what was concluded rather than read."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from base.changes.cache import cached_for
from base.lists.counting import MOST_COUNTED
from base.lists.paging import paged_rows
from base.pages.conditional import ConditionalPage
from base.pages.evidence import Evidence
from base.pages.lines import RowLine
from base.records.provenance import Certainty
from base.records.publishing import published
from base.text.numbers import parse_digits
from events.cards import PLAN, cards
from events.competing_readings import ConflictRows, groups_of
from events.filters import StatementFilter
from events.models import Statement
from events.quality import CHECKS, Figure, QualityRows, figures

ROWS_OF_PAGE = 30
MOST_INFERRED = 12  # statements on the first page; the list of statements has all
DOUBTS = (Certainty.DISPUTED, Certainty.REJECTED, Certainty.INFERRED)


class DoubtsPage(ConditionalPage, TemplateView):
    """Everything on record that is not simply stated: readings that compete, then what was inferred, and why."""

    template_name = "doubts/doubts.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Load one page of the disputed and rejected rows with what stands beside them. Raises Http404 for a page too far."""
        counted: dict[str, Figure] = cached_for(self.request, "doubts", doubt_figures)
        conflicts = ConflictRows(
            *(QualityRows(CHECKS[key], counted[key]) for key in (Certainty.DISPUTED, Certainty.REJECTED))
        )
        pages: Paginator[RowLine] = Paginator(cast(Any, conflicts), ROWS_OF_PAGE)  # whatever has count() and slices
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This list has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        groups = groups_of(page.object_list)
        read = [reading.line.row for group in groups for reading in group.readings]
        return super().get_context_data(
            groups=groups,
            evidence=Evidence().add(read),
            inferred=inferred_statements() if number == 1 else [],
            figures=[counted[key] for key in DOUBTS],
            unknown=any(figure.count is None for figure in counted.values()),
            counted_at=min((figure.counted_at for figure in counted.values() if figure.counted_at), default=None),
            kinds=kinds_in_doubt(list(counted.values())),
            most=MOST_COUNTED,
            page_obj=page,
            **kwargs,
        )


def doubt_figures() -> dict[str, Figure]:
    """Return how many rows are disputed, rejected and inferred, by these words."""
    return {figure.check.key: figure for figure in figures(DOUBTS)}


def inferred_statements() -> list[dict[str, Any]]:
    """Return the cards of the first statements whose speaker or words were inferred. Six queries."""
    filters = StatementFilter(QueryDict("certainty=inferred"), queryset=published(Statement))
    return cards(paged_rows(filters).read_from(PLAN, 0, MOST_INFERRED))


def kinds_in_doubt(counted: list[Figure]) -> list[tuple[str, int]]:
    """Return (kind of row, how many of it are in doubt) of the kinds of which some are."""
    numbers: dict[str, int] = {}
    for figure in counted:
        for part in figure.parts:
            if part.count:
                name = str(capfirst(part.model._meta.verbose_name_plural))
                numbers[name] = numbers.get(name, 0) + part.count
    return list(numbers.items())
