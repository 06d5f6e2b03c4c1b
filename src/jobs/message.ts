import * as z from 'zod';

/** What may travel through the queue: ids only. */
export const jobMessageSchema = z.discriminatedUnion('type', [z.object({ type: z.literal('vet'), jobId: z.string() })]);
