"""Models of sources and passages, people, organizations, initiatives, topics, and the links between them."""

from .initiatives import (
    Initiative,
    InitiativeDescription,
    InitiativeFormerId,
    InitiativeName,
    InitiativeOrganization,
    InitiativePart,
)
from .links import Affiliation, OrganizationLink
from .organizations import Organization, OrganizationFormerId, OrganizationName
from .people import Person, PersonFormerId, PersonName
from .sources import Passage, Source, SourceFormerId
from .topics import Topic, TopicFormerId, TopicName

__all__ = [
    "Affiliation",
    "Initiative",
    "InitiativeDescription",
    "InitiativeFormerId",
    "InitiativeName",
    "InitiativeOrganization",
    "InitiativePart",
    "Organization",
    "OrganizationFormerId",
    "OrganizationLink",
    "OrganizationName",
    "Passage",
    "Person",
    "PersonFormerId",
    "PersonName",
    "Source",
    "SourceFormerId",
    "Topic",
    "TopicFormerId",
    "TopicName",
]
