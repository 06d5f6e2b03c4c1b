import { join } from 'node:path';
import { rememberedAgents } from '../agents/agents.ts';
import type { CliContext } from '../context.ts';
import type { WantedSkill } from '../installer.ts';
import { formerOf, type Moves } from './report.ts';
import type { Situation } from './situation.ts';

/** Where agents see skills that they did not see before: `linked for claude-code: /home/me/project/.claude/skills/pdf-tools` */
export function linkLines(
  context: Pick<CliContext, 'env' | 'home'>,
  situation: Situation,
  after: readonly WantedSkill[],
  moved: Moves,
): string[] {
  return after.flatMap(({ record }) => {
    const before = new Set(formerOf(situation, record, moved)?.agents);
    const fresh = (record.agents ?? []).filter((agent) => !before.has(agent));
    const byFolder = new Map<string, string[]>();
    for (const { name, folder } of rememberedAgents(context, situation.scope, fresh))
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), name]);
    const how = record.copied ? 'copied' : 'linked';
    return [...byFolder].map(([folder, names]) => `${how} for ${names.join(', ')}: ${join(folder, record.name)}`);
  });
}
