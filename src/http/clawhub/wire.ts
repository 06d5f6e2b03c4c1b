import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Verdict } from '../../core/vetting/verdicts.ts';
import type { Severity } from '../../format/finding.ts';

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
  if (text.length <= SUMMARY_LENGTH) return text;
  // No character is longer than two, so this is enough to see whether there are more.
  const characters = [...text.slice(0, 2 * SUMMARY_LENGTH + 2)];
  return characters.length <= SUMMARY_LENGTH ? text : `${characters.slice(0, SUMMARY_LENGTH - 1).join('')}…`;
}

/** An install is a download here: what became of it, the hub does not know. */
function wireStats({ downloads, stars }: SkillSummary) {
  return { downloads, installsAllTime: downloads, stars };
}

/** @param slug what the answer calls the skill: as it was asked for, else its flat name */
export function wireSkill(skill: SkillSummary, slug = skill.slug) {
  return {
    slug,
    displayName: skill.displayName,
    summary: shorten(skill.summary),
    topics: skill.keywords,
    tags: skill.tags,
    stats: wireStats(skill),
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

const isError = ({ severity }: Verdict['findings'][number]) => severity === 'error';
const isWarning = ({ severity }: Verdict['findings'][number]) => severity === 'warning';
/** What a verdict comes from, if it is not clean. */
export const isDoubt = (finding: Verdict['findings'][number]) =>
  (finding.stage === 'examination' || finding.stage === 'scanners') && isWarning(finding);

/** How ClawHub's clients call a severity. */
export function wireSeverity(severity: Severity): 'info' | 'warn' | 'critical' {
  return ({ info: 'info', warning: 'warn', error: 'critical' } as const)[severity];
}

/** The rules that a version does not pass any more, or that its verdict comes from, each once; empty for a good one. */
export function reasonsOf({ findings, passed }: Verdict): string[] {
  if (passed) return [];
  return [...new Set(findings.filter((finding) => isError(finding) || isDoubt(finding)).map(({ rule }) => rule))];
}

/** The static scan is the hub's own rules; what its scanners say is in the whole, since clients know no place for it. */
export function wireSecurity({ passed, passedRules, findings }: Verdict) {
  const statusOf = (good: boolean) => (good ? ('clean' as const) : ('suspicious' as const));
  const status = statusOf(passed);
  const own = findings.filter(({ stage }) => stage !== 'scanners');
  const staticScan = { status: statusOf(passedRules), warnings: own.filter(isWarning).length };
  const signals = { staticScan, virusTotal: null, skillSpector: null, dependencyRegistry: null };
  return { status, passed, signals };
}

/** One sentence for people; clients refuse to install a skill without one. */
export function overviewOf({ findings, passed: clean, verdict }: Verdict): string {
  const faults = findings.filter(isError).map(({ message }) => message);
  if (!clean && faults.length === 0) {
    const doubts = findings.filter(isDoubt).map(({ message }) => message);
    return `This hub's vetting calls it ${verdict ?? 'suspicious'}: ${doubts.slice(0, 5).join('; ')}.`;
  }
  if (!clean) {
    return `Passed this hub's checks when it was published, but not those of today: ${faults.join('; ')}.`;
  }
  const warnings = findings.filter(isWarning);
  const passed = "Passed this hub's structure, content and safety checks and was signed by it";
  if (warnings.length === 0) return `${passed}, without warnings.`;
  return `${passed}, with ${warnings.length} warning${warnings.length === 1 ? '' : 's'}: ${warnings.map(({ message }) => message).join('; ')}.`;
}
