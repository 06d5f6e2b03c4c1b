CREATE TABLE `access_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`key_id` text,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `access_tokens_expiry` ON `access_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `device_logins` (
	`id` text PRIMARY KEY NOT NULL,
	`device_hash` text NOT NULL,
	`user_code` text NOT NULL,
	`label` text NOT NULL,
	`state` text NOT NULL,
	`namespace` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`polled_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `device_logins_device_hash_unique` ON `device_logins` (`device_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `device_logins_user_code_unique` ON `device_logins` (`user_code`);--> statement-breakpoint
CREATE INDEX `device_logins_expiry` ON `device_logins` (`expires_at`);--> statement-breakpoint
CREATE TABLE `facet_counts` (
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`kind`, `value`)
);
--> statement-breakpoint
CREATE INDEX `facet_counts_rank` ON `facet_counts` (`kind`,`count`);--> statement-breakpoint
CREATE TABLE `skill_aliases` (
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`slug` text,
	`skill_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`namespace`, `name`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `skill_aliases_slug_unique` ON `skill_aliases` (`slug`);--> statement-breakpoint
CREATE INDEX `skill_aliases_skill` ON `skill_aliases` (`skill_id`);--> statement-breakpoint
CREATE TABLE `skill_facets` (
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`skill_id` integer NOT NULL,
	PRIMARY KEY(`kind`, `value`, `skill_id`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `skill_facets_skill` ON `skill_facets` (`skill_id`);--> statement-breakpoint
CREATE TABLE `version_tags` (
	`skill_id` integer NOT NULL,
	`tag` text NOT NULL,
	`version_id` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`skill_id`, `tag`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `authorities` (
	`key_id` text PRIMARY KEY NOT NULL,
	`pem` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `certificates` (
	`serial` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`fingerprint` text NOT NULL,
	`pem` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `certificates_namespace` ON `certificates` (`namespace`,`created_at`);--> statement-breakpoint
CREATE TABLE `key_rotations` (
	`id` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`old_fingerprint` text NOT NULL,
	`new_fingerprint` text NOT NULL,
	`new_pem` text NOT NULL,
	`nonce` text NOT NULL,
	`confirm_hash` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `key_rotations_nonce_unique` ON `key_rotations` (`nonce`);--> statement-breakpoint
CREATE UNIQUE INDEX `key_rotations_confirm_hash_unique` ON `key_rotations` (`confirm_hash`);--> statement-breakpoint
CREATE INDEX `key_rotations_namespace` ON `key_rotations` (`namespace`,`created_at`);--> statement-breakpoint
CREATE TABLE `pinned_keys` (
	`namespace` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`pem` text NOT NULL,
	`pinned_at` integer NOT NULL,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `download_days` (
	`skill_id` integer NOT NULL,
	`day` integer NOT NULL,
	`version_id` text NOT NULL,
	`downloads` integer NOT NULL,
	PRIMARY KEY(`skill_id`, `day`, `version_id`),
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `download_days_day` ON `download_days` (`day`,`skill_id`);--> statement-breakpoint
CREATE TABLE `download_marks` (
	`day` integer NOT NULL,
	`version_id` text NOT NULL,
	`client` text NOT NULL,
	`batch` text NOT NULL,
	`counted` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`day`, `version_id`, `client`),
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `download_marks_batch` ON `download_marks` (`batch`);--> statement-breakpoint
CREATE TABLE `reports` (
	`id` text PRIMARY KEY NOT NULL,
	`skill_id` integer NOT NULL,
	`version` text,
	`reporter` text NOT NULL,
	`reason` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`triaged_at` integer,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`reporter`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_once` ON `reports` (`skill_id`,`reporter`);--> statement-breakpoint
CREATE INDEX `reports_state` ON `reports` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `reports_reporter` ON `reports` (`reporter`,`state`);--> statement-breakpoint
CREATE TABLE `scans` (
	`id` text PRIMARY KEY NOT NULL,
	`version_id` text NOT NULL,
	`requested_by` text,
	`state` text NOT NULL,
	`stages` text NOT NULL,
	`error` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`requested_by`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `scans_open` ON `scans` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `scans_version` ON `scans` (`version_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `transfers` (
	`id` text PRIMARY KEY NOT NULL,
	`skill_id` integer NOT NULL,
	`from_namespace` text NOT NULL,
	`to_namespace` text NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`from_namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`to_namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `transfers_skill` ON `transfers` (`skill_id`,`state`);--> statement-breakpoint
CREATE INDEX `transfers_from` ON `transfers` (`from_namespace`,`state`);--> statement-breakpoint
CREATE INDEX `transfers_to` ON `transfers` (`to_namespace`,`state`);--> statement-breakpoint
ALTER TABLE `namespaces` ADD `display_name` text;--> statement-breakpoint
ALTER TABLE `namespaces` ADD `owner` text REFERENCES namespaces(slug);--> statement-breakpoint
CREATE INDEX `namespaces_owner` ON `namespaces` (`owner`);--> statement-breakpoint
ALTER TABLE `skills` ADD `merged_into` integer REFERENCES skills(id);--> statement-breakpoint
ALTER TABLE `skills` ADD `downloads` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `skills` ADD `trending` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `skills_downloads` ON `skills` (`downloads`);--> statement-breakpoint
CREATE INDEX `skills_trending` ON `skills` (`trending`);--> statement-breakpoint
CREATE INDEX `skills_merged` ON `skills` (`merged_into`) WHERE merged_into is not null;--> statement-breakpoint
ALTER TABLE `versions` ADD `publisher_signature` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `certificates` text;