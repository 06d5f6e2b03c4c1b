import { rm } from 'node:fs/promises';
import { errorCode } from '../atomic-file.ts';

const REASONS: Record<string, string> = { ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up' };

/** Access to a folder that one can do without: what the disk refuses counts as missing, and is told once. */
export class TolerantDisk {
  readonly folder: string;
  /** What was dropped, by path. */
  readonly dropped: string[] = [];
  readonly #note: (line: string) => void;
  #told = false;

  constructor(folder: string, note: (line: string) => void) {
    this.folder = folder;
    this.#note = note;
  }

  /** The answer of the disk; undefined for what is not there, or when the disk refuses. */
  async attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      if (code !== 'ENOENT' && !this.#told) {
        this.#told = true;
        this.#note(`note: the cache in ${this.folder} cannot be used (${REASONS[code] ?? code}); going on without it.`);
      }
      return undefined;
    }
  }

  /** Removes what is not what this program wrote. */
  async drop(path: string): Promise<undefined> {
    this.dropped.push(path);
    this.#note(`note: ${path} was damaged, and is dropped from the cache.`);
    await this.attempt(() => rm(path, { force: true }));
  }
}
