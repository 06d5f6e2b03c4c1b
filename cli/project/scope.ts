import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import type { CliContext } from '../context.ts';
import { homePath } from '../home.ts';
import { isOwnFolder } from '../loader/own-folder.ts';
import type { InstallRecord } from './record.ts';

export const MANIFEST = 'skills.json';
export const LOCK = 'skills.lock';

/** Where skills are installed: for a project, or for the user. */
export interface Scope {
  kind: 'project' | 'global';
  /** The project's folder, or the user's `~/.skills`. */
  root: string;
  /** `skills.lock`, or the user's `index.json`. */
  recordsPath: string;
  /** `skills.json`; the user has none. */
  manifestPath: string | undefined;
  /** What the disk holds, beside the skills: `skills.lock` may come from somebody else. The user's record is both. */
  onDiskPath: string;
  /** Agents' folders are below it: the project's folder, or the user's home. */
  base: string;
  /** The folder that most agents look into. */
  agentsFolder: string;
}

type ScopeContext = Pick<CliContext, 'env' | 'home' | 'cwd'>;

/** The user's scope, or that of the project that the current folder belongs to. */
export function scopeOf(context: ScopeContext, global: boolean): Scope {
  return global ? globalScope(context) : projectScope(projectRoot(context.cwd));
}

export function projectScope(root: string): Scope {
  return {
    kind: 'project',
    root,
    recordsPath: join(root, LOCK),
    manifestPath: join(root, MANIFEST),
    onDiskPath: join(root, '.agents', 'skills', '.installed.json'),
    base: root,
    agentsFolder: join(root, '.agents', 'skills'),
  };
}

function globalScope(context: ScopeContext): Scope {
  const root = homePath(context);
  const recordsPath = join(root, 'index.json');
  return {
    kind: 'global',
    root,
    recordsPath,
    onDiskPath: recordsPath,
    manifestPath: undefined,
    base: context.home,
    agentsFolder: join(context.home, '.agents', 'skills'),
  };
}

/**
 * The nearest folder from `cwd` upwards that holds `skills.json` or `skills.lock`; without one, `cwd` itself. Folders above
 * count only where they are the user's own.
 */
export function projectRoot(cwd: string): string {
  const top = parse(cwd).root;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const isProject = existsSync(join(folder, MANIFEST)) || existsSync(join(folder, LOCK));
    if (isProject && (folder === cwd || isOwnFolder(folder))) return folder;
    if (folder === top || folder === dirname(folder)) return cwd;
  }
}

/** Where the files of an installed skill are. */
export function skillFolder(scope: Scope, { name, version }: Pick<InstallRecord, 'name' | 'version'>): string {
  return scope.kind === 'project' ? join(scope.agentsFolder, name) : join(scope.root, name, version);
}
