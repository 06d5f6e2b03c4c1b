-- Who wrote a skill, so that a search by author needs no scan: what was published before it was kept.
INSERT OR IGNORE INTO skill_facets (kind, value, skill_id)
  SELECT 'author', lower(trim(author.value)), skills.id
  FROM skills
  JOIN versions ON versions.id = skills.latest_version_id
  JOIN json_each(versions.metadata, '$.author') AS author
  WHERE skills.visibility = 'public' AND skills.hidden_at IS NULL AND trim(author.value) <> '';
