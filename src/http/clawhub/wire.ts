import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Verdict } from '../../core/vetting/verdicts.ts';

/** How much of a description a list shows, in characters. */
const SUMMARY_LENGTH = 300;

/** The only licence that clients take; anything else makes them refuse the whole answer. */
export function wireLicense(license: string | null | undefined): 'MIT-0' | null {
  return license === 'MIT-0' ? license : null;
}

export function wireOwner(namespace: string) {
  return { handle: namespace, displayName: namespace, image: null };
}

/** The reference under which a client installs the skill. */
export function installReference({ namespace, name }: { namespace: string; name: string }) {
  return { kind: 'clawhub' as const, reference: `@${namespace}/${name}`, sourceUrl: null };
}

/** Cut between characters, with an ellipsis for the rest. */
export function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= SUMMARY_LENGTH ? text : `${characters.slice(0, SUMMARY_LENGTH - 1).join('')}…`;
}

/** @param slug what the answer calls the skill: as it was asked for, else its flat name */
export function wireSkill(skill: SkillSummary, slug = skill.slug) {
  return {
    slug,
    displayName: skill.displayName,
    summary: shorten(skill.summary),
    topics: skill.keywords,
    tags: { latest: skill.latest.version },
    stats: { stars: skill.stars },
    createdAt: skill.createdAt,
    updatedAt: skill.updatedAt,
  };
}

export function wireLatest({ latest }: SkillSummary) {
  const { version, publishedAt, changelog, license } = latest;
  return { version, createdAt: publishedAt, changelog, license: wireLicense(license) };
}

export function wireVersion(version: { version: string; publishedAt: number | null; changelog: string }) {
  return {
    version: version.version,
    createdAt: version.publishedAt ?? 0,
    changelog: version.changelog,
    changelogSource: version.changelog === '' ? null : ('user' as const),
  };
}

export function wireFiles(files: readonly { path: string; size: number; sha256?: string }[]) {
  return files.map(({ path, size, sha256 }) => ({ path, size, sha256: sha256 ?? null, contentType: null }));
}

const isWarning = ({ severity }: Verdict['findings'][number]) => severity === 'warning';

export function wireSecurity({ findings }: Verdict) {
  const staticScan = { status: 'clean' as const, warnings: findings.filter(isWarning).length };
  const signals = { staticScan, virusTotal: null, skillSpector: null, dependencyRegistry: null };
  return { status: 'clean' as const, passed: true as const, signals };
}

/** One sentence for people; clients refuse to install a skill without one. */
export function overviewOf({ findings }: Verdict): string {
  const warnings = findings.filter(isWarning);
  const passed = "Passed this hub's structure, content and safety checks and was signed by it";
  if (warnings.length === 0) return `${passed}, without warnings.`;
  return `${passed}, with ${warnings.length} warning${warnings.length === 1 ? '' : 's'}: ${warnings.map(({ message }) => message).join('; ')}.`;
}
