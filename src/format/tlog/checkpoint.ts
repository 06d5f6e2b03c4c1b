import { fromBase64, toBase64 } from './base64.ts';
import { HASH_BYTES } from './merkle.ts';
import { openNote } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The head of a log at one time. */
export interface Checkpoint {
  /** The name of the log, the same as that of its key. */
  origin: string;
  /** Number of entries. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  /** Seconds since the epoch when it was signed. */
  time: number;
}

/**
 * The text of a checkpoint as it is signed (C2SP tlog-checkpoint): origin, size and root, and one extension line,
 * `time <seconds since the epoch>`, so that a reader notices a log that was stopped.
 */
export function writeCheckpoint({ origin, size, root, time }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\n`;
}

/** The checkpoint in a text; undefined for one that is malformed or has no time. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', base64 = '', ...more] = text.split('\n');
  const extensions = more.slice(0, -1);
  const root = fromBase64(base64);
  const times = extensions.flatMap((line) => /^time (0|[1-9]\d{0,14})$/.exec(line)?.[1] ?? []);
  const [time] = times;
  const isWhole = more.at(-1) === '' && origin !== '' && extensions.every((line) => line !== '');
  if (!isWhole || !/^(0|[1-9]\d{0,14})$/.test(size) || root?.length !== HASH_BYTES) return undefined;
  if (time === undefined || times.length > 1) return undefined;
  return { origin, size: Number(size), root, time: Number(time) };
}

/** The checkpoint of a note that the log's key has signed; undefined for any other note. */
export async function openCheckpoint(note: string, key: VerifierKey): Promise<Checkpoint | undefined> {
  const text = await openNote(note, key);
  const checkpoint = text === undefined ? undefined : readCheckpoint(text);
  return checkpoint?.origin === key.name ? checkpoint : undefined;
}
