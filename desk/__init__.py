"""The desk: where curators turn an article into proven records, inside the admin site."""
