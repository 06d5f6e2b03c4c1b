import type { Bundle } from '../../format/bundle.ts';
import { type Anchored, type AnchorIndex, indexAnchors } from './anchors.ts';
import { contextFactor } from './context.ts';
import { decodeHidden } from './decode.ts';
import { type Document, readDocument, type Segment } from './document.ts';
import { excerptOf } from './excerpt.ts';
import { type Flow, findFlows } from './flow.ts';
import { riskOf } from './hosts.ts';
import { alternativesOf } from './phrase.ts';
import { CATEGORIES, type Category, type HeuristicFinding, type HeuristicReport } from './report.ts';
import type { CheckRule, FlowRule, PatternRule, Rule, RuleInfo } from './rule.ts';
import { serviceFactor } from './rules/related-host.ts';
import { judge, severityOf } from './score.ts';
import { SOURCE_WORDS } from './signals/index.ts';
import { codeUnits, proseUnits, type Unit } from './units.ts';

/** Raise it with every change of a rule, a weight or the way that text is read. */
export const ENGINE_VERSION = '3';

const MAX_FINDINGS = 200;
const MAX_HITS_PER_UNIT = 3;
/** Below this a place is not worth a reader's time. */
const MIN_POINTS = 4;

/** A set of rules, ready to read bundles. */
export interface Engine {
  /** Judges a bundle. Never throws on content, and takes time in proportion to the size of its text. */
  examine: (bundle: Bundle) => HeuristicReport;
}

/** A rule, and one of the patterns that its own is made of. */
interface Reader {
  rule: PatternRule;
  pattern: RegExp;
}

interface Compiled {
  prose: AnchorIndex<Reader>;
  /** With an entry for each source of data, so that one look at a text tells of both. */
  code: AnchorIndex<Reader | 'source'>;
  flows: FlowRule[];
  checks: CheckRule[];
}

/** What one examination collects: the heaviest finding for each rule, file and line. */
type Collected = Map<string, HeuristicFinding>;

export function createEngine(rules: readonly Rule[]): Engine {
  const patterns = rules.filter((rule) => rule.kind === 'pattern');
  const readers = (reads: 'prose' | 'code') => patterns.filter((rule) => rule.reads === reads).flatMap(readersOf);
  const sources = SOURCE_WORDS.map((words) => ({ value: 'source' as const, words }));
  const compiled: Compiled = {
    prose: indexAnchors(readers('prose')),
    code: indexAnchors<Reader | 'source'>([...readers('code'), ...sources]),
    flows: rules.filter((rule) => rule.kind === 'flow'),
    checks: rules.filter((rule) => rule.kind === 'check'),
  };
  return { examine: (bundle) => examineWith(compiled, bundle) };
}

/** Each pattern that a rule is made of is looked for by itself, where its own words are. */
export function readersOf(rule: PatternRule): Anchored<Reader>[] {
  const also = rule.also === undefined ? [] : [rule.also];
  return alternativesOf(rule.pattern).map(({ pattern, needs }) => ({
    value: { rule, pattern },
    words: rule.words,
    needs: [...also, ...needs],
  }));
}

function examineWith(rules: Compiled, bundle: Bundle): HeuristicReport {
  const document = readDocument(bundle);
  const collected: Collected = new Map();
  const fences = new Map<string, Unit[]>();
  for (const segment of document.segments) readSegment(rules, document, segment, collected, fences);
  for (const units of fences.values()) readFlows(rules, document, units, collected);
  for (const rule of rules.checks) {
    for (const place of rule.check(document)) {
      addFinding(collected, rule, place.factor, { file: place.file, line: place.line }, place.excerpt);
    }
  }
  const findings = [...collected.values()].sort((a, b) => b.points - a.points).slice(0, MAX_FINDINGS);
  return { engineVersion: ENGINE_VERSION, ...judge(findings, document.topic.isSecurity), findings };
}

