CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`label` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_namespace` ON `api_keys` (`namespace`,`created_at`);--> statement-breakpoint
CREATE TABLE `login_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`hash` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `login_codes_namespace` ON `login_codes` (`namespace`,`created_at`);--> statement-breakpoint
CREATE TABLE `namespaces` (
	`slug` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `namespaces_email` ON `namespaces` (`email`);--> statement-breakpoint
CREATE TABLE `name_segments` (
	`length` integer NOT NULL,
	`segment` integer NOT NULL,
	`text` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`length`, `segment`, `text`, `name`)
);
--> statement-breakpoint
CREATE TABLE `registry_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`pem` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `skills` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`slug` text,
	`visibility` text NOT NULL,
	`latest_version_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `skills_slug_unique` ON `skills` (`slug`);--> statement-breakpoint
CREATE UNIQUE INDEX `skills_identity` ON `skills` (`namespace`,`name`);--> statement-breakpoint
CREATE INDEX `skills_name` ON `skills` (`name`);--> statement-breakpoint
CREATE TABLE `versions` (
	`id` text PRIMARY KEY NOT NULL,
	`skill_id` integer NOT NULL,
	`version` text NOT NULL,
	`sort_key` text NOT NULL,
	`prerelease` integer NOT NULL,
	`state` text NOT NULL,
	`description` text NOT NULL,
	`keywords` text NOT NULL,
	`metadata` text NOT NULL,
	`tree_digest` text NOT NULL,
	`archive_sha256` text NOT NULL,
	`archive_size` integer NOT NULL,
	`tar_sha256` text,
	`tar_size` integer,
	`zip_sha256` text,
	`zip_size` integer,
	`key_id` text,
	`created_at` integer NOT NULL,
	`published_at` integer,
	`yanked_at` integer,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_number` ON `versions` (`skill_id`,`version`) WHERE state <> 'rejected';--> statement-breakpoint
CREATE INDEX `versions_latest` ON `versions` (`skill_id`,`state`,`prerelease`,`sort_key`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`version_id` text NOT NULL,
	`state` text NOT NULL,
	`stages` text NOT NULL,
	`message` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`lease` text,
	`lease_until` integer,
	`instance` text,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `jobs_version` ON `jobs` (`version_id`);