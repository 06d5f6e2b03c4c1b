ALTER TABLE `registry_keys` ADD `resign_cursor` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_keys` ADD `resign_due_at` integer;--> statement-breakpoint
ALTER TABLE `registry_keys` ADD `resigned_at` integer;