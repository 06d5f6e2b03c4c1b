import * as z from 'zod';
import { isVersionRange } from './semver.ts';

/** A framework the skill runs on. */
export interface SkillFramework {
  name: string;
  /** The path of its adapter file. */
  adapter?: string;
  /** A semver range: which versions of the framework will do. */
  range?: string;
}

const text = z.string().trim().min(1);

/** A range may be a bare number. */
const scalar = z.union([text, z.number().transform(String)]);
const detail = scalar.nullish().catch(undefined);
/** What is said of one framework by name. */
const details = z.looseObject({
  adapter: text.nullish(),
  'instructions-file': detail,
  range: detail,
  version: detail,
  compatibility: detail,
});
const described = z.union([scalar, z.boolean(), z.null(), details]);
const map = z
  .record(text, described)
  .transform((entries) =>
    Object.entries(entries).flatMap(([name, value]) => (value === false ? [] : [describe(name, value)])),
  );
const item = z.union([
  text.transform((name): SkillFramework[] => [{ name }]),
  details.extend({ name: text }).transform(({ name, ...value }) => [describe(name, value)]),
  map,
]);

/**
 * The frameworks of `skill.yaml`, in any of the forms in use:
 *
 * - a list of names: `[claude, openai]`;
 * - a map from name to a semver range, to the path of an adapter file, to `true` (`false` leaves it out), or to a map with
 *   `range` (or `version`, `compatibility`) and `adapter` (or `instructions-file`);
 * - a list of such maps, with one name each, or with the name under `name`.
 *
 * A text that can be a semver range is one; any other is a path.
 */
export const readFrameworks = z.union([z.array(item).transform((items): SkillFramework[] => items.flat()), map]);

function describe(name: string, value: z.infer<typeof described>): SkillFramework {
  if (typeof value === 'string') return isVersionRange(value) ? { name, range: value } : { name, adapter: value };
  if (typeof value !== 'object' || value === null) return { name };
  const adapter = value.adapter ?? value['instructions-file'];
  const range = value.range ?? value.version ?? value.compatibility;
  return { name, ...(adapter ? { adapter } : {}), ...(range ? { range } : {}) };
}
