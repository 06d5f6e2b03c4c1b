import { ChildLost, GuardedChild } from './guarded-child.ts';
import { minimise } from './minimise.ts';
import type { ChildStart } from './protocol.ts';
import { randomOf } from './random.ts';
import { corpusBundles } from './seeds.ts';
import type { OpenTarget, Trouble } from './target.ts';

export interface Campaign extends Omit<ChildStart, 'progressFile'> {
  seed: number;
  /** Whichever ends first. */
  seconds: number;
  maxCases: number;
  /** Wall time after which a case is killed, in milliseconds. */
  stuckMs: number;
  minimiseTries: number;
  /** Told of each finding as soon as it is there: making it smaller takes a while. */
  onTrouble?: (index: number, trouble: Trouble) => void;
}

/** One way to break a reader: the first case that showed it, and its smallest form. */
export interface Finding {
  trouble: Trouble;
  index: number;
  input: Uint8Array;
  smallest: Uint8Array;
}

export interface Result {
  cases: number;
  accepted: number;
  seconds: number;
  findings: Finding[];
}

const MAX_FINDINGS = 5;
const MAX_SHRINK_MS = 60_000;

/** Runs one target until time or cases are used up, or until it was broken in five ways. */
export async function runCampaign(campaign: Campaign): Promise<Result> {
  const begin = Date.now();
  const until = begin + campaign.seconds * 1000;
  const troubles = new Map<string, { index: number; trouble: Trouble }>();
  const note = (index: number, trouble: Trouble) => {
    const key = `${trouble.kind} ${trouble.message}`;
    if (troubles.has(key) || troubles.size >= MAX_FINDINGS) return;
    troubles.set(key, { index, trouble });
    campaign.onTrouble?.(index, trouble);
  };
  let [next, accepted] = [0, 0];
  while (next < campaign.maxCases && Date.now() < until && troubles.size < MAX_FINDINGS) {
    const child = await GuardedChild.start(campaign, campaign.stuckMs);
    try {
      const count = campaign.maxCases - next;
      const report = await child.run({ do: 'cases', seed: campaign.seed, from: next, count, until }, note);
      if (report.say === 'cases done') [next, accepted] = [report.next, accepted + report.accepted];
    } catch (error) {
      if (!(error instanceof ChildLost)) throw error;
      note(error.index, error.trouble);
      next = error.index + 1;
    } finally {
      child.stop();
    }
  }
  const seconds = (Date.now() - begin) / 1000;
  return { cases: next, accepted, seconds, findings: await describeAll(campaign, [...troubles.values()]) };
}

async function describeAll(campaign: Campaign, troubles: { index: number; trouble: Trouble }[]): Promise<Finding[]> {
  if (troubles.length === 0) return [];
  const { openTarget }: { openTarget: OpenTarget } = await import(campaign.module);
  const target = await openTarget(campaign.target, campaign.withCorpus ? corpusBundles() : []);
  const findings: Finding[] = [];
  for (const { index, trouble } of troubles) {
    const input = target.generate(randomOf(campaign.seed, index));
    findings.push({ trouble, index, input, smallest: await shrink(campaign, input, trouble) });
  }
  return findings;
}

/** Tries smaller inputs in further children, since any of them may hang or burst as the first did. */
async function shrink(campaign: Campaign, input: Uint8Array, trouble: Trouble): Promise<Uint8Array> {
  let child = await GuardedChild.start(campaign, campaign.stuckMs);
  const until = Date.now() + MAX_SHRINK_MS;
  const isStillBad = async (candidate: Uint8Array) => {
    if (Date.now() > until) return false;
    try {
      const report = await child.run({ do: 'input', input: candidate }, () => undefined);
      return report.say === 'input done' && report.trouble?.kind === trouble.kind;
    } catch (error) {
      if (!(error instanceof ChildLost)) throw error;
      child.stop();
      child = await GuardedChild.start(campaign, campaign.stuckMs);
      return error.trouble.kind === trouble.kind;
    }
  };
  try {
    return await minimise(input, isStillBad, campaign.minimiseTries);
  } finally {
    child.stop();
  }
}
