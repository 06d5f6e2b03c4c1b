import type * as z from 'zod';
import type { Bundle } from '../../src/format/bundle.ts';
import { diffBundles, type FileDiff } from '../../src/format/file-diff.ts';
import type { diffSchema } from '../../src/http/v1/schemas.ts';

/** As `/v1/packages/{namespace}/{name}/diff` tells of a file; `executable` where only this machine can know it. */
export type FileChange = z.infer<typeof diffSchema>['files'][number] & { executable?: boolean };

export interface Count {
  insertions: number;
  deletions: number;
}

export function changesBetween(before: Bundle, after: Bundle): FileChange[] {
  return diffBundles(before, after).map(toWire);
}

/** Lines that a file gained and lost. */
export function countLines({ hunks }: FileChange): Count {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  return { insertions: count('insert'), deletions: count('delete') };
}

export function countAll(files: readonly FileChange[]): Count {
  const counts = files.map(countLines);
  return {
    insertions: counts.reduce((total, { insertions }) => total + insertions, 0),
    deletions: counts.reduce((total, { deletions }) => total + deletions, 0),
  };
}

function toWire({ path, status, binary, hunks, executable }: FileDiff): FileChange {
  const wire = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    old_start: oldStart,
    old_lines: oldLines,
    new_start: newStart,
    new_lines: newLines,
    lines,
  }));
  return { path, status, binary, hunks: wire, ...(executable === undefined ? {} : { executable }) };
}
