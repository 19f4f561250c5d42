"""The home page, search, and the pages of events and statements."""

from .events import EventDetail, EventList
from .forms import OEmbed, StatementForm
from .home import Home
from .search import Search
from .statements import StatementDetail, StatementList

__all__ = ["EventDetail", "EventList", "Home", "OEmbed", "Search", "StatementDetail", "StatementForm", "StatementList"]
