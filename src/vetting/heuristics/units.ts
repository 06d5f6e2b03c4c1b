import type { Segment } from './document.ts';
import { foldProse, joinSplitWords } from './normalise.ts';

/** A line of code with what continues it, or a few paragraphs of folded prose: what a pattern sees at a time. */
export interface Unit {
  segment: Segment;
  text: string;
  /** The line of the file at an offset of `text`. */
  lineAt: (offset: number) => number;
  /** False when no word stands in it with which a source of data begins. */
  mayRead?: boolean;
}

const MAX_UNIT = 2000;
const OVERLAP = 200;
const MAX_JOINED_LINES = 14;
const CONTINUES = /(?:\\|`|\||&&|\|\||[([{,])\s*$/;
const PROSE_UNIT = 1200;

/**
 * What a pattern for code sees of a segment: of code, each line with the lines that continue it; of text, some lines at
 * a time. A line over 2,000 characters is cut with an overlap.
 */
export function codeUnits(segment: Segment): Unit[] {
  return segment.kind === 'script' || segment.kind === 'code' || segment.kind === 'decoded'
    ? statements(segment)
    : lineGroups(segment);
}

function statements(segment: Segment): Unit[] {
  const lines = segment.text.split('\n');
  const units: Unit[] = [];
  for (let row = 0; row < lines.length; row++) {
    const first = row;
    let text = lines[row] ?? '';
    if (text.trim() === '') continue;
    while (row + 1 < lines.length && row - first < MAX_JOINED_LINES && continues(text)) {
      row++;
      text = `${text.replace(/[\\`]\s*$/, ' ')} ${(lines[row] ?? '').trim()}`;
    }
    const line = segment.line + first;
    for (const piece of cut(joinSplitWords(text))) units.push({ segment, text: piece, lineAt: () => line });
  }
  return units;
}

function lineGroups(segment: Segment): Unit[] {
  const units: Unit[] = [];
  const { text } = segment;
  let line = segment.line;
  for (let start = 0; start < text.length; ) {
    const limit = text.lastIndexOf('\n', start + MAX_UNIT);
    const isLast = text.length - start <= MAX_UNIT;
    const end = isLast ? text.length : limit > start ? limit + 1 : start + MAX_UNIT;
    const piece = text.slice(start, end);
    const first = line;
    units.push({ segment, text: piece, lineAt: (offset) => first + countLines(piece, offset) });
    line += countLines(piece, piece.length);
    start = isLast || limit > start ? end : end - OVERLAP;
  }
  return units;
}

function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function continues(text: string): boolean {
  if (text.length > MAX_UNIT) return false;
  if (CONTINUES.test(text))
    return !/^\s*(?:def|class|function|if|for|while|async|export|try|else)\b.*[{:,(]\s*$/.test(text);
  return false;
}

function cut(text: string): string[] {
  if (text.length <= MAX_UNIT) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += MAX_UNIT - OVERLAP) pieces.push(text.slice(at, at + MAX_UNIT));
  return pieces;
}

/** The paragraphs of a segment, folded, in pieces of about 1,200 characters that end where a paragraph does. */
export function proseUnits(segment: Segment): Unit[] {
  const { text, lineStarts } = foldProse(segment.text);
  const units: Unit[] = [];
  for (let start = 0; start < text.length; ) {
    const end = endOfUnit(text, start);
    const offset = start;
    units.push({
      segment,
      text: text.slice(start, end),
      lineAt: (at) => segment.line + rowAt(lineStarts, offset + at),
    });
    start = end >= text.length ? end : nextStart(text, start, end);
  }
  return units;
}

function endOfUnit(text: string, start: number): number {
  if (text.length - start <= PROSE_UNIT) return text.length;
  const paragraph = text.lastIndexOf('\n', start + PROSE_UNIT);
  return paragraph > start ? paragraph + 1 : Math.min(text.length, start + MAX_UNIT);
}

/** The next piece repeats the last paragraph of this one when that is short, for rules that read two in a row. */
function nextStart(text: string, start: number, end: number): number {
  const last = text.lastIndexOf('\n', end - 2) + 1;
  if (text[end - 1] !== '\n') return end - OVERLAP;
  return last > start && end - last <= OVERLAP * 2 ? last : end;
}

function rowAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