function readSegment(
  rules: Compiled,
  document: Document,
  segment: Segment,
  collected: Collected,
  fences: Map<string, Unit[]>,
): void {
  const units = codeUnits(segment);
  for (const unit of units) readUnit(rules.code, unit, segment, document, collected);
  for (const unit of proseUnits(segment)) readUnit(rules.prose, unit, segment, document, collected);
  if (segment.kind === 'code' || segment.kind === 'quote') addFence(fences, segment, units);
  if (segment.kind === 'script' || segment.kind === 'data' || segment.kind === 'decoded') {
    readFlows(rules, document, units, collected);
  }
  if (segment.kind === 'decoded') return;
  for (const decoded of decodeHidden(segment)) readSegment(rules, document, decoded, collected, fences);
}

/** The fenced code of each file is one program: a tutorial downloads in one block and runs in the next. */
function addFence(fences: Map<string, Unit[]>, { file }: Segment, units: readonly Unit[]): void {
  const known = fences.get(file) ?? [];
  for (const unit of units) known.push(unit);
  fences.set(file, known);
}

function readUnit(
  index: AnchorIndex<Reader | 'source'>,
  unit: Unit,
  segment: Segment,
  document: Document,
  collected: Collected,
): void {
  unit.mayRead = false;
  for (const candidate of index.candidates(unit.text)) {
    if (candidate === 'source') {
      unit.mayRead = true;
      continue;
    }
    const { rule, pattern } = candidate;
    if (rule.in !== undefined && !rule.in.includes(segment.kind)) continue;
    for (const match of matchesOf(pattern, unit.text)) {
      const judged = rule.judge?.({ match, unit: unit.text, segment, document }) ?? 1;
      if (judged === 0) continue;
      const start = match.index;
      const end = start + match[0].length;
      const place = { segment, unit: unit.text, start, end };
      const factor = judged * contextFactor(place, rule.reads, document, rule);
      const where = { file: segment.file, line: unit.lineAt(start) };
      addFinding(collected, rule, factor, where, excerptOf(unit.text, start, end));
    }
  }
}

/** Without `matchAll`, which compiles a copy of the pattern for each text. */
function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    matches.push(match);
    if (match[0] === '') pattern.lastIndex++;
    if (matches.length === MAX_HITS_PER_UNIT) break;
  }
  return matches;
}

function readFlows(rules: Compiled, document: Document, units: readonly Unit[], collected: Collected): void {
  if (rules.flows.length === 0) return;
  for (const flow of findFlows(units)) {
    for (const rule of rules.flows) {
      if (!rule.from.includes(flow.from) || !rule.to.includes(flow.to)) continue;
      const around = flow.sink.segment;
      const place = { segment: around, unit: flow.sink.text, start: 0, end: flow.sink.text.length };
      const factor =
        contextFactor(place, 'code', document, {}) *
        flowFactor(rule, flow) *
        serviceFactor(flow.sinkAddresses, document);
      addFinding(collected, rule, factor, { file: around.file, line: flow.sink.lineAt(0) }, excerptOfFlow(flow));
    }
  }
}

