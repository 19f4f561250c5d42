"""The passages that a row cites, such as `film-workshop ¶21 5051-5081` and a SHA-256."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .cells import RowCells
from .format import PASSAGE, SEPARATOR
from .references import References
from .statement import PassageReference


def cited_passages(cells: RowCells, references: References) -> list[PassageReference]:
    """Return the passages that a row cites, each once; note those that cannot be used."""
    cell = cells.values.get("passages")
    if cell is None:
        return []
    cited: dict[tuple[object, ...], PassageReference] = {}
    for part in cell.split(SEPARATOR):
        value = part.strip()
        match = PASSAGE.fullmatch(value)
        if match is None:
            cells.add_problem("passages", _("This names no passage."), value=value)
            continue
        slug, paragraph, start, end, digest = match.groups("")
        source = cells.key_of("passages", slug, references.sources)
        if source is None:
            continue
        passage = PassageReference(
            cell=value,
            source=source,
            slug=slug,
            paragraph=int(paragraph),
            start=int(start) if start else None,
            end=int(end) if start else None,
            sha256=digest.lower(),
        )
        if start and not references.paragraphs.holds(source, passage.paragraph, int(start), int(end)):
            _add_misplaced(passage, cells, references)
        cited[source, int(paragraph), start, end] = passage
    return list(cited.values())


def _add_misplaced(passage: PassageReference, cells: RowCells, references: References) -> None:
    """Note that a span does not lie in its paragraph, and say where it lies."""
    start, end = passage.span[1:]
    place = references.paragraphs.paragraph_of(passage.source, start, end)
    wrong = _("Paragraph %(paragraph)s of this source does not hold all of %(span)s.") % {
        "paragraph": passage.paragraph,
        "span": f"{start}-{end}",
    }
    right = _("¶%s, which does") % place if place else _("a span within one paragraph of the source")
    cells.add_problem("passages", wrong, right, passage.cell)
