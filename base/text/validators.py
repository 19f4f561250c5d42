"""Checks of single values that several models share."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_sha256 = RegexValidator(r"^[0-9a-f]{64}\Z", _("A SHA-256 is 64 hexadecimal digits in lower case."))
validate_wikidata = RegexValidator(r"^Q[1-9][0-9]*\Z", _("A Wikidata id looks like Q42."))
