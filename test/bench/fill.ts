import { createNamespace, type Hub, type Published, publish, type Refusal } from './publishing.ts';
import type { BenchSkill } from './skills.ts';

/** How many skills are on their way at a time. */
const SLOTS = 16;

export interface Refused {
  count: number;
  /** The first message of this reason. */
  example: string;
}

export interface Catalogue {
  published: Published[];
  refused: Map<string, Refused>;
  seconds: number;
}

export function emptyCatalogue(): Catalogue {
  return { published: [], refused: new Map(), seconds: 0 };
}

/** Publishes the skills through the API, many at a time, each from its upload to the end of its job. */
export async function fill(hub: Hub, catalogue: Catalogue, skills: readonly BenchSkill[]): Promise<void> {
  const begun = performance.now();
  const queue = skills.values();
  const slot = async () => {
    for (const skill of queue) note(catalogue, await publish(hub, skill));
  };
  await Promise.all(Array.from({ length: SLOTS }, slot));
  catalogue.seconds += (performance.now() - begun) / 1000;
}

export async function createNamespaces(hub: Hub, skills: readonly BenchSkill[]): Promise<void> {
  for (const namespace of new Set(skills.map((skill) => skill.namespace))) await createNamespace(hub, namespace);
}

function note(catalogue: Catalogue, outcome: Published | Refusal): void {
  if (!('refused' in outcome)) {
    catalogue.published.push(outcome);
    return;
  }
  const { count, example } = catalogue.refused.get(outcome.refused) ?? { count: 0, example: outcome.message };
  catalogue.refused.set(outcome.refused, { count: count + 1, example });
}
