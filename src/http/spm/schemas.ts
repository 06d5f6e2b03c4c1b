import * as z from 'zod';
import { TOKEN_SECONDS } from '../../core/accounts/issue-token.ts';
import { SCOPES } from '../../db/schema/accounts.ts';

/** The wire shapes of the answers. Times are ISO 8601. */

const time = z.iso.datetime();
const count = z.number().int();
const text = z.string().nullable();

export const okOf = <T extends z.ZodType>(data: T) => z.object({ success: z.literal(true), data });

const author = z.object({
  name: z.string().meta({ description: 'Else the namespace.' }),
  email: text.meta({ description: 'As the publisher states it in the skill; null otherwise.' }),
  url: z.string().optional(),
});

const rating = z.null().meta({ description: 'Nobody rates skills here; an order by rating is one by stars.' });

const versionText = {
  version: z.string(),
  description: z.string(),
  author,
  license: text,
  keywords: z.array(z.string()),
  capabilities: z.array(z.string()),
};

const skillShape = {
  id: z.string().meta({ example: 'acme/pdf-tools' }),
  name: z.string().meta({ description: 'The hub-wide flat name.' }),
  ...versionText,
  frameworks: z.array(z.string()),
  downloads: count,
  rating,
  homepage: text,
  repository: text,
  npmPackage: text,
  publishedAt: time,
  updatedAt: time,
};

const pagination = z
  .object({
    limit: count,
    offset: count,
    total: count.meta({ description: 'Counted up to 1,000.' }),
    hasMore: z.boolean(),
  })
  .meta({ id: 'Pagination' });

export const skillListSchema = okOf(
  z.object({ skills: z.array(z.object(skillShape).meta({ id: 'Skill' })), pagination }),
);

export const searchSchema = okOf(
  z.object({
    results: z.array(
      z
        .object({
          ...skillShape,
          matchScore: z.number().min(0).max(1).meta({ description: 'Comparable within one answer.' }),
          matchReasons: z.array(z.string()),
        })
        .meta({ id: 'Result' }),
    ),
    pagination,
    query: z.object({
      q: z.string(),
      tags: z.array(z.string()),
      capabilities: z.array(z.string()),
      frameworks: z.array(z.string()),
    }),
  }),
);

const versionShape = {
  ...versionText,
  frameworks: z.record(z.string(), z.string()).meta({ description: 'Range by name; `*` where none is stated.' }),
  dependencies: z.record(z.string(), z.string()),
  homepage: text,
  repository: text,
  npmPackage: text,
  npmVersion: text,
  checksum: z.string().meta({ description: '`sha256:` and the digest of the archive, in hex.' }),
  size: count.meta({ description: 'Bytes of the archive.' }),
  publishedAt: time,
  downloads: z.null().meta({ description: 'Counted by skill only.' }),
  rating,
};

export const skillSchema = okOf(
  z.object({
    id: z.string(),
    name: z.string(),
    versions: z
      .array(z.object(versionShape).meta({ id: 'Version' }))
      .meta({ description: 'The 50 newest, releases first.' }),
    totalDownloads: count,
    createdAt: time,
    updatedAt: time,
  }),
);

export const versionSchema = okOf(
  z.object({
    id: z.string(),
    name: z.string(),
    ...versionShape,
    downloadUrl: z.string().meta({ description: 'Absolute: the archive, a tar.gz, that `checksum` is of.' }),
    signatureUrl: z.string().meta({ description: "Absolute: the registry's raw signature over it." }),
  }),
);

export const unpublishedSchema = okOf(z.object({ name: z.string(), version: z.string(), message: z.string() }));

export const publishedSchema = okOf(
  z.object({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    message: z.string(),
    url: z.string(),
    npmUrl: text,
    publishedAt: time.nullable().meta({ description: 'Null while it is still being vetted.' }),
    jobId: z.string().meta({ description: 'Follow it at `/v1/jobs/{id}`.' }),
    warnings: z.array(z.string()),
  }),
);

export const tagsSchema = okOf(
  z.object({
    tags: z.array(z.object({ tag: z.string(), count, description: z.null() })),
    total: count.meta({ description: 'Of this list, which holds at most 1,000.' }),
  }),
);

export const healthSchema = z
  .object({
    success: z.boolean(),
    status: z.enum(['healthy', 'degraded']),
    data: z.object({
      api: z.literal('ok'),
      database: z.enum(['ok', 'failing']),
      storage: z.enum(['ok', 'failing']),
      timestamp: time,
      uptime: count.meta({ description: 'Seconds since the process, or on Cloudflare the isolate, began.' }),
    }),
  })
  .meta({ id: 'Health' });

export const apiVersionSchema = okOf(z.object({ api: z.string(), status: z.literal('stable') }));

export const loginSchema = z.object({ namespace: z.string().max(64), email: z.string().max(320) });

export const sentSchema = okOf(z.object({ message: z.string() }));

export const tokenRequestSchema = z
  .object({
    namespace: z.string().max(64).optional(),
    otp: z.string().max(16).optional().meta({ description: 'The mailed code, instead of an API key.' }),
    scopes: z.array(z.enum(SCOPES)).min(1).optional(),
    expiresIn: z
      .number()
      .int()
      .min(1)
      .max(TOKEN_SECONDS.max)
      .optional()
      .meta({ description: `Seconds; default ${TOKEN_SECONDS.default}.` }),
  })
  .refine(({ namespace, otp }) => (namespace === undefined) === (otp === undefined), {
    error: 'namespace and otp go together',
    path: ['otp'],
  });

export const tokenSchema = okOf(
  z.object({
    token: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: count,
    expiresAt: time,
    scopes: z.array(z.enum(SCOPES)),
  }),
);

export const revokedSchema = okOf(z.object({ message: z.string() }));

export const errorSchema = z
  .object({
    success: z.literal(false),
    error: z.string().meta({ description: 'A phrase such as `Skill not found`, else the code.' }),
    code: z.string().meta({ example: 'VALIDATION_ERROR' }),
    message: z.string(),
    fields: z.record(z.string(), z.array(z.string())).optional(),
    timestamp: time,
    requestId: z.string(),
  })
  .meta({ id: 'Error' });
