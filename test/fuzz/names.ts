import type { Random } from './random.ts';

const SEGMENTS = [
  'a',
  'A',
  'b.md',
  'docs',
  'Docs',
  'é',
  'e\u0301',
  'ß',
  'SS',
  '技能',
  '.',
  '..',
  '',
  'CON',
  'nul.txt',
  'a.',
  'a ',
  'a:b',
  '\u001b[2J',
  '\u202e',
  'a\u200c',
  '__MACOSX',
  '._a',
  '.DS_Store',
  '__proto__',
  'a\\b',
  'x'.repeat(99),
  'y'.repeat(120),
  'a\0b',
  'C:',
] as const;
const GOOD = ['a', 'b.md', 'docs', 'c', 'run.sh', 'é', '技能', '1'] as const;
const ENDS = ['', '', '', '/'] as const;

/** The name of an archive's entry: mostly good, now and then one that attacks. */
export function entryName(random: Random): string {
  if (random.chance(0.35)) return random.chance(0.9) ? 'SKILL.md' : 'w/SKILL.md';
  const from = random.chance(0.7) ? GOOD : SEGMENTS;
  const segments = Array.from({ length: 1 + random.below(3) }, () => random.pick<string>(from));
  return `${segments.join('/')}${random.pick(ENDS)}`;
}

/** The content of an entry: empty, short, or long and easy to compress. */
export function entryData(random: Random): Uint8Array {
  const length = random.chance(0.95) ? random.below(600) : random.below(300_000);
  const bytes = new Uint8Array(length).fill(random.below(256));
  for (let count = random.below(20); count > 0 && length > 0; count--) bytes[random.below(length)] = random.below(256);
  return bytes;
}
