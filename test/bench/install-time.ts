import { setTimeout as sleep } from 'node:timers/promises';
import { createNamespace, type Hub, upload } from './publishing.ts';
import { type BenchSkill, generatedSkill } from './skills.ts';
import { median } from './statistics.ts';
import { downloadPath } from './targets.ts';

const NAMESPACE = 'bench-timing';
/** Between two tries to download; many at once try less often each, so as not to become the load themselves. */
const POLL_MS = 3;
const DEADLINE_MS = 60_000;

export interface InstallTimes {
  /** Milliseconds. */
  median: number;
  worst: number;
}

/** How long a skill takes from its upload until it can be downloaded: one after the other, and many at once. */
export async function measureInstallTimes(hub: Hub, count: number, atOnce: number) {
  await createNamespace(hub, NAMESPACE);
  const skills = Array.from({ length: count + atOnce }, (_, index) =>
    generatedSkill(NAMESPACE, `freshly-published-${index}`, `Number ${index} of the skills that are timed.`),
  );
  const sequential: number[] = [];
  for (const skill of skills.slice(0, count)) sequential.push(await untilInstallable(hub, skill, POLL_MS));
  const parallel = await Promise.all(
    skills.slice(count).map((skill) => untilInstallable(hub, skill, POLL_MS * atOnce)),
  );
  return { sequential: summary(sequential), parallel: summary(parallel) };
}

async function untilInstallable(hub: Hub, skill: BenchSkill, pollMs: number): Promise<number> {
  const begun = performance.now();
  const accepted = await upload(hub, skill);
  if ('refused' in accepted) throw new Error(`a skill to be timed was refused: ${accepted.message}`);
  for (;;) {
    const response = await fetch(hub.url + downloadPath(accepted));
    await response.arrayBuffer();
    if (response.status === 200) return performance.now() - begun;
    if (performance.now() - begun > DEADLINE_MS)
      throw new Error(`${accepted.name} cannot be downloaded after ${DEADLINE_MS / 1000} s: HTTP ${response.status}`);
    await sleep(pollMs);
  }
}

function summary(milliseconds: number[]): InstallTimes {
  return { median: median(milliseconds), worst: Math.max(...milliseconds) };
}
