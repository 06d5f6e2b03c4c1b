import type { Trouble } from './target.ts';

/** What a child is told: first what to fuzz, then to run the cases of a seed from an index on, or to read one input. */
export type Order =
  | ({ do: 'start' } & ChildStart)
  | { do: 'cases'; seed: number; from: number; count: number; until: number }
  | { do: 'input'; input: Uint8Array };

/** What it says: that it is ready, a case in trouble, or how the order ended. */
export type Report =
  | { say: 'ready' }
  | { say: 'trouble'; index: number; trouble: Trouble }
  | { say: 'cases done'; next: number; accepted: number }
  | { say: 'input done'; trouble: Trouble | undefined };

export interface ChildStart {
  /** Path of a module that exports `openTarget`. */
  module: string;
  target: string;
  withCorpus: boolean;
  /** A file whose first 4 bytes are the index of the case at work: a child that hangs can send nothing. */
  progressFile: string;
}
