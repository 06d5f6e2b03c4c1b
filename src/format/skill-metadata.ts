import { type Bundle, findFile } from './bundle.ts';
import type { Finding } from './finding.ts';
import { FormatError, type FormatErrorCode } from './format-error.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { isVersion } from './semver.ts';
import { parseSkillMd, type SkillMd } from './skill-md.ts';
import { parseSkillYaml, type SkillDependency, type SkillYaml } from './skill-yaml.ts';
import { decodeUtf8, findBadUtf8Line } from './text.ts';
import { checkCount, checkLength, MAX_COUNT, MAX_DOCUMENT_BYTES, MAX_TEXT } from './text-limits.ts';

/** What a bundle says about itself, put together from its files. */
export interface SkillMetadata {
  namespace?: string;
  name: string;
  /** A semantic version; absent when no file states one. */
  version?: string;
  description: string;
  license?: string;
  author?: string;
  compatibility?: string;
  category?: string;
  keywords: string[];
  /** Names. */
  frameworks: string[];
  dependencies: SkillDependency[];
  /** What follows is absent where nothing is stated, and in what was stored before it was read. */
  authorEmail?: string;
  authorUrl?: string;
  homepage?: string;
  repository?: string;
  npmPackage?: string;
  npmVersion?: string;
  /** What the skill can do, in single words. */
  capabilities?: string[];
  /** Semver ranges by name of the framework, of those that state one. */
  frameworkRanges?: Record<string, string>;
  allowedTools?: string;
  frontmatter: Record<string, unknown>;
}

const SKILL_FILE = { code: 'invalid_skill_md', file: 'SKILL.md' } as const;

interface Sources {
  skill: SkillMd;
  manifest: Manifest | undefined;
  yaml: SkillYaml | undefined;
}

/**
 * Reads `SKILL.md`, `manifest.json` and `skill.yaml` of a bundle. Only `SKILL.md` is needed. The first source that has a
 * value wins:
 *
 * | field | sources, strongest first |
 * |---|---|
 * | name | `SKILL.md`; a name in `manifest.json` or `skill.yaml` must be the same |
 * | version | `manifest.json`, `SKILL.md` `metadata.version`, `SKILL.md` `version`, `skill.yaml` |
 * | description | `SKILL.md`; another one in `skill.yaml` is reported and ignored |
 * | namespace, category | `manifest.json` |
 * | license | `SKILL.md`, `skill.yaml` |
 * | author | `skill.yaml`, `SKILL.md` `metadata.author`, `SKILL.md` `author` |
 * | keywords | `skill.yaml`, then `SKILL.md` `keywords`, `tags`, `metadata.keywords`, `metadata.tags`, all together |
 * | frameworks, dependencies, capabilities, npm package | `skill.yaml` |
 * | homepage, repository | `skill.yaml`, `SKILL.md` |
 * | e-mail and URL of the author | `skill.yaml` |
 * | compatibility, allowed-tools | `SKILL.md` |
 *
 * A version in `SKILL.md` that is not a semantic version is reported and skipped.
 * The three files have at most 1 MiB, 128 KiB and 64 KiB; what they say has the limits of `text-limits.ts`.
 * @throws FormatError `invalid_skill_md`, `invalid_manifest`, `invalid_skill_yaml`, `limit_exceeded`
 */
export function readMetadata(bundle: Bundle): { metadata: SkillMetadata; findings: Finding[] } {
  const sources = readSources(bundle);
  const { skill, manifest, yaml } = sources;
  checkSameName(skill.name, manifest?.name, 'invalid_manifest', 'manifest.json');
  checkSameName(skill.name, yaml?.name, 'invalid_skill_yaml', 'skill.yaml');

  const findings = [...skill.findings];
  const metadata: SkillMetadata = {
    name: skill.name,
    description: skill.description,
    ...present({
      namespace: manifest?.namespace,
      version: readVersion(sources, findings),
      license: skill.license ?? yaml?.license,
      author: yaml?.author?.name ?? readSkillAuthor(skill),
      authorEmail: yaml?.author?.email,
      authorUrl: yaml?.author?.url,
      homepage: yaml?.homepage ?? readAddress(skill, 'homepage'),
      repository: yaml?.repository ?? readAddress(skill, 'repository'),
      npmPackage: yaml?.npmPackage,
      npmVersion: yaml?.npmVersion,
      compatibility: skill.compatibility,
      category: manifest?.category,
      allowedTools: skill.allowedTools,
    }),
    keywords: readKeywords(sources),
    frameworks: (yaml?.frameworks ?? []).map((framework) => framework.name),
    dependencies: yaml?.dependencies ?? [],
    ...(yaml && yaml.capabilities.length > 0 ? { capabilities: yaml.capabilities } : {}),
    ...(yaml?.frameworks.some(({ range }) => range) ? { frameworkRanges: rangesOf(yaml) } : {}),
    frontmatter: skill.frontmatter,
  };
  if (yaml?.description !== undefined && yaml.description !== skill.description) {
    findings.push(
      warning(
        'description-differs',
        'skill.yaml',
        'skill.yaml has another description than SKILL.md and is ignored',
        'Remove description from skill.yaml, or make it the same.',
      ),
    );
  }
  return { metadata, findings };
}

