import type { Bundle } from '../../src/format/bundle.ts';
import { type DiffBudget, diffBudget, diffText } from '../../src/format/text-diff.ts';

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
  const budget = diffBudget();
  const old = new Map(before.files.map((file) => [file.path, file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    const [was, is] = [old.get(path), now.get(path)];
    if (!was) return [{ path, change: 'added' }];
    if (!is) return [{ path, change: 'removed' }];
    const isSame = Buffer.from(was.bytes).equals(is.bytes) && was.executable === is.executable;
    return isSame ? [] : [{ path, change: 'changed', ...linesOf(was.bytes, is.bytes, budget) }];
  });
}

function linesOf(was: Uint8Array, is: Uint8Array, budget: DiffBudget): Pick<FileChange, 'insertions' | 'deletions'> {
  const [before, after] = [textOf(was), textOf(is)];
  if (before === undefined || after === undefined) return {};
  const lines = diffText(before, after, budget).flatMap((hunk) => hunk.lines);
  return {
    insertions: lines.filter(({ kind }) => kind === 'insert').length,
    deletions: lines.filter(({ kind }) => kind === 'delete').length,
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const LETTERS = { added: 'A', removed: 'D', changed: 'M' } as const;

/** `M SKILL.md +3 -1` */
export function lineOfFile({ path, change, insertions, deletions }: FileChange): string {
  const counts = insertions === undefined ? '' : ` +${insertions} -${deletions}`;
  return `${LETTERS[change]} ${path}${counts}`;
}
