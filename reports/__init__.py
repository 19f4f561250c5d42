"""Reports: readers say that something on record is wrong, and everybody can see what became of it."""
