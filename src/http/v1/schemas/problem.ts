import * as z from 'zod';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().meta({ description: 'Stable; made for programs.' }),
    detail: z.string().meta({ description: 'What is wrong, for people.' }),
    fix: z.string().optional().meta({ description: 'What to do about it.' }),
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