function readSources(bundle: Bundle): Sources {
  const skill = readFileText(bundle, 'SKILL.md', 'invalid_skill_md');
  if (skill === undefined) {
    const fix = 'Add a SKILL.md with name and description in its frontmatter.';
    throw new FormatError('invalid_skill_md', 'the bundle has no SKILL.md', { fix, file: 'SKILL.md' });
  }
  const manifest = readFileText(bundle, 'manifest.json', 'invalid_manifest');
  const yaml = readFileText(bundle, 'skill.yaml', 'invalid_skill_yaml');
  return {
    skill: parseSkillMd(skill),
    manifest: manifest === undefined ? undefined : parseManifest(manifest),
    yaml: yaml === undefined ? undefined : parseSkillYaml(yaml),
  };
}

function readFileText(
  bundle: Bundle,
  path: keyof typeof MAX_DOCUMENT_BYTES,
  code: FormatErrorCode,
): string | undefined {
  const file = findFile(bundle, path);
  if (file === undefined) return undefined;
  const max = MAX_DOCUMENT_BYTES[path];
  if (file.bytes.length > max) {
    throw new FormatError('limit_exceeded', `${path} has ${file.bytes.length} bytes; the limit is ${max}`, {
      fix: `Make ${path} shorter, or move part of it into another file.`,
      file: path,
    });
  }
  const text = decodeUtf8(file.bytes);
  if (text !== undefined) return text;
  const line = findBadUtf8Line(file.bytes) ?? 1;
  const fix = `Save ${path} as UTF-8; line ${line} is not.`;
  throw new FormatError(code, `${path} is not valid UTF-8`, { fix, file: path, line });
}

function checkSameName(name: string, other: string | undefined, code: FormatErrorCode, file: string): void {
  if (other === undefined || other === name) return;
  throw new FormatError(code, `${file} names the skill '${other}', but SKILL.md names it '${name}'`, {
    fix: `Use the same name in ${file} and SKILL.md.`,
    file,
  });
}

function readVersion({ skill, manifest, yaml }: Sources, findings: Finding[]): string | undefined {
  if (manifest !== undefined) return manifest.version;
  for (const [key, stated] of [
    ['metadata.version', skill.metadata.version],
    ['version', plainText(skill.frontmatter.version)],
  ] as const) {
    if (stated === undefined || isVersion(stated)) continue;
    const message = `SKILL.md: ${key} '${stated}' is not a semantic version and is ignored`;
    findings.push(
      warning('version-not-semver', 'SKILL.md', message, 'Write three numbers, for example version: "1.0.0".'),
    );
  }
  const candidates = [skill.metadata.version, plainText(skill.frontmatter.version), yaml?.version];
  return candidates.find((version) => version !== undefined && isVersion(version));
}

function readKeywords({ skill, yaml }: Sources): string[] {
  const { frontmatter, metadata } = skill;
  const lists = [frontmatter.keywords, frontmatter.tags, metadata.keywords, metadata.tags].flatMap(keywordList);
  for (const word of lists) checkLength('a keyword', word, MAX_TEXT.keyword, SKILL_FILE);
  const keywords = [...new Set([...(yaml?.keywords ?? []), ...lists])];
  checkCount('keywords', keywords.length, MAX_COUNT.keywords, SKILL_FILE);
  return keywords;
}

function readSkillAuthor({ metadata, frontmatter }: SkillMd): string | undefined {
  const author = metadata.author ?? authorName(frontmatter.author);
  checkLength('author', author, MAX_TEXT.author, SKILL_FILE);
  return author;
}

function readAddress({ frontmatter }: SkillMd, key: 'homepage' | 'repository'): string | undefined {
  const address = plainText(frontmatter[key]);
  checkLength(key, address, MAX_TEXT.address, SKILL_FILE);
  return address;
}

function rangesOf({ frameworks }: SkillYaml): Record<string, string> {
  return Object.fromEntries(frameworks.flatMap(({ name, range }) => (range === undefined ? [] : [[name, range]])));
}

/** A list as YAML or JSON text, or words separated by commas; by spaces when they would be too long for one keyword. */
function keywordList(value: unknown): string[] {
  if (Array.isArray(value))
    return value
      .filter((word) => typeof word === 'string')
      .map((word) => word.trim())
      .filter(Boolean);
  if (typeof value !== 'string') return [];
  const list = value.replace(/^\[|\]$/g, '');
  const words = list.split(list.length > MAX_TEXT.keyword && !list.includes(',') ? /\s+/ : ',');
  return words.map((word) => word.trim().replace(/^"|"$/g, '').trim()).filter(Boolean);
}

function authorName(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'name' in value) return plainText(value.name);
  return plainText(value);
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

function present<T extends Record<string, string | null | undefined>>(fields: T): Present<T> {
  const result: Present<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null && value !== undefined && value !== '') result[key] = value;
  }
  return result;
}

function warning(rule: string, file: string, message: string, fix: string): Finding {
  return { rule, severity: 'warning', stage: 'structure', message, fix, file };
}
