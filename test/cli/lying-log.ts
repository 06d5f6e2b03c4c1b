import { generateKeyPairSync } from 'node:crypto';
import { ed25519LogSigner } from '../../src/adapters/log-signer-ed25519.ts';
import type { LogSigner } from '../../src/core/deps.ts';
import { toHex } from '../../src/format/digest.ts';
import { writeCheckpoint } from '../../src/format/tlog/checkpoint.ts';
import { writeNote } from '../../src/format/tlog/note.ts';
import { consistencyRanges, inclusionRanges, type Range } from '../../src/format/tlog/proof-ranges.ts';
import { formatVerifierKey } from '../../src/format/tlog/verifier-key.ts';
import type { LogProofBody } from '../../src/http/v1/schemas.ts';
import { naiveRoot } from '../support/naive-log.ts';
import type { World } from '../support/world.ts';
import type { Tamper } from './hub.ts';

const encoder = new TextEncoder();
const hash = (text: string) => encoder.encode(text);

export function signerOf(world: World): LogSigner {
  const { logSigner } = world.deps;
  if (!logSigner) throw new Error('this world has no log');
  return logSigner;
}

/** Another key, which nobody trusts. */
export function strangeSigner(): LogSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  return ed25519LogSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** A log of any leaves, with proofs and checkpoints as good as the key that signs them. */
export async function proofIn(
  leaves: readonly string[],
  position: number,
  { signer, time, from }: { signer: LogSigner; time: number; from?: number },
): Promise<LogProofBody> {
  const entries = leaves.map(hash);
  const size = entries.length;
  const key = await signer.key();
  const text = writeCheckpoint({ origin: key.name, size, root: await naiveRoot(entries), time });
  const proof = (ranges: Range[]) =>
    Promise.all(ranges.map(async ({ start, end }) => toHex(await naiveRoot(entries.slice(start, end)))));
  return {
    leaf: leaves[position] ?? '',
    position,
    checkpoint: writeNote(text, key, await signer.sign(hash(text))),
    inclusion: await proof(inclusionRanges(position, size)),
    consistency: from === undefined || from > size ? undefined : await proof(consistencyRanges(from, size)),
  };
}

/** Answers proofs with what `lie` makes of the true ones. */
export function lyingProof(lie: (proof: LogProofBody) => Promise<LogProofBody> | LogProofBody): Tamper {
  return async (path, response) =>
    path.startsWith('/v1/log/proof/') && response.ok ? Response.json(await lie(await response.json())) : response;
}

/** Shows another key of the log, or none. */
export function lyingKey(signer: LogSigner | undefined): Tamper {
  return async (path, response) => {
    if (path !== '/v1/keys/registry') return response;
    const key = await signer?.key();
    const log = key && { name: key.name, key: formatVerifierKey(key) };
    return Response.json({ ...(await response.json<object>()), log });
  };
}
