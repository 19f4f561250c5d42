"""The network: who is linked to whom, as a picture and as a list.

What links records are facts (`ties`) and statements (`spoken`); both become `edges` of a `graph`. It is drawn for several widths
(`pictures`, with `labels` and `layout`) and told in lists (`sections`).
"""
