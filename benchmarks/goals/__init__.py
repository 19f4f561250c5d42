"""One module a goal of speed. Each has `measure`, which yields figures; what it needs to know of the product stands there."""

from types import ModuleType

from . import bulk, facets, lists, not_modified, pages, queries, replica, search, serving, the_page, uniting

# By the number of the goal.
GOALS: dict[int, ModuleType] = {
    1: lists,
    2: serving,
    3: the_page,
    4: not_modified,
    5: queries,
    6: search,
    7: facets,
    8: bulk,
    9: replica,
    10: pages,
    11: uniting,
}
