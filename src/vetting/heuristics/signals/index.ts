import { indexAnchors } from '../anchors.ts';
import type { SinkLabel, SourceLabel } from '../rule.ts';
import type { Signal } from './signal.ts';
import { SINKS } from './sinks.ts';
import { SOURCES } from './sources.ts';

const sourceIndex = indexAnchors(SOURCES.map((value) => ({ value, words: value.words.split(' ') })));
const sinkIndex = indexAnchors(
  SINKS.filter(({ words }) => words !== '').map((value) => ({ value, words: value.words.split(' ') })),
);
const unanchored = SINKS.filter(({ words }) => words === '');

/** The words with which each source begins, as of `PatternRule.words`. */
export const SOURCE_WORDS: readonly (readonly string[])[] = SOURCES.map(({ words }) => words.split(' '));

/** What a statement reads. */
export function sourcesIn(text: string): Set<SourceLabel> {
  return labelsIn(text, sourceIndex.candidates(text));
}

/** What a statement does with what it uses. */
export function sinksIn(text: string): Set<SinkLabel> {
  return labelsIn(text, [...sinkIndex.candidates(text), ...unanchored]);
}

function labelsIn<Label>(text: string, signals: Iterable<Signal<Label>>): Set<Label> {
  const labels = new Set<Label>();
  for (const { label, pattern } of signals) {
    if (labels.has(label)) continue;
    pattern.lastIndex = 0;
    if (pattern.test(text)) labels.add(label);
  }
  return labels;
}
