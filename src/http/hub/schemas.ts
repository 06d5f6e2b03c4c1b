import * as z from 'zod';

/** The wire shapes of the Skill Hub dialect. Times are milliseconds since the epoch. */

export const errorSchema = z
  .object({
    code: z.number().int().meta({ description: 'The HTTP status.' }),
    message: z.string().meta({ description: 'What is wrong and what to do about it, for people.' }),
    success: z.literal(false),
    data: z.null(),
  })
  .meta({ id: 'Error' });

const envelope = <T extends z.ZodType>(data: T) =>
  z.object({ code: z.literal(200), message: z.string(), success: z.literal(true), data });

const time = z.number().int().meta({ example: 1748000000000 });
const list = z.array(z.string());
const source = z.enum(['official', 'personal', 'external']);
const visibility = z.enum(['public', 'private']);
const email = z.string().meta({ description: 'Empty for others than keys of the namespace and operators.' });

export const recordSchema = z
  .object({
    slug: z.string(),
    displayName: z.string(),
    summary: z.string(),
    owner: z.object({ displayName: z.string(), handle: z.string(), email }),
    visibility,
    source,
    updatedAt: time,
    latestVersion: z.object({ version: z.string() }),
    tags: list,
    scene: list,
    applicablePosition: list,
    businessDomain: list,
    business: list,
    platform: list,
  })
  .meta({ id: 'Record' });

export const searchSchema = envelope(
  z.object({ records: z.array(recordSchema), total: z.number().int().meta({ description: 'Over all pages.' }) }),
).meta({ id: 'SearchAnswer' });

export const versionsSchema = envelope(
  z.object({
    items: z.array(z.object({ version: z.string(), createdAt: time, changelog: z.string() })),
  }),
).meta({ id: 'VersionsAnswer' });

export const versionSchema = envelope(
  z.object({
    version: z.object({
      version: z.string(),
      changelog: z.string(),
      publishedAt: time,
      publisher: z.string().meta({ description: 'The address, for those who may know it; else the namespace.' }),
      files: z.array(z.object({ path: z.string(), size: z.number().int() })),
    }),
  }),
).meta({ id: 'VersionAnswer' });

export const cardSchema = z
  .object({
    slug: z.string(),
    displayName: z.string(),
    summary: z.string(),
    ownerEmail: email,
    visibility,
    videoAttachmentUrl: z.string(),
    businessCategory: z.string(),
    applicablePosition: list,
    businessDomain: list,
    business: list,
    scene: list,
    platform: list,
    tags: list,
    source,
    updatedAt: time,
  })
  .meta({ id: 'Card' });

export const cardAnswerSchema = envelope(cardSchema).meta({ id: 'EditAnswer' });
export const detailSchema = envelope(z.object({ skill: cardSchema })).meta({ id: 'DetailAnswer' });

/** Bounds keep a page of 200 records small; within them everything comes back as it was sent. */
const text = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === null ? 'null is refused; send "" for nothing' : undefined) })
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'holds what is no text');
const texts = z
  .array(text(128), { error: (issue) => (issue.input === null ? 'null is refused; send [] for nothing' : undefined) })
  .max(64);

export const patchSchema = z
  .strictObject({
    displayName: text(256).optional(),
    summary: text(4096).optional(),
    videoAttachmentUrl: text(2048).optional(),
    businessCategory: text(256).optional(),
    visibility: visibility.optional(),
    applicablePosition: texts.optional(),
    businessDomain: texts.optional(),
    business: texts.optional(),
    scene: texts.optional(),
    platform: texts.optional(),
    tags: texts.optional(),
    source: source.optional().meta({ description: 'For operators.' }),
  })
  .meta({ id: 'Patch' });
