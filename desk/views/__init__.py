"""The pages of the desk; `desk/urls.py` has their addresses."""
