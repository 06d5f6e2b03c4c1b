import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { checkNamespace } from '../../src/format/names.ts';
import { errorCode } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import { readKey } from './record.ts';

const schema = z.looseObject({
  skills: z.record(z.string(), z.string().min(1).max(2048)).default({}),
  registries: z.record(z.string(), z.string()).default({}),
  agents: z.array(z.string()).optional(),
});

/** What a project wants, as its `skills.json` says. */
export interface Manifest {
  /** A range, a version or a tag by `@namespace/name`; `file:…` or a web address by bare name. */
  skills: Record<string, string>;
  /** Addresses by `@namespace`. */
  registries: Record<string, string>;
  /** Whom skills are made visible to, where nobody says otherwise. */
  agents: string[] | undefined;
  /** The file as it is; undefined when there is none. */
  text: string | undefined;
}

/**
 * Reads `skills.json`; without one, nothing is wanted.
 *
 * @throws CodedError `invalid_manifest` naming the place
 */
export async function readManifest(path: string | undefined): Promise<Manifest> {
  const text = path === undefined ? undefined : await readText(path);
  if (path === undefined || text === undefined)
    return { skills: {}, registries: {}, agents: undefined, text: undefined };
  const { skills, registries, agents } = parse(path, text);
  for (const [key, value] of Object.entries(skills)) {
    const named = readKey(key);
    if (!named) throw invalid(path, `"skills" has the key '${key.slice(0, 200)}'`, 'Write it as @namespace/name.');
    if ((named.namespace === undefined) !== isSource(value)) throw wrongKind(path, key, value);
  }
  for (const key of Object.keys(registries)) {
    if (!key.startsWith('@') || checkNamespace(key.slice(1)) !== undefined)
      throw invalid(path, `"registries" has the key '${key.slice(0, 200)}'`, 'Write it as @namespace.');
  }
  return { skills, registries, agents, text };
}

/** Whether a skill is wanted from a folder, an archive or the web, and not from a registry. */
export function isSource(wanted: string): boolean {
  return /^(file:|https?:\/\/)/.test(wanted);
}

/**
 * The text of `skills.json` after a change of what is wanted. Everything else in it stays, and so does its indentation.
 *
 * @param change the range to want by `@namespace/name`, undefined to want it no more
 */
export function editManifest({ text }: Manifest, change: ReadonlyMap<string, string | undefined>): string {
  const document: Record<string, unknown> = text === undefined ? {} : JSON.parse(withoutMark(text));
  const skills = new Map(Object.entries((document.skills ?? {}) as Record<string, string>));
  for (const [key, range] of change) {
    if (range === undefined) skills.delete(key);
    else skills.set(key, range);
  }
  const sorted = [...skills].sort(([a], [b]) => (a < b ? -1 : 1));
  const indent = /^[\t ]+/m.exec(text ?? '')?.[0] ?? '  ';
  return `${JSON.stringify({ ...document, skills: Object.fromEntries(sorted) }, null, indent)}\n`;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(path: string, text: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(withoutMark(text)));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(path, `is not JSON: ${cause.message}`, 'Correct it.', cause);
    if (!(cause instanceof z.ZodError)) throw cause;
    const [issue] = cause.issues;
    const place = issue?.path.length ? `"${issue.path.join('.')}"` : 'the document';
    const fix = 'It looks like {"skills": {"@acme/pdf-tools": "^1.2.0"}}.';
    throw invalid(path, `${place} does not have the expected form`, fix, cause);
  }
}

function wrongKind(path: string, key: string, value: string): CodedError {
  const fix = isSource(value)
    ? 'A skill from a folder or the web has no namespace: name it as its SKILL.md does.'
    : 'Write it with its namespace: @namespace/name.';
  return invalid(path, `"skills" wants '${key}' as '${value.slice(0, 200)}'`, fix);
}

function invalid(path: string, problem: string, fix: string, cause?: unknown): CodedError {
  return new CodedError('invalid_manifest', `${path}: ${problem}.`, fix, 1, { cause });
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}
