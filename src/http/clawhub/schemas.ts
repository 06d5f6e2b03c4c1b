import * as z from 'zod';

/** The wire shapes of reading. Times are milliseconds since the epoch; digests are lower-case hex. */

const time = z.number().int().meta({ description: 'Milliseconds since the epoch.' });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const downloads = z.number().int().meta({ description: 'Ever; one client counts once a day for each version.' });
/** The one licence that the clients know; a skill under any other says nothing here. */
const license = z.literal('MIT-0').nullable();

const ownerSchema = z.object({ handle: z.string(), displayName: z.string(), image: z.null() });

export const discoverySchema = z
  .object({ apiBase: z.string(), authBase: z.string(), minCliVersion: z.string() })
  .meta({ id: 'Discovery' });

export const whoamiSchema = z
  .object({
    user: z.object({
      handle: z.string().nullable().meta({ description: "The key's namespace; null for the operator." }),
      displayName: z.string(),
      image: z.null(),
      role: z.enum(['admin', 'user']),
    }),
  })
  .meta({ id: 'Whoami' });

const searchRowSchema = z
  .object({
    id: z.string(),
    score: z.number().meta({ description: 'Higher is better; comparable within one answer.' }),
    slug: z.string().meta({ description: 'The name within the namespace of `ownerHandle`.' }),
    displayName: z.string(),
    summary: z.string(),
    version: z.string(),
    downloads,
    updatedAt: time,
    source: z.literal('clawhub'),
    ownerHandle: z.string(),
    owner: ownerSchema,
    install: z.object({ kind: z.literal('clawhub'), reference: z.string(), sourceUrl: z.null() }),
  })
  .meta({ id: 'SearchRow' });

export const searchSchema = z.object({ results: z.array(searchRowSchema) }).meta({ id: 'SearchResults' });

const skillShape = {
  slug: z.string(),
  displayName: z.string(),
  summary: z.string(),
  topics: z.array(z.string()),
  tags: z.record(z.string(), z.string()).meta({ description: 'Version by tag, `latest` first.' }),
  stats: z.object({
    downloads,
    installsAllTime: downloads.meta({ description: 'The same: a download counts as an install.' }),
    stars: z.number().int(),
  }),
  createdAt: time,
  updatedAt: time,
};

const latestVersionSchema = z.object({ version: z.string(), createdAt: time, changelog: z.string(), license });

const listItemSchema = z
  .object({ ...skillShape, ownerHandle: z.string(), latestVersion: latestVersionSchema })
  .meta({ id: 'SkillItem' });

