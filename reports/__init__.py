"""Reports of problems: readers report what is wrong with a record, and anybody can follow what became of a report."""
