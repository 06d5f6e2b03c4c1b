import { isCode, type Language, languageOfFence } from './language.ts';

/** `quote` is text inside a fence: a template, a sample, a prompt. */
export type PartKind = 'frontmatter' | 'prose' | 'comment' | 'hidden' | 'code' | 'quote';

/** One part of a Markdown file. Lines count from 1. */
export interface MarkdownPart {
  kind: PartKind;
  line: number;
  text: string;
  language: Language;
  /** The nearest heading above, and for a fenced block also the last line before it. */
  heading: string;
}

const FENCE = /^[ \t>]{0,12}(`{3,}|~{3,})([^`\n]*)$/;
const HEADING = /^ {0,3}#{1,6}\s+(\S[^\n]{0,200})/;
const COMMENT_START = '<!--';
const LINK_COMMENT = /^ {0,3}\[(?:\/\/|comment|_|\^?#)?\]:\s*(?:#|<>)\s*[("'](.{3,})[)"']\s*$/i;
const OFF_SCREEN =
  /<(div|span|p|font|section|details|small|sub|td|i|b)\b[^>\n]{0,200}?(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0\d*)?\s*[;"']|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*[;"']|(?:left|top|text-indent)\s*:\s*-\d{3,}|color\s*:\s*(?:white|transparent|#fff(?:fff)?)\s*[;"']|\shidden(?=[\s>=]))[^>\n]{0,200}>/gi;
const COMMAND_LINE =
  /^\s*(?:[$>#]\s+\S|(?:sudo|curl|wget|npm|npx|pip3?|bash|sh|python3?|node|git|docker|brew|apt(?:-get)?|cat|echo|export|cd|chmod|mkdir|cp|rm|powershell|iwr|irm|iex)\s)/m;

interface Cutter {
  parts: MarkdownPart[];
  heading: string;
  prose: { line: number; lines: string[] };
}

/** Cuts a Markdown file into its parts; together they hold every line that is not a fence. Takes linear time. */
export function cutMarkdown(text: string): MarkdownPart[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const cutter: Cutter = { parts: [], heading: '', prose: { line: 1, lines: [] } };
  let at = cutFrontmatter(lines, cutter);
  cutter.prose.line = at + 1;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fence = line.includes('```') || line.includes('~~~') ? FENCE.exec(line) : null;
    if (fence !== null) {
      endProse(cutter, at + 1);
      at = cutFence(lines, at, fence, cutter);
      cutter.prose.line = at + 1;
    } else if (openingOf(line, 0) !== -1) {
      at = cutComment(lines, at, cutter);
    } else {
      readLine(line, at, cutter);
      at++;
    }
  }
  endProse(cutter, at + 1);
  return cutter.parts;
}

function cutFrontmatter(lines: string[], { parts }: Cutter): number {
  if (lines[0]?.replace('\ufeff', '') !== '---') return 0;
  const end = lines.indexOf('---', 1);
  if (end === -1) return 0;
  const text = lines.slice(1, end).join('\n');
  parts.push({ kind: 'frontmatter', line: 2, text, language: 'data', heading: '' });
  return end + 1;
}

function readLine(line: string, at: number, cutter: Cutter): void {
  const heading = line.includes('#') ? HEADING.exec(line)?.[1] : undefined;
  const comment = line.includes(']:') ? LINK_COMMENT.exec(line)?.[1] : undefined;
  if (heading !== undefined) {
    endProse(cutter, at + 1);
    cutter.heading = heading;
  }
  if (comment === undefined) cutter.prose.lines.push(line);
  else {
    cutter.parts.push({ kind: 'comment', line: at + 1, text: comment, language: 'text', heading: cutter.heading });
    cutter.prose.lines.push('');
  }
}

function endProse(cutter: Cutter, nextLine: number): void {
  const { lines, line } = cutter.prose;
  cutter.prose = { line: nextLine, lines: [] };
  const text = lines.join('\n');
  if (text.trim() === '') return;
  cutter.parts.push({ kind: 'prose', line, text, language: 'text', heading: cutter.heading });
  if (!text.includes('<')) return;
  for (const match of text.matchAll(OFF_SCREEN)) {
    const start = match.index + match[0].length;
    const end = text.indexOf(`</${match[1] ?? ''}`, start);
    const hidden = text.slice(start, end === -1 ? start + 2000 : Math.min(end, start + 20_000));
    const above = countLines(text, start);
    cutter.parts.push({ kind: 'hidden', line: line + above, text: hidden, language: 'text', heading: cutter.heading });
  }
}

function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function cutFence(lines: string[], at: number, fence: RegExpExecArray, cutter: Cutter): number {
  const mark = fence[1] ?? '```';
  const info = fence[2] ?? '';
  let end = at + 1;
  while (end < lines.length && !closes(lines[end] ?? '', mark)) end++;
  const text = lines.slice(at + 1, end).join('\n');
  const language = languageOfFence(info) ?? (info.trim() === '' && COMMAND_LINE.test(text) ? 'shell' : 'text');
  const kind = isCode(language) || language === 'data' ? 'code' : 'quote';
  const lead = lastLine(lines, at);
  cutter.parts.push({ kind, line: at + 2, text, language, heading: `${cutter.heading}\n${lead}` });
  return end + 1;
}

function closes(line: string, mark: string): boolean {
  if (!line.includes(mark)) return false;
  const trimmed = line.replace(/^[ \t>]{0,12}/, '').trimEnd();
  return trimmed.length >= mark.length && trimmed === (mark[0] ?? '').repeat(trimmed.length);
}

function lastLine(lines: string[], before: number): string {
  for (let at = before - 1; at >= Math.max(0, before - 3); at--) {
    const line = lines[at]?.trim() ?? '';
    if (line !== '') return line.slice(0, 300);
  }
  return '';
}

/** Takes the comments out of a line of prose, with the lines that the last of them spans; returns the next line. */
function cutComment(lines: string[], first: number, cutter: Cutter): number {
  let row = first;
  let line = lines[row] ?? '';
  let visible = '';
  let from = 0;
  for (let start = openingOf(line, 0); start !== -1; start = openingOf(line, from)) {
    visible += line.slice(from, start);
    const body: string[] = [];
    const began = row;
    let rest = start + COMMENT_START.length;
    let close = line.indexOf('-->', rest);
    while (close === -1 && row + 1 < lines.length) {
      body.push(line.slice(rest));
      rest = 0;
      row++;
      line = lines[row] ?? '';
      close = line.indexOf('-->');
    }
    body.push(line.slice(rest, close === -1 ? undefined : close));
    cutter.parts.push({
      kind: 'comment',
      line: began + 1,
      text: body.join('\n'),
      language: 'text',
      heading: cutter.heading,
    });
    from = close === -1 ? line.length : close + 3;
    if (row === began) continue;
    cutter.prose.lines.push(visible, ...body.slice(2).map(() => ''));
    visible = '';
  }
  readLine(visible + line.slice(from), row, cutter);
  return row + 1;
}

/** Where the next comment begins; one behind a backtick is text about a comment. */
function openingOf(line: string, from: number): number {
  let start = line.indexOf(COMMENT_START, from);
  while (start > 0 && line[start - 1] === '`') start = line.indexOf(COMMENT_START, start + 1);
  return start;
}
