"""The pages of sources, people, organizations, initiatives and topics."""

from .initiatives import InitiativeDetail, InitiativeList
from .organizations import OrganizationDetail, OrganizationList
from .people import PersonDetail, PersonList
from .sources import SourceDetail, SourceList
from .topics import TopicDetail, TopicList

__all__ = [
    "InitiativeDetail",
    "InitiativeList",
    "OrganizationDetail",
    "OrganizationList",
    "PersonDetail",
    "PersonList",
    "SourceDetail",
    "SourceList",
    "TopicDetail",
    "TopicList",
]
