import type { Document, Segment, SegmentKind } from './document.ts';
import type { OwaspId } from './owasp.ts';
import type { Category } from './report.ts';

/** A file that an example consists of; a plain string is the body of a `SKILL.md`. */
export type Example = string | { file: string; text: string };

export interface RuleInfo {
  /** `category.name`. */
  id: `${Category}.${string}`;
  owasp: readonly OwaspId[];
  /** Points before the context is weighed: 40 alone make a bundle suspicious, 100 malicious. */
  weight: number;
  why: string;
  fix: string;
  examples: { match: readonly Example[]; pass: readonly Example[] };
}

/** What a pattern matched, for a judgement beyond the pattern. */
export interface Hit {
  match: RegExpExecArray;
  /** The line of code or the paragraph of prose around it. */
  unit: string;
  segment: Segment;
  document: Document;
}

/** A rule that reads text place by place. */
export interface PatternRule extends RuleInfo {
  kind: 'pattern';
  /** `code`: lines as they are written. `prose`: paragraphs after `foldProse`, lower case and on one line. */
  reads: 'code' | 'prose';
  /** Only these kinds of segments; all when absent. */
  in?: readonly SegmentKind[];
  /**
   * Words of which one stands in every match: a place without any is not looked at. A word is a run of letters,
   * digits and `_` in lower case, or any text with another character; of one that ends in `*` the first five characters count, and more must follow.
   */
  words: readonly string[];
  /** Further words of which one stands in every match too. */
  also?: readonly string[];
  /** Global, without unbounded repeats inside repeats. */
  pattern: RegExp;
  /** Factor on the weight, 0 for no finding. */
  judge?: (hit: Hit) => number;
  /** True for commands of a shell, which inside a string of another language run only when something runs the string. */
  isCommand?: boolean;
  /** True when a warning around the place, a quotation or the topic of the skill makes it no less harmful. */
  firm?: boolean;
}

/** A rule over data that moves from one statement to another. */
export interface FlowRule extends RuleInfo {
  kind: 'flow';
  from: readonly SourceLabel[];
  to: readonly SinkLabel[];
  /** Whether the address matters that is read (`source`) or written to (`sink`), or only one of bad repute (`stranger`). */
  host: 'source' | 'sink' | 'stranger' | 'none';
}

/** A place that a check found; `factor` scales the weight of its rule. */
export interface Place {
  file: string;
  line: number;
  excerpt: string;
  factor: number;
}

/** A rule that needs the whole bundle or its bytes. */
export interface CheckRule extends RuleInfo {
  kind: 'check';
  check: (document: Document) => Place[];
}

export type Rule = PatternRule | FlowRule | CheckRule;

export type SourceLabel =
  | 'secret'
  | 'settings'
  | 'environment'
  | 'host-info'
  | 'user-data'
  | 'key'
  | 'tool-token'
  | 'remote'
  | 'decoded';
export type SinkLabel = 'send' | 'dns' | 'code' | 'process' | 'run-file';
