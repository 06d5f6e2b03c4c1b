import * as z from 'zod';

/** The wire shapes of `/v1`, shared with the command line. Times are RFC 3339; digests are lower-case hex. */

const scope = z.enum(['read', 'publish', 'admin']);
const visibility = z.enum(['public', 'private']);
const time = z.iso.datetime();
/** As browsers take it: a host without a dot is fine inside a company. */
const email = z.email({ pattern: z.regexes.html5Email }).max(254);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const verification = z.enum(['self_signed', 'publisher']).meta({
  description: '`publisher`: signed by its publisher with a certificate of this registry. Else `self_signed`.',
});

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().meta({ description: 'Stable; made for programs.' }),
    detail: z.string().meta({ description: 'What is wrong, for people.' }),
    fix: z.string().optional().meta({ description: 'What to do about it.' }),
    file: z.string().optional(),
    line: z.number().int().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export const newNamespaceSchema = z
  .object({
    slug: z.string().meta({ example: 'acme' }),
    email,
    label: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'NewNamespace' });

export const issuedKeySchema = z
  .object({ api_key: z.string().meta({ description: 'Shown this once.' }), namespace: z.string() })
  .meta({ id: 'IssuedKey' });

export const loginSchema = z.object({ namespace: z.string(), email }).meta({ id: 'Login' });

export const redeemSchema = z
  .object({
    namespace: z.string(),
    otp: z.string().max(64).meta({ description: 'The six digits.' }),
    label: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'RedeemCode' });

export const newKeySchema = z
  .object({ label: z.string().min(1).max(64), scopes: z.array(scope).min(1).default(['read', 'publish']) })
  .meta({ id: 'NewKey' });

export const createdKeySchema = issuedKeySchema.extend({ id: z.string() }).meta({ id: 'CreatedKey' });

export const keySchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    label: z.string(),
    scopes: z.array(scope),
    hint: z.string(),
    created_at: time,
    last_used_at: time.nullable(),
  })
  .meta({ id: 'Key' });

export const keysSchema = z.object({ keys: z.array(keySchema) }).meta({ id: 'Keys' });

export const whoamiSchema = z
  .object({
    kind: z.enum(['key', 'operator']),
    namespace: z.string().nullable(),
    scopes: z.array(scope),
    publishers: z.array(z.string()).optional().meta({
      description: 'Further namespaces that this one made for itself, where the key counts too; absent if none.',
    }),
  })
  .meta({ id: 'Whoami' });

export const findingSchema = z
  .object({
    rule: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    stage: z.enum(['structure', 'content', 'safety', 'examination']),
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
    stage: z.enum(['structure', 'content', 'safety', 'examination', 'signing']),
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

export const searchHitSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string().nullable(),
    visibility,
    created_at: time,
    latest_version: z.string(),
    downloads: z.number().int().optional().meta({ description: 'Ever; older hubs do not say.' }),
    verification,
  })
  .meta({ id: 'SearchHit' });

export const searchSchema = z
  .object({
    packages: z.array(searchHitSchema),
    total: z.number().int().meta({ description: 'Counted up to 500 for a query, up to 1000 without one.' }),
    page: z.number().int(),
    page_size: z.number().int(),
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
    published_at: time,
    sha256: sha256.meta({ description: 'Of the archive that /v1/download serves.' }),
    size: z.number().int().meta({ description: 'Bytes of that archive.' }),
    artifacts: z
      .object({ 'tar.gz': artifactSchema, zip: artifactSchema })
      .meta({ description: 'The canonical archives of the same files.' }),
    tree_digest: sha256,
    key_id: z.string().meta({ description: 'The registry key that signed; see /v1/keys/registry.' }),
    verification: verification.optional(),
    verdict: z
      .enum(['clean', 'suspicious', 'malicious'])
      .nullish()
      .meta({ description: 'Of the newest examination; null for a version from before there was one.' }),
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
    versions: z.array(z.object({ version: z.string(), sha256, published_at: time, yanked_at: time.nullable() })),
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

export const previewSchema = z
  .object({
    files: z.array(z.object({ path: z.string(), size: z.number().int() })),
    skill_md: z.string().meta({ description: 'The first 16 KiB.' }),
    truncated: z.boolean(),
  })
  .meta({ id: 'Preview' });

const hunkSchema = z.object({
  old_start: z.number().int().meta({ description: 'Lines are counted from 1.' }),
  old_lines: z.number().int(),
  new_start: z.number().int(),
  new_lines: z.number().int(),
  lines: z.array(z.object({ kind: z.enum(['context', 'insert', 'delete']), text: z.string() })),
});

export const diffSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    files: z.array(
      z.object({
        path: z.string(),
        status: z.enum(['added', 'removed', 'modified']),
        binary: z.boolean().meta({
          description: 'No hunks: not UTF-8, larger than 512 KiB, or after 2 MiB of text in this answer.',
        }),
        hunks: z.array(hunkSchema),
      }),
    ),
  })
  .meta({ id: 'Diff' });

export const certificateSchema = z
  .object({
    cert: z.string().meta({ description: 'Of the publisher, PEM.' }),
    ca_cert: z.string().meta({ description: 'Of the authority that signed it, PEM; the same as /v1/ca.pem.' }),
  })
  .meta({ id: 'Certificate' });

