CREATE TABLE `backfills` (
	`task` text PRIMARY KEY NOT NULL,
	`cursor` text DEFAULT '' NOT NULL,
	`done_at` integer
);
