import * as z from 'zod';

/** What every problem+json says (RFC 9457, with `code` and `fix`). A dialect gives it its name, and what it says more. */
export const baseProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string().meta({ description: 'Stable; made for programs.' }),
  detail: z.string().meta({ description: 'What is wrong, for people.' }),
  fix: z.string().optional().meta({ description: 'What to do about it.' }),
});
