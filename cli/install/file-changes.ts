import { type Bundle, comparePaths } from '../../src/format/bundle.ts';
import { changesBetween, countLines } from '../diff/changes.ts';

/** What becomes of one file. */
export interface FileChange {
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** Lines that are new and lines that are gone; absent for files that are not text. */
  insertions?: number;
  deletions?: number;
}

/** What differs between two states of a skill, by path. */
export function fileChanges(before: Bundle, after: Bundle): FileChange[] {
  return changesBetween(before, after)
    .map((diff): FileChange => {
      const { path, status, binary } = diff;
      if (status !== 'modified') return { path, change: status };
      return { path, change: 'changed', ...(binary ? {} : countLines(diff)) };
    })
    .sort((a, b) => comparePaths(a.path, b.path));
}

const LETTERS = { added: 'A', removed: 'D', changed: 'M' } as const;

/** `M SKILL.md +3 -1` */
export function lineOfFile({ path, change, insertions, deletions }: FileChange): string {
  const counts = insertions === undefined ? '' : ` +${insertions} -${deletions}`;
  return `${LETTERS[change]} ${path}${counts}`;
}
