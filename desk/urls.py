"""The addresses of the desk, inside the admin site.

Below `desk/` stand the ids of sources and nothing else, for a source may have any id: “new”, “token”. What is about no source on
record stands below `intake/` and `lookups/`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views import View

from base.admin import in_change_set
from base.records.change_sets import ChangeAction
from desk.cards.citing import CiteView
from desk.cards.views import CardDraftView, CardView
from desk.new_text.views import NewTextView
from desk.reading.views import MarksView, ParagraphView, ReadingView, RecordView, RoleView, TextView, TokenView
from desk.suggestions import SuggestionsView
from desk.views.doubles import DoublesView
from desk.views.doubts import DoubtsView
from desk.views.guide import GuideFileView, GuideView
from desk.views.intake import CutView, NewArticleView
from desk.views.proposals import ProposalsNumberView, ProposalsView
from desk.views.publishing import PublishView


def urls_of(site: AdminSite) -> list[URLPattern]:
    """Return the pages of the desk, each behind the admin's sign-in (`site.admin_view`)."""

    def of_curators(view: type[View]) -> Callable[..., HttpResponseBase]:
        return site.admin_view(in_change_set(view.as_view(site=site), ChangeAction.DESK))

    return [
        path("doubts/", of_curators(DoubtsView), name="desk_doubts"),
        path("guide/", of_curators(GuideView), name="desk_guide"),
        path("guide/pictures/<str:name>", of_curators(GuideFileView), name="desk_guide_file"),
        path("intake/", of_curators(NewArticleView), name="desk_new"),
        path("intake/<slug:key>/", of_curators(CutView), name="desk_cut"),
        path("lookups/suggestions/", of_curators(SuggestionsView), name="desk_suggestions"),
        path("lookups/doubles/", of_curators(DoublesView), name="desk_doubles"),
        path("lookups/record/", of_curators(RecordView), name="desk_record"),
        path("lookups/token/", of_curators(TokenView), name="desk_token"),
        path("desk/<slug:slug>/", of_curators(ReadingView), name="desk_read"),
        path("desk/<slug:slug>/text/", of_curators(TextView), name="desk_text"),
        path("desk/<slug:slug>/marks/", of_curators(MarksView), name="desk_marks"),
        path("desk/<slug:slug>/paragraphs/<int:number>/", of_curators(ParagraphView), name="desk_paragraph"),
        path("desk/<slug:slug>/roles/", of_curators(RoleView), name="desk_role"),
        path("desk/<slug:slug>/cards/cite/", of_curators(CiteView), name="desk_cite"),
        path("desk/<slug:slug>/cards/<slug:kind>/", of_curators(CardView), name="desk_card"),
        path("desk/<slug:slug>/proposals/", of_curators(ProposalsView), name="desk_proposals"),
        path("desk/<slug:slug>/proposals/number/", of_curators(ProposalsNumberView), name="desk_proposals_number"),
        path("desk/<slug:slug>/publish/", of_curators(PublishView), name="desk_publish"),
        path("desk/<slug:slug>/new-text/", of_curators(NewTextView), name="desk_new_text"),
        path("desk/<slug:slug>/drafts/", of_curators(CardDraftView), name="desk_card_draft"),
    ]
