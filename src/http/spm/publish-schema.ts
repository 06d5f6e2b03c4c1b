import * as z from 'zod';
import type { DescribedSkill } from '../../core/publishing/publish-described.ts';
import { checkSkillName } from '../../format/names.ts';
import { isVersion, isVersionRange } from '../../format/semver.ts';

const word = z.string().trim().min(1).max(64);
const words = z.array(word).min(1).max(10);
const range = z.string().refine(isVersionRange, { error: 'Must be a semver range, such as >=1.0.0' });
const address = z.url({ protocol: /^https?$/ }).max(500);
const source = z.url({ protocol: /^https$/, error: 'Must be an https URL' }).max(2_000);

/** What is published of which only a description is sent. Whatever else there is in the body is passed over. */
export const describedSchema = z
  .object({
    name: z.string().superRefine((name, context) => {
      const problem = checkSkillName(name);
      if (problem !== undefined) context.addIssue(problem);
    }),
    version: z.string().refine(isVersion, { error: 'Must be a semantic version, such as 1.0.0' }),
    description: z.string().trim().min(1).max(200),
    author: z.object({
      name: z.string().trim().min(1).max(200),
      email: z.email().max(200),
      url: address.optional(),
    }),
    license: z.string().trim().min(1).max(200),
    keywords: words,
    capabilities: words,
    frameworks: z.record(word, range),
    dependencies: z.record(z.string(), z.union([range, z.record(z.string(), z.string())])).optional(),
    homepage: address.optional(),
    repository: address.optional(),
    npmPackage: z
      .string()
      .max(214)
      .regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, 'Must be the name of an npm package')
      .optional(),
    npmVersion: z.string().max(100).optional(),
    skillMd: z.string().optional().meta({ description: 'The text of SKILL.md.' }),
    skillMdUrl: source.optional().meta({ description: 'Where SKILL.md is, on a host that the hub fetches from.' }),
    skillYaml: z.string().optional().meta({ description: 'The text of skill.yaml.' }),
    skillYamlUrl: source.optional(),
    checksum: z
      .string()
      .regex(/^(sha256:)?[0-9a-fA-F]{64}$/, 'Must be sha256: and 64 hex digits')
      .optional()
      .meta({ description: 'SHA-256 of the bytes of SKILL.md.' }),
    signature: z.string().optional().meta({ description: 'Taken, but not verified.' }),
  })
  .meta({ id: 'DescribedSkill' });

/** The same as core wants it. A text that is sent counts more than one that would have to be fetched. */
export function toDescribed(body: z.output<typeof describedSchema>): DescribedSkill {
  const { skillMd, skillMdUrl, skillYaml, skillYamlUrl, checksum, signature: _, ...description } = body;
  return {
    description,
    skillMd: sourceOf(skillMd, skillMdUrl),
    skillYaml: sourceOf(skillYaml, skillYamlUrl),
    checksum: checksum?.replace(/^sha256:/, '').toLowerCase(),
  };
}

function sourceOf(text: string | undefined, url: string | undefined): DescribedSkill['skillMd'] {
  if (text !== undefined) return { text };
  return url === undefined ? undefined : { url };
}
