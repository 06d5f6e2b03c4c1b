import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;
/** Work grows with the square of the lines that differ: past these, old and new text are shown whole. */
const MOST_EDITS = 1_500;
const ALL_EDITS = 4_000_000;

export interface DiffLine {
  kind: 'context' | 'insert' | 'delete';
  /** Without the line break; a carriage return before it is left out too. */
  text: string;
}

/** A run of changes with three lines of context around it; lines are counted from 1. */
export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: DiffLine[];
}

/** What comparing several texts may cost together; made once, used up by each `diffText`. */
export interface DiffBudget {
  left: number;
}

export function diffBudget(): DiffBudget {
  return { left: ALL_EDITS };
}

/**
 * The lines that differ between two texts. When finding the shortest way would take too long, the answer is still right
 * but longer: everything deleted and everything inserted.
 */
export function diffText(before: string, after: string, budget: DiffBudget): Hunk[] {
  const maxEditLength = Math.min(MOST_EDITS, Math.floor(Math.sqrt(budget.left)));
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context: CONTEXT_LINES,
    maxEditLength,
  });
  if (!patch) {
    budget.left -= maxEditLength ** 2;
    return [replacement(before, after)];
  }
  const hunks = patch.hunks.map((hunk) => ({
    oldStart: hunk.oldStart,
    oldLines: hunk.oldLines,
    newStart: hunk.newStart,
    newLines: hunk.newLines,
    lines: hunk.lines.filter((line) => !line.startsWith('\\')).map(toLine),
  }));
  const edits = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== 'context').length;
  budget.left -= edits ** 2;
  return hunks;
}

const KINDS: Record<string, DiffLine['kind']> = { '+': 'insert', '-': 'delete' };

function toLine(line: string): DiffLine {
  return { kind: KINDS[line.charAt(0)] ?? 'context', text: line.slice(1).replace(/\r$/, '') };
}

function replacement(before: string, after: string): Hunk {
  const deleted = linesOf(before).map((text) => ({ kind: 'delete' as const, text }));
  const inserted = linesOf(after).map((text) => ({ kind: 'insert' as const, text }));
  return {
    oldStart: 1,
    oldLines: deleted.length,
    newStart: 1,
    newLines: inserted.length,
    lines: [...deleted, ...inserted],
  };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
