CREATE TABLE `name_skeletons` (
	`skeleton` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`skeleton`, `name`)
);
--> statement-breakpoint
CREATE TABLE `publisher_keys` (
	`fingerprint` text NOT NULL,
	`namespace` text NOT NULL,
	`armored` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	PRIMARY KEY(`namespace`, `fingerprint`),
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `log_checkpoints` (
	`size` integer PRIMARY KEY NOT NULL,
	`note` text NOT NULL,
	`root` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `log_leaves` (
	`position` integer PRIMARY KEY NOT NULL,
	`leaf` text NOT NULL,
	`subject` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `log_leaves_subject` ON `log_leaves` (`subject`,`position`);--> statement-breakpoint
CREATE TABLE `appeals` (
	`id` text PRIMARY KEY NOT NULL,
	`namespace` text NOT NULL,
	`job_id` text,
	`skill_id` integer,
	`text` text NOT NULL,
	`state` text NOT NULL,
	`answer` text,
	`decided_by` text,
	`created_at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`namespace`) REFERENCES `namespaces`(`slug`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `appeals_state` ON `appeals` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `appeals_namespace` ON `appeals` (`namespace`,`state`);--> statement-breakpoint
CREATE UNIQUE INDEX `appeals_one_a_job` ON `appeals` (`job_id`) WHERE state = 'open' and job_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `appeals_one_a_skill` ON `appeals` (`skill_id`) WHERE state = 'open' and skill_id is not null;--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`key_id` text,
	`act` text NOT NULL,
	`subject` text NOT NULL,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`);--> statement-breakpoint
CREATE INDEX `audit_events_subject` ON `audit_events` (`subject`,`at`);--> statement-breakpoint
CREATE TABLE `rescans` (
	`id` text PRIMARY KEY NOT NULL,
	`engine_version` text NOT NULL,
	`cursor` text DEFAULT '' NOT NULL,
	`queued` integer DEFAULT 0 NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `namespaces` ADD `moderator` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `namespaces` ADD `banned_at` integer;--> statement-breakpoint
ALTER TABLE `namespaces` ADD `ban_reason` text;--> statement-breakpoint
ALTER TABLE `registry_keys` ADD `revoked_at` integer;--> statement-breakpoint
ALTER TABLE `registry_keys` ADD `revocation_reason` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `hidden_by` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `hidden_reason` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `verdict` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `engine_version` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `pgp_signature` text;--> statement-breakpoint
ALTER TABLE `versions` ADD `pgp_key_id` text;--> statement-breakpoint
CREATE INDEX `versions_engine` ON `versions` (`state`,`engine_version`);--> statement-breakpoint
ALTER TABLE `jobs` ADD `reviewed_by` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `review_note` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `reviewed_at` integer;