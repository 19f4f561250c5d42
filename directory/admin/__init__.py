"""The admin of the directory: who and what, sources and passages."""

from . import initiatives, links, organizations, passages, people, sources, topics

__all__ = ["initiatives", "links", "organizations", "passages", "people", "sources", "topics"]
