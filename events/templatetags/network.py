"""What the page of the network shows of its records."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directory.templatetags.record import lang_span, name
from events.network.graph import Node

register = template.Library()


@register.simple_tag
def node_link(node: Node) -> SafeString:
    """Show the short name of a record, or its name, as a link to its page; the whole name is its title."""
    url, (label, language) = node.record.get_absolute_url(), node.label
    if label == node.name:
        return format_html('<a href="{}">{}</a>', url, name(node.record))
    return format_html('<a href="{}" title="{}">{}</a>', url, node.name, lang_span(label, language))
