import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { compareVersions, isVersion } from '../../src/format/semver.ts';
import { type SearchBody, searchHitSchema } from '../../src/http/v1/schemas.ts';
import { writeAtomically } from '../atomic-file.ts';
import type { CliContext } from '../context.ts';
import { parseJson } from '../http.ts';
import { cachePath } from './skill-cache.ts';
import { TolerantDisk } from './tolerant-disk.ts';

/** How many skills of one registry are remembered; a search through them takes half a second. */
export const MOST_KNOWN = 5_000;
const MOST_REGISTRIES = 20;

const knownSchema = searchHitSchema.omit({ id: true, created_at: true });

const registrySchema = z.object({
  /** When all of the registry, or its `MOST_KNOWN` most downloaded skills, were fetched; RFC 3339. */
  refreshed_at: z.iso.datetime().optional(),
  /** When something was learned last. */
  seen_at: z.iso.datetime(),
  skills: z.array(knownSchema),
});

const indexSchema = z.object({ registries: z.record(z.string(), registrySchema) });

/** What a search says of a skill. */
export type KnownSkill = z.infer<typeof knownSchema>;
export type KnownRegistry = z.infer<typeof registrySchema>;

/**
 * What registries were heard to say of their skills, in `~/.skills/.cache/registry-metadata.json`: what is searched without
 * the network. Of two processes that write at the same time one wins, and nothing is lost that matters.
 */
export class MetadataIndex {
  readonly path: string;
  readonly #context: Pick<CliContext, 'clock'>;
  readonly #disk: TolerantDisk;

  /** @param note is told lines for people */
  constructor(context: Pick<CliContext, 'env' | 'home' | 'clock'>, note: (line: string) => void) {
    this.#context = context;
    this.#disk = new TolerantDisk(cachePath(context), note);
    this.path = join(this.#disk.folder, 'registry-metadata.json');
  }

  async of(registry: string): Promise<KnownRegistry | undefined> {
    const registries = await this.#read();
    return registries.get(registry);
  }

  /** Learns what a search or a skill's metadata say; a version that is newer than what they say stays. */
  async learn(registry: string, skills: readonly KnownSkill[]): Promise<void> {
    if (skills.length === 0) return;
    const registries = await this.#read();
    const before = registries.get(registry);
    const known = new Map(before?.skills.map((skill) => [keyOf(skill), skill]));
    let isNews = false;
    for (const skill of skills) {
      const old = known.get(keyOf(skill));
      const merged = merge(old, skill);
      isNews ||= !isDeepStrictEqual(merged, old);
      known.delete(keyOf(skill));
      known.set(keyOf(skill), merged);
    }
    if (!isNews) return;
    // What was heard of last comes last, and stays.
    const kept = [...known.values()].slice(-MOST_KNOWN);
    await this.#write(registries, registry, { ...before, seen_at: this.#now(), skills: kept });
  }

  /** Takes the place of all that was known of a registry. */
  async replace(registry: string, skills: readonly KnownSkill[]): Promise<void> {
    const now = this.#now();
    const kept = skills.slice(0, MOST_KNOWN);
    await this.#write(await this.#read(), registry, { refreshed_at: now, seen_at: now, skills: kept });
  }

  async #read(): Promise<Map<string, KnownRegistry>> {
    const text = await this.#disk.attempt(() => readFile(this.path, 'utf8'));
    if (text === undefined) return new Map();
    const index = indexSchema.safeParse(parseJson(text));
    if (index.success) return new Map(Object.entries(index.data.registries));
    await this.#disk.drop(this.path);
    return new Map();
  }

  async #write(registries: Map<string, KnownRegistry>, registry: string, known: KnownRegistry): Promise<void> {
    registries.delete(registry);
    const all = [...registries, [registry, known]].slice(-MOST_REGISTRIES);
    await this.#disk.attempt(async () => {
      await mkdir(this.#disk.folder, { recursive: true, mode: 0o700 });
      await writeAtomically(this.path, `${JSON.stringify({ registries: Object.fromEntries(all) })}\n`, 0o600);
    });
  }

  #now(): string {
    return new Date(this.#context.clock.now()).toISOString();
  }
}

/** What a hit of a search is remembered as. */
export function knownOf(hit: SearchBody['packages'][number]): KnownSkill {
  return knownSchema.parse(hit);
}

function keyOf({ namespace, name }: KnownSkill): string {
  return `${namespace}/${name}`;
}

function merge(before: KnownSkill | undefined, now: KnownSkill): KnownSkill {
  if (before === undefined) return now;
  const [old, young] = [before.latest_version, now.latest_version];
  if (isVersion(old) && isVersion(young) && compareVersions(old, young) > 0) return before;
  const downloads = now.downloads ?? before.downloads;
  return { ...now, ...(downloads === undefined ? {} : { downloads }) };
}
