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
  const lines = source.split('\n');
  const isFence = (line: string | undefined) => line === FENCE || line === `${FENCE}\r`;
  if (!isFence(lines[0])) {
    throw frontmatterError(
      1,
      "must begin with a line '---'",
      "Begin the file with '---', name, description and '---'.",
    );
  }
  const end = lines.findIndex((line, index) => index > 0 && isFence(line));
  if (end === -1) {
    throw frontmatterError(
      1,
      'has frontmatter without an end',
      "End the frontmatter with a line that is exactly '---'.",
    );
  }
  return {
    yaml: lines.slice(1, end).join('\n'),
    yamlLine: 2,
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
  };
}

function frontmatterError(line: number, problem: string, fix: string): FormatError {
  return new FormatError('invalid_skill_md', `SKILL.md line ${line}: the file ${problem}`, {
    fix,
    file: 'SKILL.md',
    line,
  });
}
