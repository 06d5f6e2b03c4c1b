import type { Document, Segment } from '../document.ts';
import { excerptOf } from '../excerpt.ts';
import { type Address, addressesIn, riskOf } from '../hosts.ts';
import type { Place } from '../rule.ts';
import { topicHost } from './related-host.ts';

/** The things that one program does; all of them together make the rule. */
export interface Behaviour {
  /** The rarest first: the others are looked for only where it stands. */
  parts: readonly RegExp[];
  /** Any of these makes it certain. */
  aggravates?: RegExp;
  /** The program must name a host that is not known to be a vendor's; how far it can be trusted scales the weight. */
  needsStranger?: boolean;
  /** Words of a description with which the behaviour is no surprise. */
  explains?: RegExp;
  /** The later parts may stand in files that import the one with the first, or that it imports. */
  acrossFiles?: boolean;
}

const SURPRISE = 0.3;
const MAX_LINKED = 12;
const MAX_TEXT = 400_000;
const BARE_HOST =
  /(?:HTTPS?Connection\(|\bhost(?:name)?["']?\s*[:=]|\b(?:create_)?connect(?:ion)?\(\(?|\bDial(?:Timeout)?\(\s*["']tcp["'],|\bURI\(|TCPSocket\.\w+\(|\b(?:zone|domain|base|server|endpoint)\w{0,12}["']?\s*[:=])\s*f?["'`]([\w-]+(?:\.[\w-]+)+)/gi;

/** Segments that are run: files of code, fenced code and what was decoded. */
export function programs({ segments }: Document): Segment[] {
  return segments.filter(({ kind }) => kind === 'script' || kind === 'code' || kind === 'decoded');
}

/** A check for programs that do all of this. */
export function behaves(behaviour: Behaviour): (document: Document) => Place[] {
  return (document) => {
    const all = programs(document);
    return all.flatMap((segment) => {
      const first = behaviour.parts[0]?.exec(segment.text);
      if (first === null || first === undefined) return [];
      const last = lastPart(behaviour, segment, all);
      if (last === undefined) return [];
      const factor = weigh(behaviour, last.text, document);
      const place = last.segment === segment ? last.match : first;
      return factor === 0 ? [] : [placeIn(segment, place.index, place[0], factor)];
    });
  };
}

interface Found {
  segment: Segment;
  match: RegExpExecArray;
  /** All that the program consists of, as far as it was looked at. */
  text: string;
}

function lastPart({ parts, acrossFiles = false }: Behaviour, segment: Segment, all: readonly Segment[]) {
  const own = matchAll(parts, segment, segment.text);
  if (own !== undefined || !acrossFiles || segment.kind !== 'script') return own;
  const linked = all.filter((other) => other !== segment && other.kind === 'script' && areLinked(segment, other));
  if (linked.length === 0 || linked.length > MAX_LINKED) return undefined;
  const text = [segment, ...linked]
    .map((part) => part.text)
    .join('\n')
    .slice(0, MAX_TEXT);
  const found = matchAll(parts, segment, text);
  return found === undefined ? undefined : { ...found, segment: linked[0] ?? segment };
}

function matchAll(parts: readonly RegExp[], segment: Segment, text: string): Found | undefined {
  let match: RegExpExecArray | null = null;
  for (const part of parts) {
    match = part.exec(text);
    if (match === null) return undefined;
  }
  return match === null ? undefined : { segment, match, text };
}

/** Whether one of two files imports the other: `from .places import`, `require('./places')`, `source places.sh`. */
function areLinked(one: Segment, other: Segment): boolean {
  return one.file !== other.file && (imports(one, other) || imports(other, one));
}

function imports(importer: Segment, imported: Segment): boolean {
  const stem = (imported.file.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
  if (!/^[\w-]{3,40}$/.test(stem) || !importer.text.includes(stem)) return false;
  return new RegExp(
    `(?:\\b(?:import|from|require\\w*|source|load|use)\\b|^\\s*\\.\\s)[^\\n]{0,80}\\b${stem}\\b`,
    'm',
  ).test(importer.text);
}

function weigh({ aggravates, needsStranger = false, explains }: Behaviour, text: string, document: Document): number {
  const certain = aggravates === undefined || aggravates.test(text) ? 1 : SURPRISE;
  const told = explains?.test(document.topic.text) === true ? SURPRISE : 1;
  if (!needsStranger) return certain * told;
  const strangers = strangersIn(text);
  if (strangers.length === 0) return 0;
  return certain * told * Math.min(1.3, riskOf(strangers, 0)) * topicHost(strangers, document);
}

function strangersIn(text: string): Address[] {
  const bare = [...text.matchAll(BARE_HOST)].map((match) => `https://${match[1]}/`).slice(0, 20);
  const lines = text.split('\n').filter((line) => line.length < 4000 && /:\/\/|\d\.\d/.test(line));
  const found = [...lines.slice(0, 400), ...bare].flatMap((line) => addressesIn(line));
  return found.filter(
    ({ class: kind }) => kind === 'unknown' || kind === 'plain-http' || kind === 'raw-ip' || kind === 'drop',
  );
}

/** The place of a part of a program, with its line as excerpt. */
export function placeIn(segment: Segment, index: number, text: string, factor: number): Place {
  const line = segment.line + segment.text.slice(0, index).split('\n').length - 1;
  const end = segment.text.indexOf('\n', index);
  const start = segment.text.lastIndexOf('\n', index) + 1;
  const whole = segment.text.slice(start, end === -1 ? undefined : end).slice(0, 400);
  return { file: segment.file, line, excerpt: excerptOf(whole === '' ? text : whole), factor };
}
