"""The reading view: the text of a source with what is on record marked in it, and what was made of each paragraph."""
