"""The home page, search, and the pages of events and statements."""

from .data import Data, Quality
from .events import EventDetail, EventList
from .formats import OEmbed, StatementFormat
from .home import Home
from .network import NetworkPage
from .search import Search, SearchSuggestions
from .statements import StatementDetail, StatementList

__all__ = [
    "Data",
    "EventDetail",
    "EventList",
    "Home",
    "NetworkPage",
    "OEmbed",
    "Quality",
    "Search",
    "SearchSuggestions",
    "StatementDetail",
    "StatementFormat",
    "StatementList",
]
