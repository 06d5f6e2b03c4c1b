import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { DescribedVersion } from '../../core/catalog/skill-versions.ts';

type Metadata = DescribedVersion['metadata'];

export const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What stays the same whatever a skill is called by the hub as a whole. */
export function wireId({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** Nobody rates skills here; an order by rating is one by stars. */
const NO_RATING = { rating: null };

/** A skill as lists show it, by its hub-wide flat name. */
export function wireSkill(skill: SkillSummary) {
  const { latest, namespace } = skill;
  const { metadata } = latest;
  return {
    id: wireId(skill),
    name: skill.slug,
    version: latest.version,
    description: skill.summary,
    author: wireAuthor(metadata, namespace),
    license: latest.license,
    keywords: skill.keywords,
    capabilities: metadata.capabilities ?? [],
    frameworks: metadata.frameworks,
    downloads: skill.downloads,
    ...NO_RATING,
    homepage: metadata.homepage ?? null,
    repository: metadata.repository ?? null,
    npmPackage: metadata.npmPackage ?? null,
    publishedAt: isoTime(latest.publishedAt),
    updatedAt: isoTime(skill.updatedAt),
  };
}

/** A version with all that it says of itself. Downloads are counted by skill. */
export function wireVersion(version: DescribedVersion, namespace: string) {
  const { metadata } = version;
  const ranges = metadata.frameworkRanges ?? {};
  return {
    version: version.version,
    description: version.description,
    author: wireAuthor(metadata, namespace),
    license: metadata.license ?? null,
    keywords: metadata.keywords,
    capabilities: metadata.capabilities ?? [],
    frameworks: Object.fromEntries(metadata.frameworks.map((name) => [name, ranges[name] ?? '*'])),
    dependencies: Object.fromEntries(metadata.dependencies.map(({ name, range }) => [name, range])),
    homepage: metadata.homepage ?? null,
    repository: metadata.repository ?? null,
    npmPackage: metadata.npmPackage ?? null,
    npmVersion: metadata.npmVersion ?? null,
    checksum: `sha256:${version.sha256}`,
    size: version.size,
    publishedAt: isoTime(version.publishedAt),
    downloads: null,
    ...NO_RATING,
  };
}

function wireAuthor({ author, authorEmail, authorUrl }: Metadata, namespace: string) {
  return {
    name: author ?? namespace,
    email: authorEmail ?? null,
    ...(authorUrl === undefined ? {} : { url: authorUrl }),
  };
}
