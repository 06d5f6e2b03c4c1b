import { treeDigest } from '../../src/format/digest.ts';
import type { SkillMetadata } from '../../src/format/skill-metadata.ts';
import { type CheckedSkill, checkSkill } from '../check-skill.ts';
import { InvalidSkill } from '../failure.ts';

export type Valid = CheckedSkill & { metadata: SkillMetadata };

/** What is kept of a skill on disk while others are looked at: not its files. */
export interface LocalSkill {
  /** Absolute. */
  path: string;
  metadata: SkillMetadata;
  treeDigest: string;
}

/** @throws InvalidSkill when it breaks a rule; UserError, FormatError when it cannot be read */
export async function readValid(path: string): Promise<Valid> {
  const { metadata, ...skill } = await checkSkill(path);
  const errors = skill.findings.filter(({ severity }) => severity === 'error');
  if (metadata && errors.length === 0) return { ...skill, metadata };
  throw new InvalidSkill(
    `The skill is not valid: ${errors.map(({ message }) => message).join('; ')}.`,
    'Mend it, and check it with `skills validate`.',
    errors,
  );
}

/** @throws as `readValid` */
export async function readLocalSkill(path: string): Promise<LocalSkill> {
  const { metadata, bundle } = await readValid(path);
  return { path, metadata, treeDigest: await treeDigest(bundle) };
}
