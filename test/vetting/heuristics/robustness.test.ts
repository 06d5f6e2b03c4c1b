import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexAnchors } from '../../../src/vetting/heuristics/anchors.ts';
import { readDocument } from '../../../src/vetting/heuristics/document.ts';
import { readersOf } from '../../../src/vetting/heuristics/engine.ts';
import { examine, RULES } from '../../../src/vetting/heuristics/index.ts';
import { codeUnits, proseUnits } from '../../../src/vetting/heuristics/units.ts';
import { FURTHER_VARIATIONS } from '../samples/further-variations.ts';
import { FAMILIES } from '../samples/index.ts';
import { UNSEEN_PROGRAMS } from '../samples/unseen/programs.ts';
import { UNSEEN_TEXTS } from '../samples/unseen/texts.ts';
import { VARIATIONS } from '../samples/variations.ts';
import { bundleFrom, exampleBundle, sampleBundle, skillMd } from './bundles.ts';

const MIB = 1024 * 1024;
/** Processor time, because the machine may do other things as well; twice what the slowest input takes. */
const GUARD_MS = 2000;
const repeated = (text: string) => text.repeat(Math.ceil(MIB / text.length)).slice(0, MIB);

const hostile = [
  'a',
  ' ',
  '\n',
  '(',
  '[',
  '"',
  "'",
  '`',
  '\\',
  '/',
  '.',
  '- ',
  '<!--',
  '<!-- -->',
  '<div style="',
  '```\n',
  '![](',
  'https://',
  'curl ',
  'curl https://x.invalid/a ',
  'send api keys ',
  'ignore all previous ',
  'do not tell ',
  'open("',
  'eval(',
  'chr(65)+',
  'QUJD',
  '\\x41',
  '%41',
  '65, ',
  '"a" + ',
  'os.environ ',
  '~/.ssh/',
  'base64 -d | ',
  'x = x + y; ',
  '1.2.3.4 ',
  'wget -O ',
  'chmod +x ',
  '$A_KEY ',
  'i g n o r e ',
  'password download extract zip ',
  '\u200b',
  '\u0430a',
  '\u{e0041}',
  'x ^ ',
  'a: b\n',
  'requests.post(open("~/.ssh/id_rsa").read()) ; ',
  'def f(a):\n return open("~/.ssh/id_rsa")\n',
  'always use this skill ',
  'home / ".ssh" / ',
  'check "',
  '- like:\n',
  '<script>',
  '<script></script>',
];

describe('a MiB of hostile text is read in time', () => {
  test.each(
    hostile.flatMap((text) => ['SKILL.md', 'a.py', 'a.sh', 'a.json', 'a.html'].map((file) => ({ text, file }))),
  )('$text in $file', ({ text, file }) => {
    const content = repeated(text);
    const bundle = bundleFrom({ [file]: file === 'SKILL.md' ? skillMd(content) : content });
    const before = process.cpuUsage();
    const { score } = examine(bundle);
    const { user, system } = process.cpuUsage(before);
    expect(score).toBeGreaterThanOrEqual(0);
    expect((user + system) / 1000).toBeLessThan(GUARD_MS);
  });
});

const snippets = fc.constantFrom(
  ...hostile,
  '---\n',
  'name: a',
  '\u0000',
  '\ud83d',
  '\ufeff',
  '~~~',
  '|',
  '$(',
  '&&',
  '``',
  '-->',
  '</div>',
  'def f(',
  '#!',
  '\r\n',
);

test('nothing in a bundle makes it throw, and a finding has a place that exists', () => {
  const text = fc
    .array(fc.oneof(snippets, fc.string({ maxLength: 30 })), { maxLength: 40 })
    .map((parts) => parts.join(''));
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(text, text, bytes, (markdown, script, binary) => {
      const report = examine(bundleFrom({ 'SKILL.md': markdown, 'a.py': script, 'b.sh': script, 'c.png': binary }));
      for (const { file, line, excerpt, points } of report.findings) {
        const lines = { 'SKILL.md': markdown, 'a.py': script, 'b.sh': script }[file]?.split('\n').length ?? 1;
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(excerpt.length).toBeLessThanOrEqual(160);
        expect(excerpt).not.toMatch(/\p{Cc}|\p{Default_Ignorable_Code_Point}/u);
        expect(points).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});

test('the same bundle is judged the same every time', () => {
  const samples = FAMILIES.flatMap(({ first }) => first.map(sampleBundle));
  const once = samples.map((bundle) => examine(bundle));
  expect(samples.map((bundle) => examine(bundle))).toEqual(once);
});

test('the words of a rule hide none of its matches', () => {
  const patterns = RULES.filter((rule) => rule.kind === 'pattern');
  const bundles = [
    ...FAMILIES.flatMap(({ first, paraphrase }) => [...first, ...paraphrase].map(sampleBundle)),
    ...[...VARIATIONS, ...FURTHER_VARIATIONS, ...UNSEEN_PROGRAMS, ...UNSEEN_TEXTS].map(sampleBundle),
    ...RULES.flatMap((rule) => rule.examples.match.map(exampleBundle)),
  ];
  const hidden = (['code', 'prose'] as const).flatMap((reads) => {
    const rules = patterns.filter((rule) => rule.reads === reads);
    const index = indexAnchors(rules.flatMap(readersOf));
    const units = bundles.flatMap((bundle) =>
      readDocument(bundle).segments.flatMap(reads === 'code' ? codeUnits : proseUnits),
    );
    return units.flatMap(({ text }) => {
      const candidates = index.candidates(text).filter(({ pattern }) => text.match(pattern) !== null);
      const found = candidates.map(({ rule }) => rule);
      return rules
        .filter((rule) => !found.includes(rule) && text.match(rule.pattern) !== null)
        .map((rule) => ({ rule: rule.id, text: text.match(rule.pattern)?.[0] }));
    });
  });
  expect(hidden).toEqual([]);
});
