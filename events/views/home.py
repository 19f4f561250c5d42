"""The home page: what the site answers, what is in it, and the newest statements."""

from typing import Any

from django.db.models import Count
from django.views.generic import TemplateView

from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement


class Home(TemplateView):
    """The front door."""

    template_name = "pages/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count what is public and load what is new."""
        statements = Statement.objects.published()
        kinds: list[Any] = [Event, Person, Organization, Initiative, Statement, Source]
        return super().get_context_data(
            counts=[(kind, kind.objects.published().count()) for kind in kinds],
            statements=statements.for_cards()[:6],
            topics=Topic.objects.most_used(statements),
            initiatives=Initiative.objects.published()
            .filter(statements__in=statements.order_by().values("pk"))
            .annotate(uses=Count("statements"))
            .order_by("-uses", "sort_key", "slug")[:8],
            **kwargs,
        )
