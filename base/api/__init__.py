"""API: base classes of the JSON API. Parameters, shaping, pages, conditional answers, errors, OpenAPI, export and change feed.

To import: `views` (base classes), `errors` (Fault, InvalidParameters, problem), `answers` (documents as the API gives them),
`changes`, `redirects` and `export` (their addresses). Inside: `conditional`, `counts`, `cursor_pages`, `filter_schemas`, `openapi`,
`pagination`, `parameters`, `shaping`.

It may know lists and all below, and neither pages nor the admin.
"""
