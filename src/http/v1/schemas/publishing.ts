import * as z from 'zod';
import { time } from './common.ts';

export const findingSchema = z
  .object({
    rule: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    stage: z.enum(['structure', 'content', 'safety', 'examination', 'scanners']),
    message: z.string(),
    fix: z.string(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    excerpt: z.string().optional().meta({ description: 'Secrets are masked.' }),
    category: z.string().optional().meta({ description: 'Of the examination: what kind of harm it looks like.' }),
    owasp: z.array(z.string()).optional().meta({ description: 'Risks of the OWASP Agentic Skills Top 10.' }),
    why: z.string().optional(),
  })
  .meta({ id: 'Finding' });

export const verdictSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    verdict: z.enum(['clean', 'suspicious', 'malicious']).nullable(),
    passed: z.boolean().meta({ description: 'No error among the findings, and a verdict that is clean.' }),
    checked_at: time,
    findings: z.array(findingSchema),
  })
  .meta({ id: 'Verdict' });

export const publishedSchema = z
  .object({
    job_id: z.string(),
    message: z.string(),
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    warnings: z.array(findingSchema),
  })
  .meta({ id: 'Accepted' });

export const stageSchema = z
  .object({
    stage: z
      .enum(['structure', 'content', 'safety', 'examination', 'scanners', 'signing'])
      .meta({ description: '`scanners` where the hub has some.' }),
    status: z.enum(['pending', 'pass', 'fail']),
    ended_at: time.nullable(),
    findings: z.array(findingSchema),
  })
  .meta({ id: 'Stage' });

export const jobSchema = z
  .object({
    id: z.string(),
    status: z.enum(['pending', 'running', 'pass', 'fail', 'quarantined']),
    message: z.string(),
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    attempts: z.number().int(),
    stages: z.array(stageSchema),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Job' });

export type JobBody = z.infer<typeof jobSchema>;
