import * as z from 'zod';
import { deprecated, time, visibility } from './common.ts';

export const starredSchema = z
  .object({
    starred: z.boolean(),
    changed: z.boolean().meta({ description: 'False when it was so before.' }),
  })
  .meta({ id: 'Starred' });

export const starsSchema = z
  .object({
    stars: z.array(
      z.object({
        namespace: z.string(),
        name: z.string(),
        description: z.string(),
        visibility,
        latest_version: z.string(),
        deprecated,
        starred_at: time,
      }),
    ),
    next: z.string().nullable().meta({ description: 'For `after`; null on the last page.' }),
  })
  .meta({ id: 'Stars' });

export type StarsBody = z.infer<typeof starsSchema>;
