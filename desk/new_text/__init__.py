"""A newer version of a stored text: what differs, where each passage stands now, and taking the text over with a decision for each.

`places.py` finds places of the old text in the newer one, `moves.py` the passages, `taking.py` writes, `views.py` is the page.
"""
