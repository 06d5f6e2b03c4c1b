-- One row a visible skill, keyed by skills.id: the text of its latest version, and what results are filtered by.
CREATE VIRTUAL TABLE skill_search USING fts5(name, namespace, keywords, description, category, visibility UNINDEXED, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
--> statement-breakpoint
-- How `rank` weighs a match in each column.
INSERT INTO skill_search (skill_search, rank) VALUES ('rank', 'bm25(10.0, 2.0, 4.0, 1.0, 0.0)');
