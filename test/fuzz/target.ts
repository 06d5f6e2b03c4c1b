import type { Bundle } from '../../src/format/bundle.ts';
import { FormatError } from '../../src/format/format-error.ts';
import type { Random } from './random.ts';

/** A reader under test, with a way to make input for it. */
export interface Target {
  name: string;
  /** Makes one input; equal chance must give equal bytes. */
  generate: (random: Random) => Uint8Array;
  /**
   * Reads the input. May end with a value or a FormatError; anything else is a crash, and so is a value that breaks a
   * promise of the reader, for which it throws an error of its own.
   */
  read: (input: Uint8Array) => unknown;
}

/** What a module of targets exports as `openTarget`; `bundles` are further skills to begin from. */
export type OpenTarget = (name: string, bundles: readonly Bundle[]) => Promise<Target>;

export type Trouble = { kind: 'crash' | 'hang' | 'memory'; message: string };

/** The CPU time that one case may take, in milliseconds; wall time would blame a busy machine on the reader. */
export const MAX_CASE_MS = 1000;

/** How a case ended: accepted, refused, or in trouble. */
export async function runCase(target: Target, input: Uint8Array): Promise<'accepted' | 'refused' | Trouble> {
  const start = process.threadCpuUsage();
  const outcome = await readCase(target, input);
  if (typeof outcome === 'object') return outcome;
  const { user, system } = process.threadCpuUsage(start);
  const ms = Math.round((user + system) / 1000);
  return ms > MAX_CASE_MS ? { kind: 'hang', message: `took more than ${MAX_CASE_MS} ms` } : outcome;
}

async function readCase(target: Target, input: Uint8Array): Promise<'accepted' | 'refused' | Trouble> {
  try {
    await target.read(input);
    return 'accepted';
  } catch (error) {
    if (error instanceof FormatError) return checkRefusal(error);
    return { kind: 'crash', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** A refusal is shown to people on terminals, so it has to be short, plain text that says what to do. */
function checkRefusal({ message, fix, file }: FormatError): 'refused' | Trouble {
  const shown = `${message}${fix}${file ?? ''}`;
  if (fix === '' || message === '') return { kind: 'crash', message: 'the refusal has no message or no fix' };
  if (/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(shown)) {
    return {
      kind: 'crash',
      message: `the refusal holds a control character: ${JSON.stringify(message).slice(0, 100)}`,
    };
  }
  if (shown.length > 3000) return { kind: 'crash', message: 'the refusal is longer than 3,000 characters' };
  return 'refused';
}
