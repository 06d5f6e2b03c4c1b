import { detectAgents, namedAgents } from '../agents/agents.ts';
import type { CliContext } from '../context.ts';
import type { InstallRecord } from '../project/record.ts';
import type { Situation } from './situation.ts';

/** What the user says of agents. */
export interface AgentOptions {
  /** Names, or `*` for all. */
  agents: readonly string[];
  copy: boolean;
}

/**
 * Who shall see a skill.
 *
 * @param before the record of what was installed
 * @param isTouched whether the user's word is about it
 */
export type AgentsOf = (
  before: InstallRecord | undefined,
  isTouched: boolean,
) => Pick<InstallRecord, 'agents' | 'copied'>;

/**
 * Who shall see a skill: the agents that it was made visible to before, with those that the user names now; for a skill that
 * is new and without a word from the user, those that `skills.json` names, or else those that are in use.
 *
 * @throws CodedError `usage`
 */
export async function agentsChoice(
  context: Pick<CliContext, 'env' | 'home'>,
  { scope, manifest }: Situation,
  { agents, copy }: AgentOptions,
): Promise<AgentsOf> {
  const named = linked(namedAgents(context, scope, agents));
  const usual = linked(
    manifest.agents ? namedAgents(context, scope, manifest.agents) : await detectAgents(context, scope),
  );
  return (before, isTouched) => {
    const chosen = isTouched ? named : [];
    const start = before?.agents ?? (before || (isTouched && agents.length > 0) ? [] : usual);
    return {
      agents: [...new Set([...start, ...chosen])],
      copied: before?.copied || (isTouched && copy),
    };
  };

  /** Those that look into `.agents/skills` need nothing. */
  function linked(found: readonly { name: string; folder: string }[]): string[] {
    return found.filter(({ folder }) => folder !== scope.agentsFolder).map(({ name }) => name);
  }
}
