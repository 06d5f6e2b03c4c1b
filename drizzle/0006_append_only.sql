-- What happened stays written: nobody changes the audit log or the leaves of the transparency log, not even the hub.
CREATE TRIGGER audit_events_unchanged BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER log_leaves_unchanged BEFORE UPDATE ON log_leaves BEGIN SELECT RAISE(ABORT, 'the transparency log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER log_leaves_kept BEFORE DELETE ON log_leaves BEGIN SELECT RAISE(ABORT, 'the transparency log is append-only'); END;
