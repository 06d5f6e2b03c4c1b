import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import { closest } from '../closest.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Scope } from '../project/scope.ts';
import { AGENTS, type AgentRow } from './table.ts';

/** An agent, as it is in one scope. */
export interface Agent {
  name: string;
  title: string;
  /** The folder that it looks into, absolute. */
  folder: string;
}

const CONFIG = '~/.config/';

type AgentContext = Pick<CliContext, 'env' | 'home'>;

/**
 * The agents of those names, `*` being all of them.
 *
 * @throws CodedError `usage` for a name that no agent has, or an agent that the scope cannot serve
 */
export function namedAgents(context: AgentContext, scope: Scope, names: readonly string[]): Agent[] {
  if (names.includes('*')) return AGENTS.flatMap((row) => agentOf(context, scope, row) ?? []);
  return [...new Set(names)].map((name) => {
    const row = AGENTS.find((candidate) => candidate.name === name);
    if (!row) throw unknownAgent(name);
    const agent = agentOf(context, scope, row);
    if (agent) return agent;
    throw usageError(`${row.title} knows skills of projects only.`, 'Leave out --global, or the agent.');
  });
}

/** Those of the names that are agents here: a lock file may come from a newer version of this command. */
export function rememberedAgents(context: AgentContext, scope: Scope, names: readonly string[]): Agent[] {
  return AGENTS.filter(({ name }) => names.includes(name)).flatMap((row) => agentOf(context, scope, row) ?? []);
}

/**
 * The agents that are in use: in a project those whose dot folder is there, for the user those whose own folder is. A
 * folder such as `skills/` says nothing.
 */
export async function detectAgents(context: AgentContext, scope: Scope): Promise<Agent[]> {
  const found: Agent[] = [];
  for (const row of AGENTS) {
    const agent = agentOf(context, scope, row);
    if (!agent || agent.folder === scope.agentsFolder) continue;
    const sign = scope.kind === 'project' ? projectSign(scope, row) : join(agent.folder, '..');
    if (sign !== undefined && (await isFolder(sign))) found.push(agent);
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function projectSign({ root }: Scope, { project }: AgentRow): string | undefined {
  const [first = ''] = project.split('/');
  return first.startsWith('.') ? join(root, first) : undefined;
}

function agentOf(context: AgentContext, scope: Scope, row: AgentRow): Agent | undefined {
  const { name, title } = row;
  if (scope.kind === 'project') return { name, title, folder: join(scope.root, row.project) };
  const own = row.homeVariable && context.env[row.homeVariable];
  if (own && isAbsolute(own)) return { name, title, folder: join(own, 'skills') };
  return row.global === undefined ? undefined : { name, title, folder: expand(context, row.global) };
}

/** `~/.config` is where XDG_CONFIG_HOME says. */
function expand({ env, home }: AgentContext, path: string): string {
  const config = env.XDG_CONFIG_HOME;
  if (config && isAbsolute(config) && path.startsWith(CONFIG)) return join(config, path.slice(CONFIG.length));
  return join(home, path.slice('~/'.length));
}

function unknownAgent(name: string) {
  const meant = closest(
    name,
    AGENTS.map((row) => row.name),
  );
  const fix = meant ? `Did you mean ${meant}?` : 'See which there are: skills install --help';
  return usageError(`There is no agent '${name}'.`, fix);
}
