import * as z from 'zod';

/** The wire shapes of what ClawHub's clients send to change something, and of what they are answered. */

const sha256 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
const path = z.string().min(1).max(500);
const size = z.number().int().min(0);
const contentType = z.string().max(255);

const ownerHandle = z
  .string()
  .trim()
  .toLowerCase()
  .transform((handle) => handle.replace(/^@+/, '') || undefined);

/** Who owns the skill: a namespace, with or without `@`. */
export const ownerSchema = ownerHandle.nullish().transform((owner) => owner ?? undefined);

export const announcedFileSchema = z.object({ path, size, sha256, contentType }).meta({ id: 'AnnouncedFile' });

export const uploadUrlSchema = z
  .object({
    uploadUrl: z.string().meta({ description: 'Absolute. POST the bytes there, with the same key.' }),
    uploadTicket: z.string(),
  })
  .meta({ id: 'UploadUrl' });

export const storedFileSchema = z.object({ storageId: z.string() }).meta({ id: 'StoredFile' });

/** What is published, beside its files. Whatever else clients send is passed over. */
export const payloadSchema = z
  .object({
    slug: z.string().trim().toLowerCase().min(1).max(200),
    version: z.string(),
    ownerHandle: ownerSchema,
    sourceOwnerHandle: ownerSchema,
    migrateOwner: z.boolean().nullish(),
    changelog: z.string().max(20_000).nullish(),
    tags: z.array(z.string().max(128)).max(20).nullish(),
  })
  .meta({ id: 'PublishPayload' });

export type Payload = z.output<typeof payloadSchema>;

export const publishSchema = payloadSchema
  .extend({
    files: z
      .array(z.object({ path, size, sha256, contentType, storageId: z.string(), uploadTicket: z.string() }))
      .min(1),
  })
  .meta({ id: 'Publish' });

export const publishedSchema = z
  .object({
    ok: z.literal(true),
    skillId: z.string().meta({ example: 'acme/pdf-tools' }),
    versionId: z.string().meta({ example: 'acme/pdf-tools@1.0.0' }),
    status: z.enum(['published', 'pending']),
    publicationStatus: z.enum(['published', 'pending']),
    slug: z.string(),
    version: z.string(),
    attemptId: z.string().meta({ description: 'The job; follow it at `/v1/jobs/{id}`.' }),
  })
  .meta({ id: 'PublishedSkill' });

export const okSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Ok' });

export const starredSchema = z
  .object({ ok: z.literal(true), starred: z.boolean(), alreadyStarred: z.boolean() })
  .meta({ id: 'Starred' });

export const unstarredSchema = z
  .object({ ok: z.literal(true), unstarred: z.boolean(), alreadyUnstarred: z.boolean() })
  .meta({ id: 'Unstarred' });
