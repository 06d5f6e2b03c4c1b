import { foldPath } from './entry-path.ts';

/** Remembers the paths of an archive and finds those that cannot live beside each other on every file system. */
export class PathSet {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();

  /** Adds a file; returns what is wrong with that, or undefined. */
  addFile(path: string): string | undefined {
    const key = foldPath(path);
    const twin = this.#files.get(key);
    if (twin === path) return 'is there twice';
    if (twin !== undefined) return `differs from '${twin}' only in letter case or Unicode form`;
    const folder = this.#folders.get(key);
    if (folder !== undefined) return `is a file and a folder ('${folder}') at once`;

    const slash = path.lastIndexOf('/');
    const problem = slash === -1 ? undefined : this.addFolder(path.slice(0, slash));
    if (problem === undefined) this.#files.set(key, path);
    return problem;
  }

  /** Adds a folder and the folders above it; returns what is wrong with that, or undefined. */
  addFolder(path: string): string | undefined {
    for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      const folder = end === -1 ? path : path.slice(0, end);
      const problem = this.#addOneFolder(folder);
      if (problem !== undefined || end === -1) return problem;
    }
  }

  #addOneFolder(folder: string): string | undefined {
    const key = foldPath(folder);
    const file = this.#files.get(key);
    if (file !== undefined) return `lies in '${folder}', which is also a file`;
    const twin = this.#folders.get(key);
    if (twin !== undefined && twin !== folder) {
      return `lies in '${folder}', which differs from '${twin}' only in letter case or Unicode form`;
    }
    this.#folders.set(key, folder);
    return undefined;
  }
}
