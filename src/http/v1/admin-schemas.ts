import * as z from 'zod';

/** The wire shapes of `/v1/admin`, shared with the command line. Times are RFC 3339. */

const time = z.iso.datetime();
const reason = z.string().trim().min(1).max(2000);

export const reasonSchema = z
  .object({ reason: reason.meta({ description: 'Told to the owner, and kept in the audit log.' }) })
  .meta({ id: 'Reason' });

export const noteSchema = z
  .object({ note: reason.meta({ description: 'Told to the owner, and kept in the audit log.' }) })
  .meta({ id: 'Note' });

export const reviewedSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    changed: z.boolean().meta({ description: 'False when it was decided so before.' }),
  })
  .meta({ id: 'Reviewed' });

export const queueItemSchema = z
  .object({
    kind: z.enum(['job', 'appeal', 'report']),
    id: z.string(),
    namespace: z.string(),
    name: z.string().nullable(),
    version: z.string().nullable(),
    state: z.string().meta({
      description: 'Of a job `quarantined`, or `pass` for a version that is public; else `open`.',
    }),
    verdict: z.string().nullable(),
    rules: z.array(z.string()).meta({ description: 'Of a job: which of them found something.' }),
    text: z.string().nullable().meta({ description: 'What its author wrote, or the message of the job.' }),
    by: z.string().nullable().meta({ description: 'Who appeals or reports.' }),
    job_id: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'QueueItem' });

export const queueSchema = z
  .object({ items: z.array(queueItemSchema), next: z.string().nullable() })
  .meta({ id: 'Queue' });

export const appealSchema = z.object({ text: reason }).meta({ id: 'Appeal' });

export const appealedSchema = z.object({ id: z.string(), state: z.literal('open') }).meta({ id: 'Appealed' });

export const appealsSchema = z
  .object({
    appeals: z.array(
      z.object({
        id: z.string(),
        namespace: z.string(),
        name: z.string().nullable(),
        version: z.string().nullable(),
        job_id: z.string().nullable().meta({ description: 'Null for one about a skill that was hidden.' }),
        text: z.string(),
        state: z.enum(['open', 'granted', 'denied']),
        answer: z.string().nullable(),
        created_at: time,
        decided_at: time.nullable(),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'Appeals' });

export const answerSchema = z
  .object({ answer: reason.meta({ description: 'Told to the author, and kept in the audit log.' }) })
  .meta({ id: 'Answer' });

export const decidedSchema = z.object({ changed: z.boolean() }).meta({ id: 'Decided' });

export const triagedSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    count: z.number().int().meta({ description: 'Reports of the skill, dismissed ones aside.' }),
  })
  .meta({ id: 'TriagedReport' });

export const rescanSchema = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'done']),
    engine_version: z.string().meta({ description: 'Of the rules that it is for.' }),
    queued: z.number().int().meta({ description: 'Versions that a scan was asked for.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Rescan' });

export const banSchema = reasonSchema
  .extend({
    hide: z
      .boolean()
      .default(false)
      .meta({ description: 'Hide its skills too, and those of the namespaces that it made, up to 100 a call.' }),
  })
  .meta({ id: 'BanRequest' });

export const moderatedSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    changed: z.boolean().meta({ description: 'False when it was so before.' }),
  })
  .meta({ id: 'Moderated', description: 'The skill as it is called now.' });

export const bannedSchema = z
  .object({
    namespace: z.string(),
    changed: z.boolean(),
    hidden: z.number().int().meta({ description: 'Skills that this call hid.' }),
    more: z.boolean().meta({ description: 'Whether the same call would hide more.' }),
  })
  .meta({ id: 'Banned' });

export const unbannedSchema = z.object({ namespace: z.string(), changed: z.boolean() }).meta({ id: 'Unbanned' });

export const moderatorSchema = z.object({ moderator: z.boolean() }).meta({ id: 'Moderator' });

export const auditEventSchema = z
  .object({
    id: z.string(),
    at: time,
    actor: z.string().meta({ description: '`operator`, `system`, or the namespace of the key.' }),
    key_id: z.string().nullable(),
    act: z.string().meta({ example: 'skill.hide' }),
    subject: z.string().meta({ example: '@acme/pdf-tools' }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'AuditEvent' });

export const auditSchema = z
  .object({
    events: z.array(auditEventSchema),
    next: z.string().nullable().meta({ description: 'The `after` of the next page; null on the last one.' }),
  })
  .meta({ id: 'Audit' });

export type AppealsBody = z.infer<typeof appealsSchema>;
export type RescanBody = z.infer<typeof rescanSchema>;
export type QueueBody = z.infer<typeof queueSchema>;
export type ReviewedBody = z.infer<typeof reviewedSchema>;
export type BannedBody = z.infer<typeof bannedSchema>;
export type ModeratedBody = z.infer<typeof moderatedSchema>;
export type AuditBody = z.infer<typeof auditSchema>;

export const revokedRegistryKeySchema = z
  .object({ kid: z.string(), changed: z.boolean().meta({ description: 'False when it was revoked before.' }) })
  .meta({ id: 'RevokedRegistryKey' });
