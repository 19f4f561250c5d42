"""Bases of the admin. They know no concrete model; `directory.admin` and `events.admin` build on them."""

from .facts import EVIDENCE_HELP, EvidenceFilter, FactAdmin, NameAdmin
from .forms import CitedRecordForm, CurationForm, EditorsFactForm, EditorsFactPageForm, RecordForm
from .guard import Refused, citing_rows
from .inlines import BoundedFormSet, FactInline, Inline, NameInline, StackedFactInline
from .pages import CurationAdmin
from .records import NamedRecordAdmin, RecordAdmin
from .searching import Way

__all__ = [
    "EVIDENCE_HELP",
    "BoundedFormSet",
    "CitedRecordForm",
    "CurationAdmin",
    "CurationForm",
    "EditorsFactForm",
    "EditorsFactPageForm",
    "EvidenceFilter",
    "FactAdmin",
    "FactInline",
    "Inline",
    "NameAdmin",
    "NameInline",
    "NamedRecordAdmin",
    "RecordAdmin",
    "RecordForm",
    "Refused",
    "StackedFactInline",
    "Way",
    "citing_rows",
]
