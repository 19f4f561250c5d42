"""Records: what every person, event or statement has in common. Publishing, public ids and former ones, names, evidence, history.

To import: `publishing` (Publishable, Status: what is public), `records` (Record), `names` (NamedRecord, Name), `resolution`
(FormerId, Moved, Gone: where a public id leads), `provenance` (Cited, Fact, Certainty), `descriptions`, `history`, `kinds` (the
models of all records), `texts` (CheckedTexts: what texts may hold), `labels` (records that are only named), `merging`,
`successors` (where mergers lead), `doubt` (the words for certainty), `permanent_ids` (identities for feeds and calendars).
`signals` connects itself, `fixture_json` is the format of fixtures. `change_reasons`: why the site itself changed a row.

It may know sql and text. Which model is cited as evidence is a setting, PASSAGE_MODEL.
"""
