import type { Document, Segment, SegmentKind } from './document.ts';

/** Words that forbid or describe what follows them in the same clause. */
const FORBIDDEN =
  /(?:\b(?:never|don'?t|do not|does not|avoid|must not|mustn't|should not|shouldn't|cannot|can't|won't|will not|not to|refus\w+|reject\w*|block\w*|detect\w*|flag\w*|prevent\w*|den(?:y|ies)|attempts? (?:to|at)|tr(?:y|ies) to|asks? (?:you |it |the agent )?to|(?<=[:(–—-]\s?)instructions? to|claims? to|instead of|rather than|prohibited|forbidden|disallowed|scans? for|look(?:s|ing)? for|watch for|check(?:s|ing)? for|search(?:es)? for|grep for)\b|❌|🚫|⛔|✗)(?:[^.!?;,\n]|\.(?=\w)){0,70}$/i;
/** Words that announce examples; a list of them has commas. */
const EXAMPLE =
  /\b(?:(?:instructions?|language|text|content|wording|strings?|messages?) like|such as|e\.g|for example|phrases? like|patterns? like|examples?|suspicious|malicious|attack\w*|red flags?|anti-?patterns?|dangerous|unsafe|insecure|vulnerable|injections?)\b(?:[^.!?;\n]|\.(?=\w)){0,70}$/i;
const WARNING_LINE =
  /❌|🚫|⛔|⚠|expectDeny|\bdeny\b|(?:#|\/\/|--)\s*(?:bad|wrong|never|don'?t|do not|avoid|unsafe|insecure|vulnerable|dangerous|malicious|attack|blocked|denied|deny|forbidden|anti-?pattern)\b|\|\s*(?:(?:✅|❌|🚫)\s*)?(?:block|deny|high|critical|malicious|dangerous|severity)\w*\s*\|/i;
const WARNING_HEADING =
  /\b(?:anti-?patterns?|attack\w*|threats?|red flags?|warning signs?|malicious|malware|vulnerab\w+|insecure|unsafe|exploit\w*|injections?|forbidden|prohibited|never|don'?ts?|do not|must not|avoid|bad|wrong|detect\w*|indicators?|iocs?|what not to|security (?:review|check|audit|consider|risk|scan|test|smell)\w*|suspicious|obfuscat\w+|blocked|deny|guardrails?|test (?:cases?|payloads?|prompts?)|dangerous)\b|❌|🚫/i;
/** A line of code that holds what it looks for as a pattern or a list of words, and does not do it. */
const PATTERN_LITERAL =
  /\bre\.(?:compile|search|match|findall)\(|(?<!["'])\br["'].*["']|RegExp\(|(?:^|[\s(,[=:])\/(?:[^/\n]*\\[bswdS.(|])[^/\n]*\/[gimsuy]{0,4}|\b(?:pattern|regex|rule|signature|blocklist|denylist|blacklist|deny|forbidden|dangerous|suspicious|malicious)s?\w{0,20}["']?\s*[:=]|\bgrep\s+-\w*[rEPiqnlo]|\brg\s|-match\s|=~/i;

/** What the kind of a segment makes of a rule that reads prose, and of one that reads code. */
const BY_KIND: Record<SegmentKind, { prose: number; code: number }> = {
  prose: { prose: 1, code: 0.85 },
  frontmatter: { prose: 1, code: 1 },
  comment: { prose: 1.5, code: 1 },
  hidden: { prose: 1.6, code: 1.2 },
  decoded: { prose: 1.5, code: 1.5 },
  code: { prose: 0.6, code: 1 },
  quote: { prose: 0.7, code: 0.8 },
  script: { prose: 0.7, code: 1 },
  data: { prose: 0.8, code: 1 },
};

const ORDER_BEFORE =
  /\b(?:run|runs|execute|executes|paste|enter|type|invoke|issue|call|launch|install|via|using|with|first|then|do|apply|perform|start)\b[^.!?\n]{0,60}$|^\s*(?:[$>]\s|\d+\.\s|[-*]\s)?`?$/i;
const COMMENT_LINE = /^\s*(?:#(?!!)|\/\/|\*\s|--\s|REM\s|;\s)/;
const EXECUTES =
  /\b(?:os\.(?:system|popen)|subprocess|child_process|execSync|spawnSync?|exec\w*|popen|shell_exec|Invoke-Expression|iex|eval|system|run|Command)\s*[(`]|\bsubprocess\.|\bBun\.\$|["']?(?:args|command|cmd)["']?\s*[:=]/i;

export interface MatchPlace {
  segment: Segment;
  unit: string;
  /** Where the match begins and ends in `unit`. */
  start: number;
  end: number;
}

/**
 * What its surroundings make of a match, as a factor: a warning before it, a heading about attacks, quotation marks and
 * a skill about security lower it; text that people do not see raises it.
 */
export function contextFactor(
  place: MatchPlace,
  reads: 'prose' | 'code',
  document: Document,
  { firm = false, isCommand = false }: { firm?: boolean; isCommand?: boolean },
): number {
  const { segment } = place;
  const base = BY_KIND[segment.kind][reads];
  if (
    segment.kind === 'decoded' &&
    segment.from !== 'script' &&
    segment.from !== 'frontmatter' &&
    document.topic.isSecurity
  )
    return base * 0.35;
  if (firm || segment.kind === 'hidden' || segment.kind === 'decoded') return base;
  const use = reads === 'code' ? useFactor(place, isCommand) : quotationFactor(place);
  return base * use * warningFactor(place) * topicFactor(document, segment);
}

/** A command that is named weighs less than one that the text says to run; one in a comment or string does not run. */
function useFactor({ segment, unit, start }: MatchPlace, isCommand: boolean): number {
  if (segment.kind === 'prose' && /^[^\n[\]]{0,80}\]\(/.test(unit.slice(start, start + 90))) return 0.3;
  if (segment.kind === 'prose')
    return ORDER_BEFORE.test(unit.slice(Math.max(unit.lastIndexOf('\n', start - 1) + 1, start - 100), start))
      ? 1
      : 0.45;
  if (segment.kind !== 'script' && segment.kind !== 'code') return 1;
  if (COMMENT_LINE.test(unit)) return 0.25;
  if (!isCommand) return 1;
  const isQuoted = /["'`][^"'`]{0,60}$/.test(unit.slice(Math.max(0, start - 62), start));
  if (!isQuoted || segment.language === 'shell' || segment.language === 'powershell') return 1;
  return EXECUTES.test(unit) || EXECUTES.test(segment.text.slice(0, MAX_LOOK)) ? 1 : 0.4;
}

const MAX_LOOK = 100_000;

function warningFactor({ segment, unit, start, end }: MatchPlace): number {
  const before = unit.slice(Math.max(0, start - 160), start);
  const lineStart = unit.lastIndexOf('\n', start) + 1;
  const lineEnd = unit.indexOf('\n', end);
  const line = unit.slice(Math.max(lineStart, start - 300), lineEnd === -1 ? end + 200 : Math.min(lineEnd, end + 200));
  if (FORBIDDEN.test(before) || EXAMPLE.test(before) || WARNING_LINE.test(line)) return 0.25;
  if (segment.kind !== 'comment' && LIST_ITEM.test(line) && LIST_OF_EXAMPLES.test(introOf(unit, lineStart))) return 0.3;
  if (CHECKED.test(unit.slice(Math.max(lineStart, start - 80), start))) return 0.25;
  if (segment.kind !== 'comment' && WARNING_HEADING.test(segment.heading)) return 0.35;
  if (isCodeKind(segment) && PATTERN_LITERAL.test(line)) return 0.2;
  return 1;
}

/** A quotation or a short sentence in a list. */
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,2}[.)])\s+\S/;
const LIST_OF_EXAMPLES =
  /\b(?:malicious|attack\w*|inject\w*|harmful|dangerous|suspicious|untrusted|red flags?|threats?|indicators?|jailbreak\w*|phrases|payloads?|detect\w*|block\w*|reject\w*|refuse\w*|watch for|look(?:ing)? for|scan(?:s|ned)? for|such as|like|e\.g\.|never|avoid|do not|don't)\b[^\n]{0,120}:\s*$/i;
/** The argument of a command that looks at text instead of running it. */
const CHECKED =
  /\b[\w./-]*(?:validate|check|scan|detect|analy[sz]e|inspect|classify|sanitize|lint)(?:[-_]\w+)*["']?[\s(,]{1,3}(?:--?\w+[ =])?["'][^"'\n]{0,40}$/i;
const MAX_INTRO = 900;

/** The last line before a list that does not belong to it. */
function introOf(unit: string, lineStart: number): string {
  const above = unit.slice(Math.max(0, lineStart - MAX_INTRO), lineStart).split('\n');
  return above.findLast((line) => line.trim() !== '' && !LIST_ITEM.test(line)) ?? '';
}

function isCodeKind({ kind }: Segment): boolean {
  return kind === 'script' || kind === 'code' || kind === 'data';
}

/** Prose in quotation marks is mostly an example of what somebody says; in code everything is quoted. */
function quotationFactor({ segment, unit, start, end }: MatchPlace): number {
  if (isCodeKind(segment) || segment.kind === 'frontmatter') return 1;
  const line = unit.lastIndexOf('\n', start) + 1;
  const before = unit.slice(Math.max(line, start - 200), start);
  for (const mark of ['"', '`']) {
    const opened = before.split(mark).length % 2 === 0;
    if (opened && unit.slice(end, end + 200).includes(mark)) return 0.45;
  }
  return 1;
}

function topicFactor({ topic }: Document, segment: Segment): number {
  if (!topic.isSecurity) return 1;
  return segment.kind === 'script' || segment.kind === 'frontmatter' ? 0.7 : 0.45;
}
