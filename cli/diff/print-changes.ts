import type { Style } from '../terminal.ts';
import { countAll, countLines, type FileChange } from './changes.ts';

type Paint = (style: Style, text: string) => string;
type Hunk = FileChange['hunks'][number];

const MARKS = { context: ' ', insert: '+', delete: '-' } as const;
const STYLES = { insert: 'green', delete: 'red' } as const;
const BAR = 40;

/** The changes as `diff -u` writes them. @param from, to what the two sides are called */
export function unified(files: readonly FileChange[], from: string, to: string, paint: Paint): string {
  return files.map((file) => fileText(file, from, to, paint)).join('\n');
}

function fileText(file: FileChange, from: string, to: string, paint: Paint): string {
  const { path, status, binary, hunks, executable } = file;
  const before = status === 'added' ? '/dev/null' : `${from}/${path}`;
  const after = status === 'removed' ? '/dev/null' : `${to}/${path}`;
  const mode =
    executable === undefined ? [] : [paint('bold', `${path} is ${executable ? 'now' : 'no longer'} executable`)];
  if (binary) return [...mode, `Binary files ${before} and ${after} differ`].join('\n');
  const head =
    hunks.length === 0 && mode.length > 0 ? [] : [paint('bold', `--- ${before}`), paint('bold', `+++ ${after}`)];
  return [...mode, ...head, ...hunks.flatMap((hunk) => hunkLines(hunk, paint))].join('\n');
}

function hunkLines(hunk: Hunk, paint: Paint): string[] {
  const { old_start, old_lines, new_start, new_lines, lines } = hunk;
  const head = `@@ -${range(old_start, old_lines)} +${range(new_start, new_lines)} @@`;
  return [
    paint('dim', head),
    ...lines.map(({ kind, text }) => {
      const line = `${MARKS[kind]}${text}`;
      return kind === 'context' ? line : paint(STYLES[kind], line);
    }),
  ];
}

/** A side without lines is named by the line before it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** A line a file and one for all, as `git diff --stat` has them. */
export function statistics(files: readonly FileChange[], paint: Paint): string {
  const width = Math.max(0, ...files.map(({ path }) => path.length));
  const counts = files.map(countLines);
  const most = Math.max(1, ...counts.map(({ insertions, deletions }) => insertions + deletions));
  const scale = Math.min(1, BAR / most);
  const rows = files.map((file, at) => {
    const { insertions = 0, deletions = 0 } = counts[at] ?? {};
    const bar = `${paint('green', '+'.repeat(Math.ceil(insertions * scale)))}${paint('red', '-'.repeat(Math.ceil(deletions * scale)))}`;
    return ` ${file.path.padEnd(width)} | ${file.binary ? 'binary' : `${insertions + deletions} ${bar}`.trimEnd()}`;
  });
  const { insertions, deletions } = countAll(files);
  const changed = files.length === 1 ? '1 file changed' : `${files.length} files changed`;
  return [...rows, ` ${changed}, ${plural(insertions, 'insertion')}(+), ${plural(deletions, 'deletion')}(-)`].join(
    '\n',
  );
}

function plural(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}
