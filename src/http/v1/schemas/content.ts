import * as z from 'zod';

export const previewSchema = z
  .object({
    files: z.array(z.object({ path: z.string(), size: z.number().int() })),
    skill_md: z.string().meta({ description: 'The first 16 KiB.' }),
    truncated: z.boolean(),
  })
  .meta({ id: 'Preview' });

const hunkSchema = z.object({
  old_start: z.number().int().meta({ description: 'Lines are counted from 1.' }),
  old_lines: z.number().int(),
  new_start: z.number().int(),
  new_lines: z.number().int(),
  lines: z.array(z.object({ kind: z.enum(['context', 'insert', 'delete']), text: z.string() })),
});

export const diffSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    files: z.array(
      z.object({
        path: z.string(),
        status: z.enum(['added', 'removed', 'modified']),
        binary: z.boolean().meta({
          description: 'No hunks: not UTF-8, larger than 512 KiB, or after 2 MiB of text in this answer.',
        }),
        hunks: z.array(hunkSchema),
      }),
    ),
  })
  .meta({ id: 'Diff' });
