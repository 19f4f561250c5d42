"""Base classes of the admin, on which `directory.admin` and `events.admin` build.

To import: the names in this module. All modules are inside. It may know lists and all below, and neither pages nor the API.
"""

from base.admin.addresses import View, with_sound_address
from base.admin.change_sets import in_change_set
from base.admin.conflict_pages import StaleFormAdmin
from base.admin.facts import EvidenceFilter, FactAdmin, NameAdmin
from base.admin.fieldsets import CHANGE_FIELDSET, EVIDENCE_HELP, Fieldset
from base.admin.form_drafts import form_draft_view
from base.admin.forms import (
    CitedRecordForm,
    CleanedData,
    CurationForm,
    EditorsFactForm,
    EditorsFactPageForm,
    RecordForm,
    next_position,
)
from base.admin.guard import (
    ChangeRefused,
    citing_counts,
    citing_rows,
    keeping_published_valid,
    require_supported,
)
from base.admin.held_forms import SESSION_KEY_OF_FORM, HeldForm, take_held_form
from base.admin.inlines import BoundedFormSet, FactInline, Inline, NameInline
from base.admin.pages import CurationAdmin
from base.admin.publishing import obstacles_of, publish, publish_what_is_ready
from base.admin.records import NamedRecordAdmin, RecordAdmin
from base.admin.refusals import DATABASE_REFUSALS, sentence_of_refusal
from base.admin.reverting import change_set_page
from base.admin.review_state import address_of_submitting, mark_rows_in_review, status_in_words
from base.admin.rights import RightsMixin, is_public, may
from base.admin.searching import RowsField, RowsSelect, WordMatch
from base.admin.signals import merger_asked, publication_asked, publication_questions, record_form_saved
from base.admin.stale_forms import StaleRowForm
from base.admin.translations import HasTranslationFields, language_choices

__all__ = [
    "CHANGE_FIELDSET",
    "DATABASE_REFUSALS",
    "EVIDENCE_HELP",
    "SESSION_KEY_OF_FORM",
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
    "HasTranslationFields",
    "HeldForm",
    "Inline",
    "NameAdmin",
    "NameInline",
    "NamedRecordAdmin",
    "RecordAdmin",
    "RecordForm",
    "RightsMixin",
    "RowsField",
    "RowsSelect",
    "StaleFormAdmin",
    "StaleRowForm",
    "View",
    "WordMatch",
    "address_of_submitting",
    "change_set_page",
    "citing_counts",
    "citing_rows",
    "form_draft_view",
    "in_change_set",
    "is_public",
    "keeping_published_valid",
    "language_choices",
    "mark_rows_in_review",
    "may",
    "merger_asked",
    "next_position",
    "obstacles_of",
    "publication_asked",
    "publication_questions",
    "publish",
    "publish_what_is_ready",
    "record_form_saved",
    "require_supported",
    "sentence_of_refusal",
    "status_in_words",
    "take_held_form",
    "with_sound_address",
]
