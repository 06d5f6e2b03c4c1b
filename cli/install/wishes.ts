import type { WantedSkill } from '../installer.ts';
import { editManifest } from '../project/manifest.ts';
import { keyOfRecord } from '../project/record.ts';
import type { AgentsOf } from './agents-choice.ts';
import type { Collected } from './collect.ts';
import type { Situation } from './situation.ts';

/** What shall be noted beside the skills that were collected. */
export interface Notes {
  /** Ranges, tags or sources to want from now on, by `@namespace/name`. */
  saved: ReadonlyMap<string, string>;
  /** Which of them go into `skills.json`; else the record says it of itself. */
  isSaved: (key: string) => boolean;
  agentsOf: AgentsOf;
  /** Whether what the user says of agents is about a skill. */
  isTouched: (key: string) => boolean;
}

/** Gives each record what is wanted of it and who shall see it, and `skills.json` what it shall say. */
export function withWishes(
  { manifest, records, roots }: Situation,
  { skills, newNames }: Collected,
  { saved, isSaved, agentsOf, isTouched }: Notes,
): { after: WantedSkill[]; manifest?: string } {
  const formerNames = new Map([...newNames].map(([former, now]) => [now, former]));
  const after = skills.map(({ record, ...rest }) => {
    const key = keyOfRecord(record);
    const before = records.get(key) ?? records.get(formerNames.get(key) ?? key);
    const wish = saved.get(key);
    const requested = wish === undefined ? before?.requested : isSaved(key) ? undefined : wish;
    return { ...rest, record: { ...record, ...agentsOf(before, isTouched(key)), requested } };
  });
  const edits = new Map<string, string | undefined>([...saved].filter(([key]) => isSaved(key)));
  for (const [former, now] of newNames) {
    if (!Object.hasOwn(manifest.skills, former)) continue;
    edits.set(former, undefined);
    edits.set(now, edits.get(now) ?? roots.get(former));
  }
  return { after, ...(edits.size > 0 ? { manifest: editManifest(manifest, edits) } : {}) };
}
