"""Sentences of Django that readers meet and that its Thai or Vietnamese catalogue lacks or words badly.

They stand here so that `makemessages` puts them into our catalogues, which come before Django's.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

OVERRIDDEN = (
    _("English"),
    _("Thai"),
    _("Vietnamese"),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Enter a valid date."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid value."),
    _("This field is required."),
    _("Null characters are not allowed."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
