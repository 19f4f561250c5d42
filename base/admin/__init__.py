"""Bases of the admin. They know no concrete model; `directory.admin` and `events.admin` build on them."""

from base.admin.facts import EVIDENCE_HELP, EvidenceFilter, FactAdmin, NameAdmin
from base.admin.forms import CitedRecordForm, CurationForm, EditorsFactForm, EditorsFactPageForm, RecordForm
from base.admin.guard import Refused, citing_rows
from base.admin.inlines import BoundedFormSet, FactInline, Inline, NameInline, StackedFactInline
from base.admin.pages import CurationAdmin
from base.admin.records import NamedRecordAdmin, RecordAdmin
from base.admin.searching import Way

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
