import * as z from 'zod';
import { handleSchema } from './handle.ts';

/** The wire shapes of transfers. Times are milliseconds since the epoch. */

const time = z.number().int();

export const transferRequestSchema = z
  .object({
    toUserHandle: handleSchema.meta({ description: 'The namespace that shall have it.' }),
    message: z.string().trim().max(500).nullish(),
  })
  .meta({ id: 'TransferRequest' });

export const requestedTransferSchema = z
  .object({
    ok: z.literal(true),
    transferId: z.string().optional(),
    skillSlug: z.string(),
    toUserHandle: z.string().optional().meta({ description: 'Who has to accept it.' }),
    toPublisherHandle: z.string().optional().meta({ description: 'Who has it now.' }),
    expiresAt: time.optional(),
    transferred: z.literal(true).optional(),
  })
  .meta({ id: 'RequestedTransfer' });

export const decidedTransferSchema = z
  .object({ ok: z.literal(true), skillSlug: z.string().meta({ description: 'The flat name, as it is now.' }) })
  .meta({ id: 'DecidedTransfer' });

const userSchema = z.object({ _id: z.string(), handle: z.string(), displayName: z.string() });

export const transferListSchema = z
  .object({
    transfers: z.array(
      z.object({
        _id: z.string(),
        skill: z.object({ _id: z.string(), slug: z.string(), displayName: z.string() }),
        fromUser: userSchema.optional().meta({ description: 'Of incoming ones.' }),
        toUser: userSchema.optional().meta({ description: 'Of outgoing ones.' }),
        message: z.string().optional(),
        requestedAt: time,
        expiresAt: time,
      }),
    ),
  })
  .meta({ id: 'Transfers' });
