import { lstat, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readArchive, sniffArchive, writeTarGz } from '../src/format/archive.ts';
import type { Bundle } from '../src/format/bundle.ts';
import type { Finding } from '../src/format/finding.ts';
import { FormatError } from '../src/format/format-error.ts';
import { DEFAULT_LIMITS } from '../src/format/limits.ts';
import { isVersion } from '../src/format/semver.ts';
import { readMetadata, type SkillMetadata } from '../src/format/skill-metadata.ts';
import { examineBundle } from '../src/vetting/examination.ts';
import { vetContent, vetStructure } from '../src/vetting/rules.ts';
import { errorCode } from './atomic-file.ts';
import { CodedError, usageError } from './failure.ts';
import { type LeftOut, readFolderContents } from './folder.ts';
import { PLACEHOLDER } from './init/placeholder.ts';
import { UserError } from './user-error.ts';

/** A skill as it lies on disk, a folder or an archive. */
export interface LocalSkill {
  bundle: Bundle;
  /** The archive as it is; absent for a folder. */
  archive?: Uint8Array;
  /** What lies in the folder and is not part of the skill. */
  leftOut?: LeftOut[];
}

export interface CheckedSkill extends LocalSkill {
  findings: Finding[];
  /** What a registry with the same rules would call it. */
  verdict: 'clean' | 'suspicious' | 'malicious';
  /** What the verdict comes from; 0 for nothing found. */
  score: number;
  /** Absent when an error among the findings says why it cannot be read. */
  metadata?: SkillMetadata;
}

/**
 * Reads a skill from a folder or an archive and applies the rules that need no registry: the hub's stages 1, 2 and 4.
 *
 * @throws UserError, FormatError for what cannot be read at all
 */
export async function checkSkill(path: string): Promise<CheckedSkill> {
  return checkLocal(await readLocal(path));
}

/** The same for a skill that was read already. */
export function checkLocal(local: LocalSkill): CheckedSkill {
  const metadata = metadataOf(local.bundle);
  const context = { limits: DEFAULT_LIMITS, name: metadata?.name ?? '' };
  const { verdict, score, findings: doubts } = examineBundle(local.bundle);
  const found = [...vetStructure(local.bundle, context), ...vetContent(local.bundle), ...doubts];
  const findings = [...(metadata?.description === PLACEHOLDER ? [UNTOUCHED] : []), ...inReadingOrder(found)];
  return { ...local, findings, verdict, score, ...(metadata ? { metadata } : {}) };
}

/** Not refused: a skill that was just begun is valid. */
const UNTOUCHED: Finding = {
  rule: 'placeholder-description',
  severity: 'warning',
  stage: 'content',
  file: 'SKILL.md',
  message: 'the description is still the one that a new skill begins with',
  fix: 'Say what the skill does, and when an agent should use it.',
};

/** File by file, and from the top: in the order in which somebody mends them. */
function inReadingOrder(findings: readonly Finding[]): Finding[] {
  const files = [...new Set(findings.map(({ file }) => file))];
  const rank = ({ file }: Finding) => files.indexOf(file);
  return [...findings].sort((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0));
}

/** What the registry does not mind, but whoever publishes or copies the skill will. */
export function adviceFor(path: string, { metadata, archive }: CheckedSkill): Finding[] {
  if (metadata === undefined) return [];
  const { name, version } = metadata;
  const advice = { severity: 'warning', stage: 'structure', file: 'SKILL.md' } as const;
  const findings: Finding[] = [];
  if (version === undefined) {
    const fix = 'Add version: "1.0.0" under metadata in SKILL.md, or publish with --version 1.0.0.';
    findings.push({ ...advice, rule: 'version-missing', message: 'the skill names no version', fix });
  }
  const folder = basename(path);
  if (archive === undefined && folder !== name) {
    const message = `the folder is named '${folder}', but the skill '${name}'`;
    findings.push({
      ...advice,
      rule: 'folder-name',
      message,
      fix: `Rename the folder to ${name}, or correct the name.`,
    });
  }
  return findings;
}

async function readLocal(path: string): Promise<LocalSkill> {
  const stats = await lstat(path).catch((cause) => {
    if (errorCode(cause) === 'ENOENT')
      throw new UserError(`${path} does not exist.`, 'Name the folder of a skill or a .skill file.', 1, { cause });
    throw cause;
  });
  if (!stats.isFile()) return readFolderContents(path);
  if (stats.size > DEFAULT_LIMITS.maxArchiveBytes) throw tooLarge(path, stats.size);
  const archive = new Uint8Array(await readFile(path));
  return { archive, bundle: await readArchive(archive) };
}

/** Nothing for what `vetStructure` reports as an error. */
function metadataOf(bundle: Bundle): SkillMetadata | undefined {
  try {
    return readMetadata(bundle).metadata;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * The version to pack or publish under: what the skill says, or else the flag; both must agree.
 *
 * @throws CodedError for a version that is missing, malformed or contradicted
 */
export function chooseVersion({ version }: SkillMetadata, flag: string | undefined): string {
  if (flag !== undefined && !isVersion(flag))
    throw usageError(`--version ${flag} is not a semantic version.`, 'Use MAJOR.MINOR.PATCH, e.g. 1.0.0.');
  if (flag !== undefined && version !== undefined && flag !== version) {
    throw usageError(
      `The skill says version ${version}, but --version says ${flag}.`,
      'Make them agree, or leave --version out.',
    );
  }
  const chosen = version ?? flag;
  if (chosen !== undefined) return chosen;
  throw new CodedError(
    'invalid_version',
    'The skill names no version.',
    'Add version: "1.0.0" under metadata in SKILL.md, or give --version 1.0.0.',
  );
}

/**
 * The archive to send: the given one as it is, or else the canonical one; a zip is packed anew.
 *
 * @throws CodedError `limit_exceeded`
 */
export async function archiveOf({ archive, bundle }: LocalSkill): Promise<Uint8Array> {
  const bytes = archive !== undefined && sniffArchive(archive) === 'tar.gz' ? archive : await writeTarGz(bundle);
  if (bytes.length > DEFAULT_LIMITS.maxArchiveBytes) throw tooLarge('The archive', bytes.length);
  return bytes;
}

function tooLarge(what: string, size: number): CodedError {
  const message = `${what} has ${size} bytes; the limit is ${DEFAULT_LIMITS.maxArchiveBytes}.`;
  return new CodedError('limit_exceeded', message, 'Leave out what the skill does not need.');
}
