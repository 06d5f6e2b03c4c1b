import * as z from 'zod';
import { REPORT_STATES } from '../../db/schema/moderation.ts';
import { limitOf } from './params.ts';

/** The wire shapes of reports. Times are milliseconds since the epoch. */

const time = z.number().int();
const state = z.enum([...REPORT_STATES, 'all']);

export const complaintSchema = z
  .object({
    reason: z.string().trim().min(1).max(500).meta({ description: 'Shown to operators only.' }),
    version: z.string().max(128).nullish().meta({ description: 'Which one it is about.' }),
  })
  .meta({ id: 'Complaint' });

export const reportedSchema = z
  .object({
    ok: z.literal(true),
    reported: z.boolean(),
    alreadyReported: z.boolean(),
    reportId: z.string(),
    skillId: z.string(),
    reportCount: z.number().int().meta({ description: 'Reports of the skill that were not dismissed.' }),
  })
  .meta({ id: 'Reported' });

export const reportsQuery = z.object({
  status: state.default('open'),
  state: state.optional().meta({ description: 'The same as `status`.' }),
  limit: limitOf(25, 200),
  cursor: z.string().max(128).optional(),
});

export const reportListSchema = z
  .object({
    items: z.array(
      z.object({
        reportId: z.string(),
        skillId: z.string(),
        slug: z.string(),
        displayName: z.string(),
        version: z.string().nullable(),
        reason: z.string(),
        status: z.enum(REPORT_STATES),
        createdAt: time,
        reporter: z.object({ userId: z.string(), handle: z.string(), displayName: z.string() }),
        triagedAt: time.nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
    done: z.boolean(),
  })
  .meta({ id: 'Reports' });

export const reportParams = z.object({ id: z.string().max(128) });

export const triageSchema = z
  .object({
    status: z.enum(['confirmed', 'dismissed']),
    finalAction: z
      .enum(['none'])
      .optional()
      .meta({ description: 'Whether the skill is hidden follows from its reports.' }),
    hide: z.literal(false).optional().meta({ description: 'The same.' }),
    note: z.string().max(2000).nullish().meta({ description: 'Kept in the audit log.' }),
  })
  .meta({ id: 'Triage' });

export const triagedSchema = z
  .object({
    ok: z.literal(true),
    reportId: z.string(),
    skillId: z.string(),
    status: z.enum(['confirmed', 'dismissed']),
    reportCount: z.number().int(),
    actionTaken: z.literal('none'),
  })
  .meta({ id: 'Triaged' });
