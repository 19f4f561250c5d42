"""The serializers of the API of people, organizations, initiatives, sources and topics."""

from .initiatives import InitiativeSerializer
from .organizations import OrganizationPersonSerializer, OrganizationSerializer, positions
from .people import PersonSerializer
from .sources import SourceSerializer
from .topics import TopicSerializer

__all__ = [
    "InitiativeSerializer",
    "OrganizationPersonSerializer",
    "OrganizationSerializer",
    "PersonSerializer",
    "SourceSerializer",
    "TopicSerializer",
    "positions",
]
