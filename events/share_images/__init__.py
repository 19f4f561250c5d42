"""The picture of a statement that other sites show beside a link to it (docs/decisions/043-share-images.md).

`content.py` says what stands on it, `setting.py` breaks texts into lines, `fonts.py` knows how wide they are, `drawing.py` makes
the SVG of a template and the PNG of that.
"""
