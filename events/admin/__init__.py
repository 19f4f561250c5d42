"""The admin of events: what happened and what was said."""

from . import events, links, statements

__all__ = ["events", "links", "statements"]
