import * as z from 'zod';
import { sha256 } from './common.ts';

const hashes = z.array(sha256);

export const logProofSchema = z
  .object({
    leaf: z.string().meta({ description: 'The entry, byte for byte: canonical JSON.' }),
    opening: z.string().optional().meta({
      description: 'Of a private skill: the text whose SHA-256 is the `commitment` in the entry.',
    }),
    position: z.number().int(),
    checkpoint: z.string().meta({ description: 'A signed note: C2SP tlog-checkpoint with a line `time <seconds>`.' }),
    inclusion: hashes.meta({ description: 'The audit path of RFC 6962, section 2.1.1.' }),
    consistency: hashes.optional().meta({ description: 'From `from`, RFC 6962, section 2.1.2.' }),
  })
  .meta({ id: 'LogProof' });

export const logCheckpointSchema = z
  .object({ checkpoint: z.string(), consistency: hashes.optional() })
  .meta({ id: 'LogCheckpoint' });

export type LogProofBody = z.infer<typeof logProofSchema>;
export type LogCheckpointBody = z.infer<typeof logCheckpointSchema>;
