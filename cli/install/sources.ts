import { relative } from 'node:path';
import { readArchive, writeTarGz } from '../../src/format/archive.ts';
import type { Bundle } from '../../src/format/bundle.ts';
import { sha256Hex, treeDigest } from '../../src/format/digest.ts';
import type { Finding } from '../../src/format/finding.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import type { SkillDependency } from '../../src/format/skill-yaml.ts';
import { type CheckedSkill, checkLocal, checkSkill } from '../check-skill.ts';
import type { CliContext } from '../context.ts';
import { CodedError, InvalidSkill } from '../failure.ts';
import { readBody } from '../http.ts';
import type { InstallRecord } from '../project/record.ts';
import type { Scope } from '../project/scope.ts';
import type { Request } from './requests.ts';

/** A skill that comes from no registry: nobody signed it, and nobody but this program vetted it. */
export interface SourceSkill {
  record: InstallRecord;
  bundle: Bundle;
  needs: SkillDependency[];
  /** Doubts that do not keep it from being installed. */
  doubts: Finding[];
}

/** Of a skill that names none. */
const NO_VERSION = '0.0.0';

/** Reads a skill that comes from no registry; see `readFileSource` and `readUrlSource`. */
export function readSource(context: Pick<CliContext, 'fetch'>, scope: Scope, request: Request): Promise<SourceSkill> {
  if (request.kind === 'registry') throw new Error(`'${request.text}' is no place of a skill`);
  return request.kind === 'file' ? readFileSource(request.path, scope.root) : readUrlSource(context, request.url);
}

/**
 * Reads a skill from a folder or an archive, with the rules of a registry.
 *
 * @param root its place is noted relative to it
 * @throws InvalidSkill when it breaks a rule; UserError, FormatError for what cannot be read
 */
export async function readFileSource(path: string, root: string): Promise<SourceSkill> {
  const checked = await checkSkill(path);
  const way = relative(root, path).replaceAll('\\', '/');
  return toSource(checked, `file:${way === '' ? '.' : way}`, path);
}

/**
 * Downloads a skill from the web.
 *
 * @throws CodedError `network`, `http_…`, `too_large`; else as `readFileSource`
 */
export async function readUrlSource(context: Pick<CliContext, 'fetch'>, url: string): Promise<SourceSkill> {
  const archive = await download(context, url);
  return toSource(checkLocal({ archive, bundle: await readArchive(archive) }), url, shown(url));
}

async function toSource(checked: CheckedSkill, source: string, label: string): Promise<SourceSkill> {
  const { bundle, archive, metadata, findings } = checked;
  const broken = findings.filter(({ severity, stage }) => severity === 'error' && stage === 'structure');
  if (!metadata || broken.length > 0) {
    const why = broken.map(({ message }) => message).join('; ');
    throw new InvalidSkill(`${label} is not a valid skill: ${why}.`, 'Tell whoever made it, or mend it.', findings);
  }
  const record = {
    name: metadata.name,
    version: metadata.version ?? NO_VERSION,
    source,
    sha256: await sha256Hex(archive ?? (await writeTarGz(bundle))),
    treeDigest: await treeDigest(bundle),
  };
  const doubts = findings.filter(({ severity }) => severity !== 'info');
  return { record, bundle, needs: metadata.dependencies, doubts };
}

async function download({ fetch }: Pick<CliContext, 'fetch'>, url: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'GET', headers: { accept: '*/*' } });
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const fix = 'Check the address and your connection, then try again.';
    throw new CodedError('network', `${shown(url)} cannot be reached: ${why}.`, fix, 1, { cause });
  }
  if (!response.ok) {
    const fix = 'Check the address: it has to be that of an archive (.tar.gz, .zip or .skill).';
    throw new CodedError(`http_${response.status}`, `${shown(url)} answered with HTTP ${response.status}.`, fix);
  }
  return readBody(new URL(url).origin, response, DEFAULT_LIMITS.maxArchiveBytes);
}

/** What follows a question mark may be a secret. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
