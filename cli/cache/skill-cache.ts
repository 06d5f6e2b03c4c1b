import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../src/format/digest.ts';
import { checkNamespace, checkSkillName } from '../../src/format/names.ts';
import { compareVersions, isVersion } from '../../src/format/semver.ts';
import { writeAtomically } from '../atomic-file.ts';
import type { Address } from '../client.ts';
import type { CliContext } from '../context.ts';
import { homePath } from '../home.ts';
import { parseJson } from '../http.ts';
import { type CachedVersion, cachedVersionSchema } from './cached-version.ts';
import { TolerantDisk } from './tolerant-disk.ts';

type CacheContext = Pick<CliContext, 'env' | 'home' | 'clock'>;

/** `~/.skills/.cache`. */
export function cachePath(context: Pick<CliContext, 'env' | 'home'>): string {
  return join(homePath(context), '.cache');
}

/**
 * Archives by their digest, and what registries showed of the versions they belong to. Several processes may use it at
 * once. What is damaged is dropped and counts as missing; a disk that cannot be read or written makes the cache useless,
 * and nothing else.
 */
export class SkillCache {
  readonly folder: string;
  readonly #context: CacheContext;
  readonly #disk: TolerantDisk;
  readonly #write: typeof writeAtomically;

  /** @param note is told lines for people @param write the step that fails on a full disk; a test makes it */
  constructor(context: CacheContext, note: (line: string) => void, write = writeAtomically) {
    this.folder = cachePath(context);
    this.#context = context;
    this.#disk = new TolerantDisk(this.folder, note);
    this.#write = write;
  }

  /** Paths of what was damaged. */
  get dropped(): readonly string[] {
    return this.#disk.dropped;
  }

  /** The archive with that SHA-256 (hex), checked just now. */
  async archive(sha256: string): Promise<Uint8Array | undefined> {
    const path = this.archivePath(sha256);
    const bytes = await this.#disk.attempt(() => readFile(path));
    if (bytes === undefined) return undefined;
    if ((await sha256Hex(bytes)) !== sha256) {
      await this.#disk.drop(path);
      return undefined;
    }
    const now = this.#context.clock.now() / 1000;
    await this.#disk.attempt(() => utimes(path, now, now));
    return bytes;
  }

  async keepArchive(sha256: string, bytes: Uint8Array): Promise<void> {
    await this.#keep(this.archivePath(sha256), bytes);
  }

  /** What is known of an exact version; undefined as well when its archive is not here any more. */
  async version(registry: string, address: Address, version: string): Promise<CachedVersion | undefined> {
    const path = await this.#versionPath(registry, { ...address, version });
    if (path === undefined) return undefined;
    const kept = await this.#read(path);
    if (kept === undefined) return undefined;
    const { metadata } = kept;
    const isIt =
      kept.registry === registry &&
      metadata.namespace === address.namespace &&
      metadata.name === address.name &&
      metadata.version === version;
    if (!isIt) return this.#disk.drop(path);
    return (await this.size(metadata.sha256)) === undefined ? undefined : kept;
  }

  async keepVersion(kept: CachedVersion): Promise<void> {
    const path = await this.#versionPath(kept.registry, kept.metadata);
    if (path !== undefined) await this.#keep(path, `${JSON.stringify(kept)}\n`);
  }

  async dropVersion({ registry, metadata }: CachedVersion): Promise<void> {
    const path = await this.#versionPath(registry, metadata);
    if (path !== undefined) await this.#disk.attempt(() => rm(path, { force: true }));
  }

  /** The versions of a skill that can be installed from here, the newest first. */
  async versions(registry: string, address: Address): Promise<CachedVersion[]> {
    const path = await this.#versionPath(registry, { ...address, version: '0.0.0' });
    if (path === undefined) return [];
    const names = (await this.#disk.attempt(() => readdir(dirname(path)))) ?? [];
    const numbers = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    const kept = await Promise.all(numbers.filter(isVersion).map((number) => this.version(registry, address, number)));
    return kept
      .filter((one) => one !== undefined)
      .sort((a, b) => compareVersions(b.metadata.version, a.metadata.version));
  }

  /** Every version here, with or without its archive, by the path of its file. */
  async allVersions(): Promise<Map<string, CachedVersion>> {
    const root = join(this.folder, 'versions');
    const found = (await this.#disk.attempt(() => readdir(root, { recursive: true }))) ?? [];
    const all = new Map<string, CachedVersion>();
    for (const file of found.filter((path) => path.endsWith('.json')).sort()) {
      const kept = await this.#read(join(root, file));
      if (kept) all.set(join(root, file), kept);
    }
    return all;
  }

  /** Bytes of an archive; undefined when it is not here. */
  async size(sha256: string): Promise<number | undefined> {
    return (await this.#disk.attempt(() => stat(this.archivePath(sha256))))?.size;
  }

  archivePath(sha256: string): string {
    return join(this.folder, 'sha256', sha256.slice(0, 2), sha256);
  }

  /** Names come from registries: only such as cannot lead anywhere else make a path. */
  async #versionPath(
    registry: string,
    { namespace, name, version }: Address & { version: string },
  ): Promise<string | undefined> {
    if (checkNamespace(namespace) ?? checkSkillName(name)) return undefined;
    if (!isVersion(version)) return undefined;
    const host = new URL(registry).host.replace(/[^a-z0-9.-]/gi, '_').slice(0, 80);
    const digest = await sha256Hex(new TextEncoder().encode(registry));
    return join(this.folder, 'versions', `${host}-${digest.slice(0, 12)}`, namespace, name, `${version}.json`);
  }

  async #read(path: string): Promise<CachedVersion | undefined> {
    const text = await this.#disk.attempt(() => readFile(path, 'utf8'));
    if (text === undefined) return undefined;
    const kept = cachedVersionSchema.safeParse(parseJson(text));
    return kept.success ? kept.data : this.#disk.drop(path);
  }

  async #keep(path: string, content: string | Uint8Array): Promise<void> {
    await this.#disk.attempt(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await this.#write(path, content, 0o600);
      const now = this.#context.clock.now() / 1000;
      await utimes(path, now, now);
    });
  }
}
