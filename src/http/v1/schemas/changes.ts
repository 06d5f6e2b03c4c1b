import * as z from 'zod';
import { time, visibility } from './common.ts';

export const yankedSchema = z
  .object({
    yanked: z.number().int().meta({ description: 'How many this call yanked; 0 if they were yanked before.' }),
  })
  .meta({ id: 'Yanked' });

export const unyankedSchema = z.object({ unyanked: z.number().int() }).meta({ id: 'Unyanked' });

export const taggingSchema = z.object({ version: z.string().min(1).max(128) }).meta({ id: 'Tagging' });

export const taggedSchema = z
  .object({ namespace: z.string(), name: z.string(), tag: z.string(), version: z.string() })
  .meta({ id: 'Tagged', description: 'The skill as it is called now.' });

export const deprecationSchema = z
  .object({ message: z.string().min(1).max(2000).meta({ description: 'One line of at most 500 characters.' }) })
  .meta({ id: 'Deprecation' });

export const deprecatedSchema = z
  .object({
    namespace: z.string(),
    name: z.string(),
    range: z.string().nullable().meta({ description: 'Null for the whole skill.' }),
    versions: z.array(z.string()).meta({ description: 'Those that it was about, newest first; yanked ones too.' }),
  })
  .meta({ id: 'Deprecated', description: 'The skill as it is called now.' });

export const visibilitySchema = z.object({ visibility }).meta({ id: 'Visibility' });

export const newLinkSchema = z
  .object({
    expires_in: z.number().int().min(1).max(86_400).optional().meta({ description: 'Seconds; default 3600.' }),
  })
  .meta({ id: 'NewLink' });

export const linkSchema = z
  .object({ url: z.string().meta({ description: 'For `npx skills add <url>`.' }), expires_at: time })
  .meta({ id: 'Link' });
