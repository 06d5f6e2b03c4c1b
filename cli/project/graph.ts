import type { Manifest } from './manifest.ts';
import { type InstallRecord, keyOfRecord, readKey } from './record.ts';

type Records = ReadonlyMap<string, InstallRecord>;

/** The skills that are wanted for themselves, with the range, tag or source of each, by `@namespace/name`. */
export function rootsOf({ skills }: Pick<Manifest, 'skills'>, records: Records): Map<string, string> {
  const roots = new Map<string, string>();
  for (const [key, { requested }] of records) if (requested !== undefined) roots.set(key, requested);
  for (const [key, range] of Object.entries(skills)) roots.set(key, range);
  return roots;
}

/** A skill that `skills.json` wants and that is neither locked nor installed. */
export interface MissingSkill {
  /** Absent for a skill that comes from no registry. */
  namespace?: string;
  name: string;
  /** The range, tag or source that is wanted. */
  requested: string;
}

/** Such skills, sorted by `@namespace/name`. */
export function missingOf({ skills }: Pick<Manifest, 'skills'>, records: Records): MissingSkill[] {
  return Object.entries(skills)
    .filter(([key]) => !records.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, requested]) => ({ ...(readKey(key) ?? { name: key }), requested }));
}

/** The records that the roots need, each with what it needs in turn. */
export function reachable(roots: Iterable<string>, records: Records): Set<string> {
  const reached = new Set<string>();
  const open = [...roots];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const record = records.get(key);
    if (!record || reached.has(key)) continue;
    reached.add(key);
    open.push(...Object.keys(record.dependencies ?? {}));
  }
  return reached;
}

/** Who needs a skill directly, by `@namespace/name`. */
export function neededBy(key: string, records: Records): string[] {
  return [...records.values()]
    .filter(({ dependencies }) => dependencies !== undefined && Object.hasOwn(dependencies, key))
    .map(keyOfRecord)
    .sort();
}

export interface TreeLine {
  key: string;
  /** What stands before it: `│   └── `. */
  branch: string;
  /** Undefined for a skill that is wanted and not installed. */
  record: InstallRecord | undefined;
  /** True when what it needs stands above already. */
  isRepeated: boolean;
}

/** Skills with what they need below them, the roots first; what no root needs stands at the end. */
export function treeOf(roots: Iterable<string>, records: Records): TreeLine[] {
  const lines: TreeLine[] = [];
  const shown = new Set<string>();
  const add = (key: string, branch: string, indent: string) => {
    const record = records.get(key);
    const needs = Object.keys(record?.dependencies ?? {}).sort();
    const isRepeated = shown.has(key) && needs.length > 0;
    lines.push({ key, branch, record, isRepeated });
    if (shown.has(key)) return;
    shown.add(key);
    for (const [at, need] of needs.entries()) {
      const isLast = at === needs.length - 1;
      add(need, `${indent}${isLast ? '└── ' : '├── '}`, `${indent}${isLast ? '    ' : '│   '}`);
    }
  };
  for (const key of [...roots].sort()) add(key, '', '');
  for (const key of [...records.keys()].sort()) if (!shown.has(key)) add(key, '', '');
  return lines;
}
