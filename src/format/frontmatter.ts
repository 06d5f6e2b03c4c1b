import { FormatError } from './format-error.ts';

export interface Frontmatter {
  yaml: string;
  /** Line of the file on which `yaml` starts, always 2. */
  yamlLine: number;
  body: string;
  /** Line of the file on which `body` starts, counted from 1. */
  bodyLine: number;
}

const FENCE = '---';

/**
 * Splits a `SKILL.md` into the YAML between its first line, which must be `---`, and the next line that is
 * exactly `---`, and the Markdown after it. A byte order mark and CRLF line ends are accepted.
 * @throws FormatError `invalid_skill_md`
 */
export function splitFrontmatter(text: string): Frontmatter {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const first = lineAt(source, 0);
  if (!first.isFence) {
    throw frontmatterError(
      1,
      "must begin with a line '---'",
      "Begin the file with '---', name, description and '---'.",
    );
  }
  let number = 2;
  for (let start = first.next; start !== undefined; number++) {
    const line = lineAt(source, start);
    if (line.isFence) {
      return {
        yaml: source.slice(first.next, Math.max(first.next ?? 0, start - 1)).replace(/\r$/, ''),
        yamlLine: 2,
        body: line.next === undefined ? '' : source.slice(line.next),
        bodyLine: number + 1,
      };
    }
    start = line.next;
  }
  throw frontmatterError(1, 'has frontmatter without an end', "End the frontmatter with a line that is exactly '---'.");
}

/** Whether the line that begins at `start` is a fence, and where the line after it begins, if there is one. */
function lineAt(text: string, start: number): { isFence: boolean; next: number | undefined } {
  const newline = text.indexOf('\n', start);
  const end = newline === -1 ? text.length : newline;
  const isShort = end - start <= FENCE.length + 1;
  const line = isShort ? text.slice(start, end) : '';
  return { isFence: line === FENCE || line === `${FENCE}\r`, next: newline === -1 ? undefined : newline + 1 };
}

function frontmatterError(line: number, problem: string, fix: string): FormatError {
  return new FormatError('invalid_skill_md', `SKILL.md line ${line}: the file ${problem}`, {
    fix,
    file: 'SKILL.md',
    line,
  });
}
