import * as z from 'zod';
import { baseProblemSchema } from '../kit/problem-schema.ts';

/** The wire shapes of discovery. Both kinds of index may hold further fields, which clients pass over. */

export const SCHEMA_V2 = 'https://schemas.agentskills.io/discovery/0.2.0/schema.json';

export const problemSchema = baseProblemSchema.meta({ id: 'Problem' });

export const indexV2Schema = z
  .object({
    $schema: z.literal(SCHEMA_V2),
    skills: z.array(
      z.object({
        name: z.string(),
        type: z.literal('archive'),
        description: z.string().max(1024),
        url: z.string().meta({ description: 'Of the canonical tar.gz, relative to the hub.' }),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        namespace: z.string(),
        version: z.string(),
        size: z.number().int().meta({ description: 'Of the archive, in bytes.' }),
      }),
    ),
  })
  .meta({ id: 'DiscoveryIndex' });

export const indexV1Schema = z
  .object({
    skills: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        files: z.array(z.string()).meta({ description: 'Each at `<name>/<file>` beside the index.' }),
        namespace: z.string(),
        version: z.string(),
      }),
    ),
  })
  .meta({ id: 'DiscoveryIndexV01' });

export const foundSkillsSchema = z
  .object({
    skills: z.array(
      z.object({
        name: z.string(),
        id: z.string().meta({ example: 'acme/pdf-tools' }),
        source: z.string().meta({ description: 'What `skills add` takes, for this one skill.' }),
        installs: z
          .number()
          .int()
          .meta({ description: 'Always 0: the client would sort by it, and lose the order of the search.' }),
      }),
    ),
  })
  .meta({ id: 'FoundSkills' });
