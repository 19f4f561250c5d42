"""What happened and what was said: events, who took part, statements and their wordings."""

from .events import Event, EventDescription, EventFormerId, EventName, EventPart
from .figures import KeptFigure
from .wordings import Wording

# isort: split
# Models are registered as they are imported, and the admin lists relations in that order: wordings before links.
from .links import EventInitiative, EventOrganization, Participation
from .list_index import StatementIndexEntry
from .relations import StatementRelation
from .statement_files import StatementFile
from .statements import Statement, StatementFormerId

__all__ = [
    "Event",
    "EventDescription",
    "EventFormerId",
    "EventInitiative",
    "EventName",
    "EventOrganization",
    "EventPart",
    "KeptFigure",
    "Participation",
    "Statement",
    "StatementFile",
    "StatementFormerId",
    "StatementIndexEntry",
    "StatementRelation",
    "Wording",
]
