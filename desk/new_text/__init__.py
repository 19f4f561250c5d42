"""A newer version of a stored text: what differs, where each passage stands now, and taking the text over with a decision for each.

`differences.py` compares two texts, `moves.py` finds the passages again, `taking.py` writes, `views.py` is the page.
"""