export const skillListSchema = z
  .object({ items: z.array(listItemSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'SkillList' });

export const skillSchema = z
  .object({
    skill: z.object(skillShape),
    latestVersion: latestVersionSchema,
    metadata: z.null(),
    owner: ownerSchema,
    moderation: z
      .object({
        isSuspicious: z.boolean(),
        isMalwareBlocked: z.literal(false),
        verdict: z.enum(['suspicious', 'malicious']),
      })
      .nullable()
      .meta({ description: 'What the examination says of the latest version; null while it calls it clean.' }),
  })
  .meta({ id: 'SkillDetail' });

const versionShape = {
  version: z.string(),
  createdAt: time,
  changelog: z.string(),
  changelogSource: z.literal('user').nullable(),
};

export const versionListSchema = z
  .object({ items: z.array(z.object(versionShape)), nextCursor: z.string().nullable() })
  .meta({ id: 'VersionList' });

const fileSchema = z.object({
  path: z.string(),
  size: z.number().int().meta({ description: 'Bytes.' }),
  sha256: sha256.nullable().meta({ description: 'Null for versions published before the hub kept it.' }),
  contentType: z.null(),
});

/** A published version was `clean`; a later scan may think otherwise. */
const securityStatus = z.enum(['clean', 'suspicious']);

const versionSecuritySchema = z.object({ status: securityStatus, hasWarnings: z.boolean(), checkedAt: time });

export const versionSchema = z
  .object({
    version: z.object({ ...versionShape, license, files: z.array(fileSchema), security: versionSecuritySchema }),
    skill: z.object({ slug: z.string(), displayName: z.string() }),
  })
  .meta({ id: 'VersionDetail' });

const named = z.object({ version: z.string() });

export const resolveSchema = z
  .object({ slug: z.string(), match: named.nullable(), latestVersion: named })
  .meta({ id: 'Resolved' });

export const installSchema = z
  .object({
    ok: z.literal(true),
    slug: z.string(),
    installKind: z.literal('archive'),
    archive: z.object({ version: z.string(), downloadUrl: z.string() }),
  })
  .meta({ id: 'InstallPlan' });

const signalsSchema = z.object({
  staticScan: z.object({ status: securityStatus, warnings: z.number().int() }),
  virusTotal: z.null(),
  skillSpector: z.null(),
  dependencyRegistry: z.null(),
});

const securitySchema = z.object({ status: securityStatus, passed: z.boolean(), signals: signalsSchema });
const decision = z.enum(['pass', 'fail']);

export const verificationSchema = z
  .object({
    schema: z.literal('clawhub.skill.verify.v1'),
    ok: z.boolean(),
    decision,
    reasons: z.array(z.string()).meta({ description: 'Rules that it does not pass any more.' }),
    slug: z.string(),
    displayName: z.string(),
    pageUrl: z.string(),
    publisherHandle: z.string(),
    publisherDisplayName: z.string(),
    publisherProfileUrl: z.null(),
    version: z.string(),
    resolvedFrom: z.enum(['latest', 'version', 'tag']),
    tag: z.string().nullable(),
    createdAt: time,
    card: z.object({ available: z.literal(false) }),
    artifact: z.object({
      kind: z.literal('archive'),
      downloadUrl: z.string(),
      sha256,
      size: z.number().int(),
      sourceFingerprint: sha256.nullable(),
      bundleFingerprints: z.array(sha256),
      files: z.array(fileSchema),
    }),
    provenance: z.object({ source: z.literal('unavailable'), reason: z.string() }),
    security: securitySchema.extend({ checkedAt: time, overview: z.string() }),
    signature: z.object({
      status: z.literal('signed'),
      algorithm: z.literal('RS256'),
      keyId: z.string(),
      signatureUrl: z.string().meta({ description: "The registry's raw signature over the zip." }),
      keysUrl: z.string(),
      publisher: z
        .object({
          algorithm: z.literal('OpenPGP'),
          keyId: z.string().meta({ description: 'The fingerprint.' }),
          userId: z.string(),
          revokedAt: time.nullable(),
          signatureUrl: z.string().meta({ description: 'Over the archive of /v1/download, in ASCII armour.' }),
          keysUrl: z.string(),
        })
        .nullable()
        .meta({ description: "The publisher's own signature, if there is one." }),
    }),
  })
  .meta({ id: 'Verification' });

export const verdictRequestSchema = z
  .object({
    items: z
      .array(
        z.object({
          slug: z.string().min(1).max(200),
          ownerHandle: z.string().max(200).nullish(),
          version: z.string().min(1).max(128),
        }),
      )
      .min(1)
      .max(100),
  })
  .meta({ id: 'VerdictRequest' });

const requested = {
  requestedSlug: z.string(),
  requestedVersion: z.string(),
  requestedOwnerHandle: z.string().optional(),
};

const knownSchema = z.object({
  ok: z.boolean(),
  decision,
  reasons: z.array(z.string()),
  ...requested,
  slug: z.string(),
  version: z.string(),
  displayName: z.string(),
  publisherHandle: z.string(),
  publisherDisplayName: z.string(),
  createdAt: time,
  checkedAt: time,
  skillUrl: z.string(),
  securityAuditUrl: z.string(),
  overview: z.string(),
  security: securitySchema,
});

const unknownSchema = z.object({
  ok: z.literal(false),
  decision: z.literal('fail'),
  reasons: z.array(z.string()),
  ...requested,
  error: z.object({ code: z.enum(['skill_not_found']), message: z.string() }),
});

export const verdictsSchema = z
  .object({
    schema: z.literal('clawhub.skill.security-verdicts.v1'),
    items: z.array(z.union([knownSchema, unknownSchema])),
  })
  .meta({ id: 'Verdicts' });

export const trendingSchema = z
  .object({
    items: z.array(
      z.object({
        slug: z.string(),
        displayName: z.string(),
        summary: z.string(),
        source: z.literal('clawhub'),
        install: z.object({ kind: z.literal('clawhub'), reference: z.string(), sourceUrl: z.null() }),
        publisher: z.object({
          kind: z.literal('org'),
          handle: z.string(),
          displayName: z.string(),
          image: z.null(),
          official: z.literal(false),
        }),
        metrics: z.object({ rolling60DayInstalls: z.null(), bookmarks: z.number().int(), updatedAt: time }),
      }),
    ),
  })
  .meta({ id: 'Trending' });

export const noPackagesSchema = z
  .object({ items: z.array(z.unknown()).max(0), nextCursor: z.null() })
  .meta({ id: 'NoPackages' });

export const noPackageHitsSchema = z.object({ results: z.array(z.unknown()).max(0) }).meta({ id: 'NoPackageHits' });

export const okSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Ok' });
