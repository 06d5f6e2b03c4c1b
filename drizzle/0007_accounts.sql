ALTER TABLE `api_keys` ADD `expires_at` integer;--> statement-breakpoint
CREATE INDEX `api_keys_expiry` ON `api_keys` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
ALTER TABLE `skills` ADD `deprecation` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `deprecation` text;--> statement-breakpoint
CREATE INDEX `stars_namespace` ON `stars` (`namespace`,`created_at`,`skill_id`);