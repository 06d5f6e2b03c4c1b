ALTER TABLE `registry_keys` ADD `resign_rounds` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `access_tokens_key` ON `access_tokens` (`key_id`) WHERE key_id is not null;--> statement-breakpoint
CREATE INDEX `versions_key` ON `versions` (`key_id`,`id`);