"""Sheets: a list of the admin out as CSV or XLSX, changed in a spreadsheet, and in again, all or nothing.

`cells` says which columns a list has and what its cells hold, `writing` makes the files, `reading` takes them apart, `forms` puts
every row through the form of its own admin page, `importing` does so with all rows of a sheet, and `views` has the pages.
"""
