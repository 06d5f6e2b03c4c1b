-- Keeps facet_counts in step with skill_facets, so that a list of tags with their counts is read and never counted.
CREATE TRIGGER skill_facets_added AFTER INSERT ON skill_facets BEGIN
  INSERT INTO facet_counts (kind, value, count) VALUES (new.kind, new.value, 1)
    ON CONFLICT (kind, value) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER skill_facets_removed AFTER DELETE ON skill_facets BEGIN
  UPDATE facet_counts SET count = count - 1 WHERE kind = old.kind AND value = old.value;
  DELETE FROM facet_counts WHERE kind = old.kind AND value = old.value AND count <= 0;
END;
--> statement-breakpoint
-- What was published before there were facets.
INSERT OR IGNORE INTO skill_facets (kind, value, skill_id)
  SELECT 'tag', lower(trim(keyword.value)), skills.id
  FROM skills
  JOIN versions ON versions.id = skills.latest_version_id
  JOIN json_each(versions.metadata, '$.keywords') AS keyword
  WHERE skills.visibility = 'public' AND skills.hidden_at IS NULL AND trim(keyword.value) <> '';
--> statement-breakpoint
INSERT OR IGNORE INTO skill_facets (kind, value, skill_id)
  SELECT 'framework', lower(trim(framework.value)), skills.id
  FROM skills
  JOIN versions ON versions.id = skills.latest_version_id
  JOIN json_each(versions.metadata, '$.frameworks') AS framework
  WHERE skills.visibility = 'public' AND skills.hidden_at IS NULL AND trim(framework.value) <> '';
