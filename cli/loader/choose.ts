import { comparePaths } from '../../src/format/bundle.ts';
import { compareVersions, isVersionRange, maxSatisfying } from '../../src/format/semver.ts';
import type { ShadowedSkill, Skill, SkillNeed, SkillScope } from './public.ts';
import type { Warn } from './records.ts';

const ORDER: Record<SkillScope, number> = { folder: 0, project: 1, global: 2 };

/** One skill a name: that of the nearer scope, in one scope the newest version, then the first that was found. */
export function choose(found: readonly Skill[]): { skills: Skill[]; shadowed: ShadowedSkill[] } {
  const chosen = new Map<string, Skill>();
  const shadowed: ShadowedSkill[] = [];
  for (const skill of [...found].sort(compare)) {
    const winner = chosen.get(skill.name);
    if (winner === undefined) chosen.set(skill.name, skill);
    else shadowed.push(shadowOf(skill, winner));
  }
  return { skills: [...chosen.values()].sort((a, b) => comparePaths(a.name, b.name)), shadowed };
}

function compare(a: Skill, b: Skill): number {
  if (a.scope !== b.scope) return ORDER[a.scope] - ORDER[b.scope];
  if (a.version === undefined || b.version === undefined) return Number(!a.version) - Number(!b.version);
  return compareVersions(b.version, a.version);
}

function shadowOf({ name, version, scope, path }: Skill, winner: Skill): ShadowedSkill {
  return { name, ...(version === undefined ? {} : { version }), scope, path, by: winner.path };
}

/** Warns of skills whose needs are not loaded, or in a version that will not do. */
export function checkNeeds(skills: readonly Skill[], warn: Warn): void {
  const byName = new Map(skills.map((skill) => [skill.name, skill]));
  for (const { name, path, dependencies } of skills) {
    for (const need of dependencies) {
      const problem = problemOf(need, byName);
      if (problem === undefined) continue;
      const message = `${name} needs ${need.name}@${need.range}, ${problem}.`;
      warn({ code: 'dependency', path, message, fix: `Install it: skills install "${need.name}@${need.range}"` });
    }
  }
}

function problemOf(need: SkillNeed, byName: ReadonlyMap<string, Skill>): string | undefined {
  const [, namespace, name = ''] = /^(?:@([^/]+)\/)?(.+)$/.exec(need.name) ?? [];
  const skill = byName.get(name);
  const isOther = namespace !== undefined && skill?.namespace !== undefined && skill.namespace !== namespace;
  if (skill === undefined || isOther) return need.optional ? undefined : 'which is not loaded';
  if (skill.version === undefined || !isVersionRange(need.range)) return undefined;
  return maxSatisfying([skill.version], need.range) === undefined ? `and ${skill.version} is loaded` : undefined;
}
