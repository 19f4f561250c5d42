"""The list of 50 statements in SQL, as the bare program and Datasette ask for it.

The same rows, in the same order, with the same columns as the product's list; what is not public is left out as there. The
driver compares the answers before it measures.
"""

# Every record that a statement points at has to be public too.
PUBLIC = """s.status = 'published'
  AND (s.speaker_id IS NULL OR p.status = 'published')
  AND (s.speaker_organization_id IS NULL OR so.status = 'published')
  AND (s.on_behalf_of_id IS NULL OR b.status = 'published')
  AND (s.event_id IS NULL OR e.status = 'published')"""
JOINS = """LEFT JOIN directory_person p ON p.id = s.speaker_id
  LEFT JOIN directory_organization so ON so.id = s.speaker_organization_id
  LEFT JOIN directory_organization b ON b.id = s.on_behalf_of_id
  LEFT JOIN events_event e ON e.id = s.event_id"""
ORDER = "s.sort_date DESC, s.position, s.id"
SPEAKER = "s.speaker_id = (SELECT id FROM directory_person WHERE slug = {slug} AND status = 'published')"
SHOWN_WORDING = """w.status = 'published' AND (w.nature <> 'verbatim' OR w.proven)
  AND (w.passage_id IS NULL OR EXISTS (SELECT 1 FROM directory_passage q JOIN directory_source qs ON qs.id = q.source_id
       WHERE q.id = w.passage_id AND qs.status = 'published'))"""
WORDING_ORDER = "CASE w.nature WHEN 'verbatim' THEN 0 WHEN 'translation' THEN 1 ELSE 2 END, w.language"
# The relations that name other records: key of the answer, link table, column there, table of the records, kind.
ABOUT = (
    ("initiatives", "events_statement_initiatives", "initiative_id", "directory_initiative"),
    ("topics", "events_statement_topics", "topic_id", "directory_topic"),
    ("about_people", "events_statement_about_people", "person_id", "directory_person"),
    ("about_organizations", "events_statement_about_organizations", "organization_id", "directory_organization"),
)
PLURALS = {"directory_initiative": "initiatives", "directory_topic": "topics", "directory_person": "people"} | {
    "directory_organization": "organizations"
}
