import type { SkillDependency } from '../../src/format/skill-yaml.ts';

export interface SkillAddress {
  namespace: string;
  name: string;
}

/** A skill that somebody wants. */
export interface Wanted extends SkillAddress {
  /** A semver range, a version, `latest` or another tag. */
  range: string;
  /** True for one that may be left out when it does not fit. */
  optional: boolean;
  /** Who asks, from the outside in: `['skills.json', '@acme/report@2.0.0']`. For reports only; empty for the user. */
  path: readonly string[];
}

/** Where the resolver learns what there is. Each address is asked at the registry that its namespace belongs to. */
export interface VersionSource {
  /** All versions in any order; none for a skill that does not exist, or a CodedError `not_found`. */
  versions(address: SkillAddress): Promise<readonly { version: string; yanked: boolean }[]>;
  dependencies(address: SkillAddress, version: string): Promise<readonly SkillDependency[]>;
  /** The version that a tag leads to. Without this, `latest` is the newest version, and there are no other tags. */
  tag?(address: SkillAddress, tag: string): Promise<string | undefined>;
  /** The namespace of the skill that a bare name means. Without this, dependencies need a namespace. */
  namespaceOf?(name: string, askedBy: SkillAddress): Promise<string | undefined>;
}

export interface PlannedSkill extends SkillAddress {
  version: string;
  /** Who asked for it first, as in `Wanted`. */
  path: readonly string[];
  /** What it wants itself, those that were left out included. */
  dependencies: readonly Wanted[];
}

/** An optional skill that is not in the plan. */
export interface LeftOut {
  wanted: Wanted;
  /** A sentence for people. */
  reason: string;
}

export interface Plan {
  /** One version a skill: those that were wanted first, then what they need, breadth first. */
  skills: readonly PlannedSkill[];
  leftOut: readonly LeftOut[];
}

/** `@namespace/name`; just the name where the namespace is not known. */
export function addressText({ namespace, name }: SkillAddress): string {
  return namespace === '' ? name : `@${namespace}/${name}`;
}
