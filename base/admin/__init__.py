"""Base classes of the admin, on which `directory.admin` and `events.admin` build.

To import: the names in this module. All modules are inside. It may know lists and all below, and neither pages nor the API.
"""

from base.admin.addresses import View, with_sound_address
from base.admin.facts import EvidenceFilter, FactAdmin, NameAdmin
from base.admin.fieldsets import CHANGE_FIELDSET, EVIDENCE_HELP, Fieldset
from base.admin.forms import (
    CitedRecordForm,
    CleanedData,
    CurationForm,
    EditorsFactForm,
    EditorsFactPageForm,
    RecordForm,
)
from base.admin.guard import ChangeRefused, citing_rows
from base.admin.inlines import BoundedFormSet, FactInline, Inline, NameInline, StackedFactInline
from base.admin.pages import CurationAdmin
from base.admin.records import NamedRecordAdmin, RecordAdmin
from base.admin.searching import WordMatch

__all__ = [
    "CHANGE_FIELDSET",
    "EVIDENCE_HELP",
    "BoundedFormSet",
    "ChangeRefused",
    "CitedRecordForm",
    "CleanedData",
    "CurationAdmin",
    "CurationForm",
    "EditorsFactForm",
    "EditorsFactPageForm",
    "EvidenceFilter",
    "FactAdmin",
    "FactInline",
    "Fieldset",
    "Inline",
    "NameAdmin",
    "NameInline",
    "NamedRecordAdmin",
    "RecordAdmin",
    "RecordForm",
    "StackedFactInline",
    "View",
    "WordMatch",
    "citing_rows",
    "with_sound_address",
]