/** A call whose whole command is a variable. */
const STARTS_VARIABLE =
  /(?:system|popen|execSync|exec|run|call|Popen|spawn\w*|check_\w+|getoutput)\(\s*[A-Za-z_]\w*\s*(?:\)|,\s*(?:shell|\{|stdout|capture|text))/;
/** Whether the name of a key holds the name of the host it goes to: `ACME_API_KEY` and `api.acme.com`. */
function isIssuer({ source, sinkAddresses }: Flow): boolean {
  const names = (source.text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []).flatMap((name) =>
    name.toLowerCase().split('_'),
  );
  return sinkAddresses.some(({ host }) => names.some((name) => name.length >= 4 && host.includes(name)));
}

/** A library takes the key for itself: what its client answers is not the key. */
const MAKES_CLIENT =
  /\b\w+\(\s*\{?\s*(?:\w*api_?key|\w*token|auth|credentials?|secret)\s*[=:]\s*(?:os\.|process\.env)|\bnew \w+\(\s*process\.env/i;
const AUTHORIZES = /\bAuthorization\b|\bBearer\b|["'\s]x-[\w-]*(?:key|token)\b|\bheaders\s*[=:]|-u\s|auth=/i;

function flowFactor({ host }: FlowRule, flow: Flow): number {
  const indirect = flow.isIndirect ? 0.5 : 1;
  if (flow.from === 'remote') {
    // What a single statement fetches and runs has rules of its own.
    if (flow.to === 'process' && STARTS_VARIABLE.test(flow.sink.text)) return 1.4 * riskOf(flow.sourceAddresses, 0.7);
    return flow.source === flow.sink || flow.isOwn ? 0 : indirect * riskOf(flow.sourceAddresses, 0.3);
  }
  if (host === 'none') return indirect;
  const risk = riskOf(flow.sinkAddresses, 0.8);
  if (host === 'source') return indirect * riskOf(flow.sourceAddresses, 0.3);
  if (flow.from === 'tool-token' && flow.sinkAddresses.length === 0) return 0.2 * indirect;
  const isKey = flow.from === 'key' || flow.from === 'settings' || flow.from === 'tool-token';
  const inHeader = isKey && AUTHORIZES.test(flow.sink.text) && risk < 2 ? 0.2 : 1;
  if (host === 'stranger' && flow.source !== flow.sink && MAKES_CLIENT.test(flow.source.text)) return 0.1;
  if (host === 'stranger') return (risk >= 2 ? risk : risk >= 1.6 ? 0.8 : 0.2) * inHeader * (isIssuer(flow) ? 0.1 : 1);
  const isLocal = flow.sinkAddresses.length > 0 && flow.sinkAddresses.every((address) => address.class === 'local');
  const copied = flow.from === 'user-data' && TO_OWN_MACHINE.test(flow.sink.text) ? 0.3 : 1;
  const least = !isLocal && (flow.from === 'secret' || flow.from === 'environment') ? 0.3 : 0;
  return Math.max(risk, least) * inHeader * copied * (isOwnService(flow) ? 0.25 : 1);
}

/** A backup to a machine whose name stands for one of the reader's own, or from there. */
const TO_OWN_MACHINE =
  /\b(?:scp|rsync)\s[^\n]{0,160}?\s["']?(?:(?:user(?:name)?|you|me)@[\w.-]{1,60}|new-?machine|remote|server|host|target|nas|backup(?:-?server)?|dest\w*):/;
const BOT_TOKEN = /bot_?token|\btelegram\b|\bdiscord\b|\bslack\b/i;

/** Whether a bot's own token goes to the chat service that it is for. */
function isOwnService({ source, sinkAddresses, from }: Flow): boolean {
  if (from === 'environment' || from === 'user-data' || !BOT_TOKEN.test(source.text)) return false;
  const words = source.text.toLowerCase();
  return (
    sinkAddresses.length > 0 &&
    sinkAddresses.every(({ host }) =>
      ['telegram', 'discord', 'slack'].some((name) => host.includes(name) && words.includes(name)),
    )
  );
}

function excerptOfFlow({ source, sink }: Flow): string {
  if (source === sink) return excerptOf(sink.text);
  return `${excerptOf(source.text).slice(0, 76)} → ${excerptOf(sink.text).slice(0, 80)}`;
}

function addFinding(
  collected: Collected,
  rule: RuleInfo,
  factor: number,
  { file, line }: { file: string; line: number },
  excerpt: string,
): void {
  const points = Math.round(rule.weight * factor);
  if (points < MIN_POINTS) return;
  const key = `${rule.id} ${line} ${file}`;
  if ((collected.get(key)?.points ?? 0) >= points) return;
  const { id, owasp, why, fix } = rule;
  const severity = severityOf(points);
  collected.set(key, { rule: id, category: categoryOf(rule), owasp, severity, file, line, excerpt, points, why, fix });
}

function categoryOf({ id }: RuleInfo): Category {
  const category = CATEGORIES.find((name) => id.startsWith(`${name}.`));
  if (category === undefined) throw new Error(`rule '${id}' belongs to no category; add it to CATEGORIES`);
  return category;
}
