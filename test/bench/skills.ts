import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bundleOf } from '../../src/format/accept-files.ts';
import type { Bundle, BundleFile } from '../../src/format/bundle.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { readTar } from '../../src/format/tar-read.ts';

/** Thousands of real skills, where somebody has put them: a tar of `skills/<namespace>/<name>/<file>`. */
export const CORPUS = join(import.meta.dirname, '../../../shared/corpus/skills.tar.gz');

export interface BenchSkill {
  namespace: string;
  name: string;
  bundle: Bundle;
}

export interface SkillSource {
  /** For the report. */
  description: string;
  skills: BenchSkill[];
}

/** Real skills when the corpus is there, else generated ones; the same ones in the same order every time. */
export function skillSource(count: number): SkillSource {
  if (!existsSync(CORPUS)) {
    const skills = generatedSkills(count);
    return { description: `${skills.length} generated skills (there is no corpus of real ones here)`, skills };
  }
  const skills = corpusSkills().slice(0, count);
  return { description: `${skills.length} real skills`, skills };
}

/** The skills of the corpus, mixed, so that any first part of them is spread over all namespaces. */
export function corpusSkills(): BenchSkill[] {
  const tar = new Uint8Array(gunzipSync(readFileSync(CORPUS)));
  const files = new Map<string, BundleFile[]>();
  for (const entry of readTar(tar, { ...DEFAULT_LIMITS, maxFiles: 1_000_000 })) {
    const [, id, path] = /^(?:\.\/)?skills\/([^/]+\/[^/]+)\/(.+)$/.exec(entry.path) ?? [];
    if (entry.kind === 'folder' || id === undefined || path === undefined) continue;
    const skill = files.get(id) ?? [];
    skill.push({ path, bytes: entry.bytes, executable: entry.executable });
    files.set(id, skill);
  }
  const ids = [...files.keys()].map((id) => ({ id, order: createHash('sha256').update(id).digest('hex') }));
  ids.sort((a, b) => (a.order < b.order ? -1 : 1));
  return ids.map(({ id }) => {
    const [namespace = '', name = ''] = id.split('/');
    return { namespace, name, bundle: bundleOf(files.get(id) ?? []) };
  });
}

const VERBS = ['review', 'write', 'convert', 'plan', 'deploy', 'summarize', 'test', 'translate', 'profile', 'migrate'];
const SUBJECTS = ['react-components', 'sql-queries', 'pdf-forms', 'terraform-modules', 'release-notes', 'api-clients'];

/** Skills of one file that sound like real ones. */
export function generatedSkills(count: number): BenchSkill[] {
  return Array.from({ length: count }, (_, index) => {
    const verb = VERBS[index % VERBS.length] ?? '';
    const subject = SUBJECTS[Math.floor(index / VERBS.length) % SUBJECTS.length] ?? '';
    const description = `Helps an agent to ${verb} ${subject.replace('-', ' ')} the way team ${index} likes it.`;
    return generatedSkill(`namespace-${index % 5}`, `${verb}-${subject}-${spelled(index)}`, description);
  });
}

/** A skill of one file of about 4 kB. */
export function generatedSkill(namespace: string, name: string, description: string): BenchSkill {
  const body = `Step: look at the input of ${name}, then decide.\n`.repeat(80);
  const text = `---\nname: ${name}\ndescription: ${description}\n---\n# ${name}\n\n${body}`;
  return {
    namespace,
    name,
    bundle: { files: [{ path: 'SKILL.md', bytes: new TextEncoder().encode(text), executable: false }] },
  };
}

/** Each digit tripled, so that any two numbers differ by three edits or more: closer names count as imitations. */
function spelled(index: number): string {
  return [...String(index)].map((digit) => digit.repeat(3)).join('');
}
