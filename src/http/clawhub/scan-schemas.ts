import * as z from 'zod';
import { SCAN_STATES } from '../../db/schema/moderation.ts';
import { ownerSchema } from './publish-schemas.ts';

/** The wire shapes of scans. Times are milliseconds since the epoch. */

const time = z.number().int();

export const scanRequestSchema = z
  .object({
    source: z.object({
      kind: z.literal('published').meta({ description: 'Uploads are vetted when they are published.' }),
      slug: z.string().trim().toLowerCase().min(1).max(200),
      ownerHandle: ownerSchema,
      version: z.string().min(1).max(128).nullish().meta({ description: 'The latest one if absent.' }),
    }),
    update: z.boolean().nullish().meta({ description: 'Every scan that succeeds is the verdict from then on.' }),
  })
  .meta({ id: 'ScanRequest' });

const scanShape = {
  ok: z.literal(true),
  scanId: z.string(),
  status: z.enum(SCAN_STATES),
  sourceKind: z.literal('published'),
  update: z.literal(true).meta({ description: 'Every scan that succeeds is the verdict from then on.' }),
};

export const requestedScanSchema = z
  .object({
    ...scanShape,
    alreadyQueued: z.boolean().meta({ description: 'True when this version was waiting for a scan already.' }),
  })
  .meta({ id: 'RequestedScan' });

const findingSchema = z.object({
  code: z.string().meta({ description: 'The rule.' }),
  severity: z.enum(['info', 'warn', 'critical']),
  file: z.string().optional(),
  line: z.number().int().optional(),
  message: z.string(),
  remediation: z.string(),
});

const status = z.enum(['clean', 'suspicious', 'malicious']);

export const scanReportSchema = z
  .object({
    staticAnalysis: z.object({
      status,
      summary: z.string(),
      reasonCodes: z.array(z.string()),
      findings: z.array(findingSchema),
    }),
    scanners: z
      .object({ status, findings: z.array(findingSchema) })
      .optional()
      .meta({ description: "Of the hub's own scanners, where it has some." }),
    stages: z.array(z.object({ stage: z.string(), status: z.enum(['pass', 'fail']), endedAt: time })),
    clawscan: z.null(),
    skillspector: z.null(),
    virustotal: z.null(),
  })
  .meta({ id: 'ScanReport' });

export const artifactSchema = z.object({
  slug: z.string(),
  ownerHandle: z.string(),
  displayName: z.string(),
  version: z.string(),
  sha256: z.string().nullable().meta({ description: 'Of the zip.' }),
});

export const scanSchema = z
  .object({
    ...scanShape,
    writtenBack: z.boolean(),
    artifact: artifactSchema,
    report: scanReportSchema.optional(),
    lastError: z.string().optional(),
    createdAt: time,
    updatedAt: time,
    completedAt: time.optional(),
  })
  .meta({ id: 'Scan' });