export const pgpKeySchema = z
  .object({
    fingerprint: z.string().meta({ description: 'Of the primary key, in upper-case hex.' }),
    user_id: z.string(),
    armored: z.string().meta({ description: 'The public key in ASCII armour.' }),
    created_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'PgpKey' });

export const pgpKeysSchema = z.object({ keys: z.array(pgpKeySchema) }).meta({ id: 'PgpKeys' });

export const registeredPgpKeySchema = pgpKeySchema
  .pick({ fingerprint: true, user_id: true })
  .meta({ id: 'RegisteredPgpKey' });

const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .meta({ description: 'SHA-256 of the SubjectPublicKeyInfo in DER.' });
const signature = z.string().regex(/^([0-9a-f]{2}){256,1024}$/i);
const tokenTime = z.iso.datetime({ offset: true }).max(64);

export const rotationSchema = z
  .object({
    token: z.object({
      namespace: z.string().max(64),
      old_key_fingerprint: fingerprint,
      new_key_fingerprint: fingerprint,
      new_cert_chain_pem: z.array(z.string()),
      nonce: z.string().min(1).max(128),
      issued_at: tokenTime,
      expires_at: tokenTime.meta({ description: 'At most five minutes after `issued_at`.' }),
    }),
    old_sig: signature,
    new_sig: signature,
  })
  .meta({ id: 'Rotation' });

export const rotationRequestedSchema = z.object({ message: z.string() }).meta({ id: 'RotationRequested' });

export const yankedSchema = z
  .object({
    yanked: z.number().int().meta({ description: 'How many this call yanked; 0 if they were yanked before.' }),
  })
  .meta({ id: 'Yanked' });

export const unyankedSchema = z.object({ unyanked: z.number().int() }).meta({ id: 'Unyanked' });

export const taggingSchema = z.object({ version: z.string().min(1).max(128) }).meta({ id: 'Tagging' });

export const taggedSchema = z
  .object({ namespace: z.string(), name: z.string(), tag: z.string(), version: z.string() })
  .meta({ id: 'Tagged', description: 'The skill as it is called now.' });

export const visibilitySchema = z.object({ visibility }).meta({ id: 'Visibility' });

export const newLinkSchema = z
  .object({
    expires_in: z.number().int().min(1).max(86_400).optional().meta({ description: 'Seconds; default 3600.' }),
  })
  .meta({ id: 'NewLink' });

export const linkSchema = z
  .object({ url: z.string().meta({ description: 'For `npx skills add <url>`.' }), expires_at: time })
  .meta({ id: 'Link' });

export const registryKeysSchema = z
  .object({
    current: z.string(),
    keys: z.array(
      z.object({
        kid: z.string(),
        kty: z.string(),
        n: z.string(),
        e: z.string(),
        alg: z.literal('RS256'),
        use: z.literal('sig'),
        pem: z.string().meta({ description: 'SubjectPublicKeyInfo.' }),
        successor: z
          .object({
            kid: z.string(),
            signature: z
              .base64()
              .meta({ description: 'RS256 by this key, over four lines that hold both ids and the new key.' }),
          })
          .optional()
          .meta({ description: 'The key that took the place of this one, as this one says itself.' }),
        revoked: z
          .object({ at: time, reason: z.string() })
          .optional()
          .meta({ description: 'Its signatures count for nothing.' }),
      }),
    ),
    log: z
      .object({ name: z.string(), key: z.string().meta({ description: 'A verifier key of C2SP signed-note.' }) })
      .optional()
      .meta({ description: 'Who signs the checkpoints of the transparency log; hubs without one do not say.' }),
  })
  .meta({ id: 'RegistryKeys', description: 'A JWK Set (RFC 7517); each key also as PEM.' });

const hashes = z.array(sha256);

export const logProofSchema = z
  .object({
    leaf: z.string().meta({ description: 'The entry, byte for byte: canonical JSON.' }),
    opening: z.string().optional().meta({
      description: 'Of a private skill: the text whose SHA-256 is the `commitment` in the entry.',
    }),
    position: z.number().int(),
    checkpoint: z.string().meta({ description: 'A signed note: C2SP tlog-checkpoint with a line `time <seconds>`.' }),
    inclusion: hashes.meta({ description: 'The audit path of RFC 6962, section 2.1.1.' }),
    consistency: hashes.optional().meta({ description: 'From `from`, RFC 6962, section 2.1.2.' }),
  })
  .meta({ id: 'LogProof' });

export const logCheckpointSchema = z
  .object({ checkpoint: z.string(), consistency: hashes.optional() })
  .meta({ id: 'LogCheckpoint' });

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing']),
    database: z.enum(['ok', 'failing']),
    bundles: z.enum(['ok', 'failing']),
    queue: z.enum(['ok', 'late', 'unknown']),
  })
  .meta({ id: 'Health' });

export type ProblemBody = z.infer<typeof problemSchema>;
export type JobBody = z.infer<typeof jobSchema>;
export type DownloadsBody = z.infer<typeof downloadsSchema>;
export type PackageBody = z.infer<typeof packageSchema>;
export type SearchBody = z.infer<typeof searchSchema>;
export type LogProofBody = z.infer<typeof logProofSchema>;
export type LogCheckpointBody = z.infer<typeof logCheckpointSchema>;
export type PgpKeyBody = z.infer<typeof pgpKeySchema>;
export type RegistryKeysBody = z.infer<typeof registryKeysSchema>;
