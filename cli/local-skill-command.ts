import { resolve } from 'node:path';
import type { SkillMetadata } from '../src/format/skill-metadata.ts';
import type { BaseCommand } from './base-command.ts';
import type { CheckedSkill } from './check-skill.ts';
import { InvalidSkill } from './failure.ts';
import { formatFinding } from './findings.ts';
import { harmless } from './terminal.ts';

export type ValidSkill = CheckedSkill & { metadata: SkillMetadata };

/**
 * Reads a skill that is about to be packed; its findings go to stderr.
 *
 * @throws InvalidSkill when one of them is an error
 */
export async function requireValid(command: BaseCommand, target: string): Promise<ValidSkill> {
  const { checkSkill } = await import('./check-skill.ts');
  const { context, json } = command;
  const { metadata, ...skill } = await checkSkill(resolve(context.cwd, target));
  if (!json) {
    for (const finding of skill.findings)
      context.stderr.write(`${harmless(context, formatFinding(context, finding))}\n`);
  }
  const errors = skill.findings.filter(({ severity }) => severity === 'error');
  if (metadata && errors.length === 0) return { ...skill, metadata };
  const message = `The skill is not valid: ${errors.map((error) => error.message).join('; ')}.`;
  throw new InvalidSkill(message, `Mend it, and check it with \`skills validate ${target}\`.`, skill.findings);
}
