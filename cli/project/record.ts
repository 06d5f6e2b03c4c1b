import * as z from 'zod';
import { checkNamespace, checkSkillName } from '../../src/format/names.ts';
import { isVersion } from '../../src/format/semver.ts';
import { CodedError } from '../failure.ts';
import { normalizeRegistry } from '../registry.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const names = z.array(z.string());

/** A lock file comes with a project: it may not make a registry of whatever it likes, nor write one in two ways. */
function isAddress(text: string): boolean {
  try {
    return normalizeRegistry(text) === text;
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

const entrySchema = z.object({
  version: z.string().refine(isVersion),
  /** Where it came from: the address of a registry, or in `source` a folder, an archive or a web address. */
  registry: z.string().refine(isAddress).optional(),
  source: z
    .string()
    .regex(/^(file:|https?:\/\/)/)
    .optional(),
  /** Of the archive that was read. */
  sha256,
  /** Of the files; see `treeDigest`. */
  treeDigest: sha256,
  /** The registry's key that signed the archive. */
  keyId: z.string().optional(),
  /** Where the registry's transparency log has the version. */
  log: z.object({ position: z.number().int().nonnegative() }).optional(),
  /** Ranges by `@namespace/name`, optional ones that were left out not among them. */
  dependencies: z.record(z.string(), z.string()).optional(),
  /** Those of the dependencies that it can do without. */
  optional: names.optional(),
  /** What was asked for, of a skill that is wanted for itself and that no `skills.json` names. */
  requested: z.string().optional(),
  /** Agents that the skill was made visible to beyond those that look into `.agents/skills`. */
  agents: names.optional(),
  /** True when agents were given copies, not links, because the user wanted so. */
  copied: z.boolean().optional(),
});

type Entry = z.infer<typeof entrySchema>;

/** What was installed under one name, and from where. */
export interface InstallRecord extends Entry {
  /** Absent for a skill that comes from no registry. */
  namespace?: string;
  name: string;
}

/** A skill from a registry. */
export type RegistryRecord = InstallRecord & { namespace: string; registry: string; keyId: string };

export function isFromRegistry(record: InstallRecord): record is RegistryRecord {
  return record.namespace !== undefined && record.registry !== undefined && record.keyId !== undefined;
}

interface Named {
  namespace?: string;
  name: string;
}

/** `@namespace/name`, or the name alone for a skill from no registry. */
export function keyOfRecord({ namespace, name }: Named): string {
  return namespace === undefined ? name : `@${namespace}/${name}`;
}

/** `@namespace/name@version`. */
export function labelOf(record: Named & { version: string }): string {
  return `${keyOfRecord(record)}@${record.version}`;
}

/** Reads `@namespace/name` or `name`; undefined for anything else. */
export function readKey(key: string): Named | undefined {
  const [, namespace, name = ''] = /^(?:@([^/]*)\/)?([^/@]*)$/.exec(key) ?? [];
  if (checkSkillName(name) !== undefined) return undefined;
  if (namespace === undefined) return { name };
  return checkNamespace(namespace) === undefined ? { namespace, name } : undefined;
}

const fileSchema = z.object({ lockfileVersion: z.literal(1), skills: z.record(z.string(), entrySchema) });

/**
 * Reads the text of `skills.lock` or of the user's `index.json`: records by `@namespace/name`.
 *
 * @throws SyntaxError, ZodError for a text that this program did not write
 */
export function parseRecords(text: string): Map<string, InstallRecord> {
  const { skills } = fileSchema.parse(JSON.parse(text));
  const records = Object.entries(skills).map(([key, entry]): [string, InstallRecord] => {
    const named = readKey(key);
    const isWhole = named?.namespace === undefined ? entry.source !== undefined : entry.registry && entry.keyId;
    if (!named || !isWhole) throw new SyntaxError(`'${key.slice(0, 200)}' is no entry of a lock file`);
    return [key, { ...named, ...entry }];
  });
  return new Map(records);
}

/** The text for `parseRecords`: the same records always give the same bytes. */
export function formatRecords(records: ReadonlyMap<string, InstallRecord>): string {
  const skills = Object.fromEntries([...records].sort(byKey).map(([key, record]) => [key, tidy(record)]));
  return `${JSON.stringify({ lockfileVersion: 1, skills }, null, 2)}\n`;
}

/** A record without its name: fields in one order, lists sorted, empty ones left out. */
export function tidy(record: InstallRecord): Entry {
  const { version, registry, source, sha256: digest, treeDigest, keyId, log, requested, copied } = record;
  const dependencies = Object.fromEntries(Object.entries(record.dependencies ?? {}).sort(byKey));
  const optional = [...(record.optional ?? [])].sort();
  const agents = [...(record.agents ?? [])].sort();
  return {
    version,
    ...(registry === undefined ? {} : { registry }),
    ...(source === undefined ? {} : { source }),
    sha256: digest,
    treeDigest,
    ...(keyId === undefined ? {} : { keyId }),
    ...(log === undefined ? {} : { log: { position: log.position } }),
    ...(Object.keys(dependencies).length === 0 ? {} : { dependencies }),
    ...(optional.length === 0 ? {} : { optional }),
    ...(requested === undefined ? {} : { requested }),
    ...(agents.length === 0 ? {} : { agents }),
    ...(copied ? { copied } : {}),
  };
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
