import * as z from 'zod';
import { baseProblemSchema } from '../../kit/problem-schema.ts';

export const problemSchema = baseProblemSchema
  .extend({
    file: z.string().optional(),
    line: z.number().int().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing']),
    database: z.enum(['ok', 'failing']),
    bundles: z.enum(['ok', 'failing']),
    queue: z.enum(['ok', 'late', 'unknown']),
  })
  .meta({ id: 'Health' });

export type ProblemBody = z.infer<typeof problemSchema>;
