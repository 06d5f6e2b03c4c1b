import * as z from 'zod';
import { deprecated, sha256, time, verdict, verification, visibility } from './common.ts';

export const searchHitSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string().nullable(),
    author: z.string().nullish(),
    keywords: z.array(z.string()).optional(),
    frameworks: z.array(z.string()).optional(),
    visibility,
    created_at: time,
    updated_at: time.optional(),
    latest_version: z.string(),
    downloads: z.number().int().optional().meta({ description: 'Ever; older hubs do not say.' }),
    verification,
    verdict,
    deprecated,
  })
  .meta({ id: 'SearchHit' });

export const searchSchema = z
  .object({
    packages: z.array(searchHitSchema),
    total: z
      .number()
      .int()
      .meta({ description: 'Counted up to 1000; of a query, the newest 500 matches and the newest 500 by name.' }),
    page: z.number().int(),
    page_size: z.number().int(),
    approximate: z.boolean().optional().meta({
      description: 'True when nothing matches, and these are skills whose words differ by a few letters.',
    }),
  })
  .meta({ id: 'SearchPage' });

const artifactSchema = z.object({ sha256, size: z.number().int().meta({ description: 'Bytes.' }) });

export const packageSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    slug: z.string().nullable(),
    published_as: z
      .object({ namespace: z.string(), name: z.string() })
      .optional()
      .meta({ description: 'What the skill was called when the version was published, and is in its SKILL.md.' }),
    description: z.string(),
    category: z.string().nullable(),
    license: z.string().nullable(),
    author: z.string().nullable(),
    compatibility: z.string().nullable(),
    keywords: z.array(z.string()),
    frameworks: z.array(z.string()),
    dependencies: z.array(z.object({ name: z.string(), range: z.string(), optional: z.boolean() })),
    visibility,
    deprecated,
    changelog: z.string().optional().meta({
      description: "What is new, in the publisher's words; absent when they say nothing.",
    }),
    published_at: time,
    sha256: sha256.meta({ description: 'Of the archive that /v1/download serves.' }),
    size: z.number().int().meta({ description: 'Bytes of that archive.' }),
    artifacts: z
      .object({ 'tar.gz': artifactSchema, zip: artifactSchema })
      .meta({ description: 'The canonical archives of the same files.' }),
    tree_digest: sha256,
    key_id: z.string().meta({ description: 'The registry key that signed; see /v1/keys/registry.' }),
    verification: verification.optional(),
    verdict,
    publisher_sig_hex: z.string().nullish().meta({
      description: 'RSASSA-PSS over the `sha256` that the manifest.json in the bundle declares; null if unsigned.',
    }),
    cert_chain_pem: z
      .array(z.string())
      .meta({ description: 'Of the key that made that signature; empty if unsigned.' }),
    publisher_signature: z
      .object({
        kind: z.literal('openpgp'),
        key: z.string().meta({ description: 'The fingerprint of the key.' }),
        user_id: z.string(),
        namespace: z.string().meta({ description: 'Whose key it is: see /v1/namespaces/{namespace}/pgp-keys.' }),
        revoked_at: time.nullable(),
      })
      .nullish()
      .meta({
        description:
          'Over the archive that /v1/download serves, itself at `/asc`; null without one. Older hubs do not say.',
      }),
  })
  .meta({ id: 'Package' });

export const versionsSchema = z
  .object({
    versions: z.array(
      z.object({
        version: z.string(),
        sha256,
        tree_digest: sha256.optional().meta({ description: 'Of the files; older hubs do not say.' }),
        published_at: time,
        yanked_at: time.nullable(),
        deprecated,
        changelog: z.string().optional().meta({
          description:
            "What is new, in the publisher's words: the first 1,000 characters, of the 50 newest versions; the whole stands in the metadata of the version.",
        }),
      }),
    ),
    tags: z.record(z.string(), z.string()).optional().meta({ description: 'Version by tag; older hubs do not say.' }),
  })
  .meta({ id: 'Versions' });

export const downloadsSchema = z
  .object({
    total: z.number().int().meta({ description: 'Of all versions, ever.' }),
    last_7_days: z.number().int().meta({ description: 'Of all versions, today included.' }),
    days: z
      .array(z.object({ date: z.iso.date(), version: z.string(), downloads: z.number().int() }))
      .meta({ description: 'Days (UTC) and versions with downloads, the latest day first; at most 2000.' }),
  })
  .meta({ id: 'Downloads' });

export type DownloadsBody = z.infer<typeof downloadsSchema>;
export type PackageBody = z.infer<typeof packageSchema>;
export type SearchBody = z.infer<typeof searchSchema>;
