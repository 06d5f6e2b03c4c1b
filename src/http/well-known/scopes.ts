import type { Context } from 'hono';
import { type Actor, ANONYMOUS } from '../../core/accounts/actor.ts';
import {
  type DiscoveredSkill,
  discoverCurated,
  discoverCuratedSkill,
  discoverNamespace,
  discoverSkill,
} from '../../core/catalog/discover.ts';
import { noSuchSkill } from '../../core/catalog/find-skill.ts';
import { skillTag } from '../../core/catalog/keys.ts';
import { followReadLink } from '../../core/catalog/read-link.ts';
import type { Deps } from '../../core/deps.ts';
import type { Cacheability } from '../kit/caching.ts';
import type { HubEnv } from '../kit/types.ts';
import { type Address, parseAddress, pathParam } from './address.ts';

/** What one request may see. */
export interface Selection {
  actor: Actor;
  skills: DiscoveredSkill[];
  /** What the URLs of artifacts begin with. */
  base: string;
  /** `never` for what a link in the path opens. */
  caching: Cacheability | 'never';
}

/** A place in the tree of URLs that has an index of its own, with the parameters of its path. */
export interface Scope {
  path: string;
  parameters: Record<string, string>;
  summary: string;
  /** The skills of the index, or the one of that name. @throws Problem as the use cases do */
  select(c: Context<HubEnv>, name?: string): Promise<Selection>;
}

/** A scope of one skill also has its artifacts. */
export interface SkillScope extends Scope {
  /** Who asks, and for which skill. @throws Problem `not_found` for a link that is not good */
  open(c: Context<HubEnv>): Promise<Pick<Selection, 'actor' | 'base'> & { address: Address; isLink: boolean }>;
}

const IN_SEARCH = { public: true, pinned: false, tags: ['search'] };

export function rootScope(deps: Deps): Scope {
  return {
    path: '',
    parameters: {},
    summary: "the hub's own list",
    async select(_c, name) {
      const skills = name === undefined ? await discoverCurated(deps) : [await discoverCuratedSkill(deps, name)];
      return { actor: ANONYMOUS, skills, base: '', caching: IN_SEARCH };
    },
  };
}

export function ownerScope(deps: Deps): Scope {
  return {
    path: '/:owner',
    parameters: { owner: 'A namespace: its 100 newest skills. Or `<namespace>@<name>`: this skill.' },
    summary: 'a namespace',
    async select(c, name) {
      const actor = c.get('actor');
      const [namespace = '', ...rest] = pathParam(c, 'owner').split('@');
      if (rest.length > 0) return selectSkill(deps, actor, parseAddress(namespace, rest.join('@')), name);
      if (name !== undefined) return selectSkill(deps, actor, { namespace, name, version: 'latest' }, name);
      return { actor, skills: await discoverNamespace(deps, actor, namespace), base: '', caching: IN_SEARCH };
    },
  };
}

const SKILL_PARAMETERS = { namespace: '', skill: '`<name>`, or `<name>@<version, tag or range>`.' };

export function skillScope(deps: Deps): SkillScope {
  const open: SkillScope['open'] = async (c) => ({
    actor: c.get('actor'),
    address: parseAddress(pathParam(c, 'namespace'), pathParam(c, 'skill')),
    base: '',
    isLink: false,
  });
  return {
    path: '/:namespace/:skill',
    parameters: SKILL_PARAMETERS,
    summary: 'one skill',
    open,
    async select(c, name) {
      const { actor, address } = await open(c);
      return selectSkill(deps, actor, address, name);
    },
  };
}

export function linkScope(deps: Deps): SkillScope {
  const open: SkillScope['open'] = async (c) => {
    const token = pathParam(c, 'token');
    const address = parseAddress(pathParam(c, 'namespace'), pathParam(c, 'skill'));
    return { actor: await followReadLink(deps, token, address), address, base: `/t/${token}`, isLink: true };
  };
  return {
    path: '/t/:token/:namespace/:skill',
    parameters: { token: 'From `POST /v1/packages/{namespace}/{name}/link`.', ...SKILL_PARAMETERS },
    summary: 'one skill, through a link',
    open,
    async select(c, name) {
      const { actor, address, base } = await open(c);
      return { ...(await selectSkill(deps, actor, address, name)), base, caching: 'never' };
    },
  };
}

/** The scope of a skill holds nothing else, whatever the actor may read. Its index names the skill as it is called now. */
async function selectSkill(deps: Deps, actor: Actor, address: Address, name = address.name): Promise<Selection> {
  const { isPublic, ...skill } = await discoverSkill(deps, actor, address);
  if (name !== address.name && name !== skill.name) throw noSuchSkill(address.namespace, name);
  const tags = [skillTag(skill.namespace, skill.name)];
  return { actor, skills: [skill], base: '', caching: { public: isPublic, pinned: false, tags } };
}
