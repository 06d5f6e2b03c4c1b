import type { BundleFile } from '../../format/bundle.ts';
import { sha256Hex } from '../../format/digest.ts';
import { MAX_DOCUMENT_BYTES } from '../../format/text-limits.ts';
import { type SkillDescription, writeSkillMd, writeSkillYaml } from '../../format/written-skill.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type Publication, publishNow } from './publish-now.ts';

/** A file of a skill: its text, or where that is. */
export type TextSource = { text: string } | { url: string };

export interface DescribedSkill {
  description: SkillDescription;
  /** `SKILL.md`; without it, one is written from the description. */
  skillMd?: TextSource;
  /** `skill.yaml`, the same; what it says then counts, and the description only gives name and version. */
  skillYaml?: TextSource;
  /** SHA-256 in hex that the bytes of `skillMd` must have. */
  checksum?: string;
}

type DescribedDeps = Parameters<typeof publishNow>[0] & Pick<Deps, 'outgoing'>;

/**
 * Publishes a skill of which a client sends a description, in the namespace of its key: the files are taken from the
 * request, fetched, or written, and then go the way of every upload.
 *
 * @throws Problem `unauthorized`, `forbidden` before anything is fetched; `digest_mismatch`; as `Outgoing.get` and `publishNow` do
 */
export async function publishDescribed(
  deps: DescribedDeps,
  actor: Actor,
  { description, skillMd, skillYaml, checksum }: DescribedSkill,
): Promise<Publication> {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'A described skill goes to the namespace of the key, and the operator has none.', {
      fix: 'Use a key of a namespace.',
    });
  }
  authorize(actor, 'publish', actor.kind === 'key' ? actor.namespace : '');
  const skill = await read(deps, skillMd, 'SKILL.md', () => writeSkillMd(description));
  if (checksum !== undefined) await requireDigest(skillMd && skill, checksum);
  const { name, description: _, ...rest } = description;
  // Of two names that differ, the author shall hear of the one in the file that they wrote.
  const written = () => writeSkillYaml(skillMd ? rest : { name, ...rest });
  const yaml = await read(deps, skillYaml, 'skill.yaml', written);
  return publishNow(deps, actor, { files: [skill, yaml], slug: name, version: rest.version });
}

async function read(
  deps: Pick<Deps, 'outgoing'>,
  source: TextSource | undefined,
  path: 'SKILL.md' | 'skill.yaml',
  written: () => string,
): Promise<BundleFile> {
  if (source !== undefined && 'url' in source) {
    return { path, bytes: await fetchFile(deps, source.url, path), executable: false };
  }
  return { path, bytes: new TextEncoder().encode(source?.text ?? written()), executable: false };
}

/** What is wrong with an address is said of the file that should come from it. */
async function fetchFile({ outgoing }: Pick<Deps, 'outgoing'>, url: string, path: 'SKILL.md' | 'skill.yaml') {
  try {
    return await outgoing.get(url, MAX_DOCUMENT_BYTES[path]);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, message, details } = error;
    throw new Problem(code, message, { ...details, errors: [{ path, message }] }, { cause: error });
  }
}

async function requireDigest(file: BundleFile | undefined, expected: string): Promise<void> {
  if (file === undefined) {
    throw new Problem('digest_mismatch', 'A checksum is given, but no SKILL.md that it could be of.', {
      fix: 'Send skillMd or skillMdUrl beside it, or leave it out.',
    });
  }
  const actual = await sha256Hex(file.bytes);
  if (actual === expected) return;
  throw new Problem('digest_mismatch', `The SHA-256 of SKILL.md is ${actual}, but ${expected} was declared.`, {
    fix: 'The checksum is that of the bytes of SKILL.md; correct it, or leave it out.',
  });
}
