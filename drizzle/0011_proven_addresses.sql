ALTER TABLE `namespaces` ADD `email_proven_at` integer;--> statement-breakpoint
-- Whose code of the last day was used has shown it already; everybody else does with the next login.
UPDATE namespaces SET email_proven_at = (
  SELECT min(used_at) FROM login_codes WHERE login_codes.namespace = namespaces.slug AND used_at IS NOT NULL
)
WHERE slug IN (SELECT namespace FROM login_codes WHERE used_at IS NOT NULL);
