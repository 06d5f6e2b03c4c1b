CREATE TABLE `fingerprints` (
	`skill_id` integer NOT NULL,
	`fingerprint` text NOT NULL,
	`version_id` text NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`skill_id`, `fingerprint`, `version_id`, `kind`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `skill_cards` (
	`skill_id` integer PRIMARY KEY NOT NULL,
	`display_name` text,
	`summary` text,
	`video_attachment_url` text DEFAULT '' NOT NULL,
	`business_category` text DEFAULT '' NOT NULL,
	`source` text DEFAULT 'personal' NOT NULL,
	`tags` text DEFAULT '[]' NOT NULL,
	`scene` text DEFAULT '[]' NOT NULL,
	`applicable_position` text DEFAULT '[]' NOT NULL,
	`business_domain` text DEFAULT '[]' NOT NULL,
	`business` text DEFAULT '[]' NOT NULL,
	`platform` text DEFAULT '[]' NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `stars` (
	`skill_id` integer NOT NULL,
	`namespace` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`skill_id`, `namespace`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `upload_tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`namespace` text NOT NULL,
	`path` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`content_type` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`uploaded_at` integer,
	`used_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `upload_tickets_hash_unique` ON `upload_tickets` (`hash`);--> statement-breakpoint
CREATE INDEX `upload_tickets_expiry` ON `upload_tickets` (`expires_at`);--> statement-breakpoint
ALTER TABLE `skills` ADD `hidden_at` integer;--> statement-breakpoint
CREATE INDEX `skills_updated` ON `skills` (`updated_at`);--> statement-breakpoint
ALTER TABLE `versions` ADD `changelog` text DEFAULT '' NOT NULL;