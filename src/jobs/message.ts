import * as z from 'zod';

/** What may travel through the queue: ids, and the downloads that a batch counts. */
export const jobMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vet'), jobId: z.string() }),
  z.object({ type: z.literal('scan'), scanId: z.string() }),
  z.object({ type: z.literal('rescan'), rescanId: z.string() }),
  z.object({ type: z.literal('resign'), keyId: z.string() }),
  z.object({
    type: z.literal('downloads'),
    batchId: z.string(),
    day: z.number().int(),
    marks: z.array(z.object({ versionId: z.string(), client: z.string() })),
  }),
]);
