import * as z from 'zod';

/** The wire shapes of `/v1`, shared with the command line. Times are RFC 3339; digests are lower-case hex. */

const scope = z.enum(['read', 'publish', 'admin']);
const visibility = z.enum(['public', 'private']);
const time = z.iso.datetime();
/** As browsers take it: a host without a dot is fine inside a company. */
const email = z.email({ pattern: z.regexes.html5Email }).max(254);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

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
  .object({ kind: z.enum(['key', 'operator']), namespace: z.string().nullable(), scopes: z.array(scope) })
  .meta({ id: 'Whoami' });

export const findingSchema = z
  .object({
    rule: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    stage: z.enum(['structure', 'content', 'safety']),
    message: z.string(),
    fix: z.string(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    excerpt: z.string().optional().meta({ description: 'Secrets are masked.' }),
  })
  .meta({ id: 'Finding' });

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
    stage: z.enum(['structure', 'content', 'safety', 'signing']),
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
    verification: z.literal('self_signed'),
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
    cert_chain_pem: z.array(z.string()),
  })
  .meta({ id: 'Package' });

export const versionsSchema = z
  .object({
    versions: z.array(z.object({ version: z.string(), sha256, published_at: time, yanked_at: time.nullable() })),
  })
  .meta({ id: 'Versions' });

export const previewSchema = z
  .object({
    files: z.array(z.object({ path: z.string(), size: z.number().int() })),
    skill_md: z.string().meta({ description: 'The first 16 KiB.' }),
    truncated: z.boolean(),
  })
  .meta({ id: 'Preview' });

export const yankedSchema = z
  .object({ yanked: z.number().int().meta({ description: '1 if this call yanked it, 0 if it was yanked before.' }) })
  .meta({ id: 'Yanked' });

export const unyankedSchema = z.object({ unyanked: z.number().int() }).meta({ id: 'Unyanked' });

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
      }),
    ),
  })
  .meta({ id: 'RegistryKeys', description: 'A JWK Set (RFC 7517); each key also as PEM.' });

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
export type PackageBody = z.infer<typeof packageSchema>;
export type SearchBody = z.infer<typeof searchSchema>;
export type RegistryKeysBody = z.infer<typeof registryKeysSchema>;
