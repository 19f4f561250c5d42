"""The home page, search, and the pages of events and statements."""

from .data import DataPage, QualityPage
from .events import EventDetail, EventList
from .formats import OEmbed, StatementFormat
from .home import HomePage
from .network import NetworkPage
from .search import Search, SearchSuggestions
from .statements import StatementDetail, StatementList

__all__ = [
    "DataPage",
    "EventDetail",
    "EventList",
    "HomePage",
    "NetworkPage",
    "OEmbed",
    "QualityPage",
    "Search",
    "SearchSuggestions",
    "StatementDetail",
    "StatementFormat",
    "StatementList",
]
