"""What of a document is answered: `fields` chooses members, `expand` shows references in full, `lang` the reader's language."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.request import Request

from base.api.errors import SHOWN, Fault, InvalidParameters
from base.documents.base import Shape
from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, plan_of
from base.records.publishing import Publishable
from base.sql.prepared import Row
from base.text.language_tags import LONGEST_TAG, standard_case, validate_language
from base.text.numbers import parse_digits
from base.text.suggestions import did_you_mean, nearest

Query = QueryDict | Mapping[str, str]

NAMES = ("fields", "expand", "lang")
MOST_NAMES, LONGEST = 100, 2000
MOST_ROWS_EXPANDED = 100


class RequestedShape:
    """What a client asks a document to be: its members, its references in full, its language. Raises InvalidParameters."""

    def __init__(self, shape: type[Shape], model: type[Publishable], query: Query, headers: Mapping[str, str]) -> None:
        faults: list[Fault] = []
        self.expand = _names(query, "expand", expandable(shape, model), faults)
        self.fields = _names(query, "fields", selectable(shape, model, self.expand), faults)
        self.language = _language(query, headers, faults)
        size = parse_digits(str(query.get("page_size", ""))[:9])
        if self.expand and size is not None and size > MOST_ROWS_EXPANDED:
            faults.append(Fault("page_size", f"With “expand”, a page has at most {MOST_ROWS_EXPANDED} rows."))
        if faults:
            raise InvalidParameters(faults)
        self.plan: FetchPlan = plan_of(shape, model, self.fields, self.expand)

    def documents(self, rows: list[Row], request: Request) -> list[Document]:
        """Return the documents of rows that begin with the columns of the plan. Raises TooManyNested."""
        return Loader(request.build_absolute_uri, self.language, bounded=True).documents(self.plan, rows)


def _names(query: Query, name: str, allowed: tuple[str, ...], faults: list[Fault]) -> frozenset[str]:
    given = str(query.get(name, ""))
    if name not in query:
        return frozenset()
    wanted = given.split(",")
    if len(given) > LONGEST or len(wanted) > MOST_NAMES:
        faults.append(Fault(name, f"At most {MOST_NAMES} names, in {LONGEST} characters."))
        return frozenset()
    for path in wanted:
        if path not in allowed:
            near = nearest(path, allowed)
            shown = [whole for whole in allowed if "." not in whole] if name == "fields" else list(allowed)
            detail = f"“{path[:SHOWN]}” cannot be named here{did_you_mean(near)}"
            faults.append(Fault(name, detail, shown, near))
            return frozenset()
    # A member that is asked for as a whole is given whole, even if a part of it is named too.
    if name == "fields":
        wanted = [path for path in wanted if not any(path.startswith(f"{whole}.") for whole in wanted)]
    return frozenset(wanted)


def _language(query: Query, headers: Mapping[str, str], faults: list[Fault]) -> str | None:
    if "lang" in query:
        given = str(query["lang"])
        if len(given) <= LONGEST_TAG:
            given = standard_case(given)
        try:
            validate_language(given)
        except ValidationError:
            faults.append(Fault("lang", f"“{given[:SHOWN]}” is no BCP 47 tag such as th, vi or en."))
            return None
        return given
    accepted = parse_accept_lang_header(headers.get("accept-language", "")[:200])
    return next((code for code, _weight in accepted if code != "*"), None)


def members(plan: FetchPlan) -> Iterable[str]:
    """Return the dotted names of all members, with those of their parts."""
    for name in plan.members:
        yield name
        if name in plan.parts:
            yield from (f"{name}.{below}" for below in members(plan.parts[name]))


def references(plan: FetchPlan) -> Iterable[str]:
    """Return the dotted names of the references that can be shown in full. The sources of passages cannot."""
    nested = [many.plan for many in plan.many.values()]
    for name in plan.members:
        if name in plan.refers:
            yield name
        elif plan.parts.get(name) in nested:
            yield from (f"{name}.{below}" for below in references(plan.parts[name]))


@functools.cache
def expandable(shape: type[Shape], model: type[Publishable]) -> tuple[str, ...]:
    """Return the names that `expand` takes for this shape."""
    return tuple(references(plan_of(shape, model, frozenset(), frozenset())))


@functools.lru_cache(maxsize=128)
def selectable(shape: type[Shape], model: type[Publishable], expand: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the names that `fields` takes for this shape, with these references in full."""
    return tuple(members(plan_of(shape, model, frozenset(), expand)))
