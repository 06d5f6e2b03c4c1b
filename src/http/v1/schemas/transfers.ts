import * as z from 'zod';
import { time } from './common.ts';

export const newTransferSchema = z
  .object({
    to: z.string().min(1).max(64).meta({ description: 'The namespace that shall have it.' }),
    message: z.string().trim().max(500).optional(),
  })
  .meta({ id: 'NewTransfer' });

export const requestedTransferSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    name: z.string(),
    to: z.string(),
    transferred: z
      .boolean()
      .meta({ description: 'True when the key counts in both namespaces: nobody had to be asked.' }),
    expires_at: time,
  })
  .meta({ id: 'RequestedTransfer', description: 'The skill as it is called now.' });

export const endedTransferSchema = z
  .object({ namespace: z.string(), name: z.string() })
  .meta({ id: 'EndedTransfer', description: 'The skill as it is called now.' });

export const transfersSchema = z
  .object({
    transfers: z.array(
      z.object({
        id: z.string(),
        namespace: z.string(),
        name: z.string(),
        from: z.string(),
        to: z.string(),
        message: z.string().meta({ description: 'Empty if there is none.' }),
        requested_at: time,
        expires_at: time,
      }),
    ),
  })
  .meta({ id: 'Transfers' });

export type TransfersBody = z.infer<typeof transfersSchema>;
