import * as z from 'zod';
import { FormatError } from './format-error.ts';
import { checkSkillName, parseSkillRef } from './names.ts';
import { isVersion, isVersionRange } from './semver.ts';
import { checkCount, checkLength, MAX_COUNT, MAX_TEXT } from './text-limits.ts';
import { parseYamlText } from './yaml-text.ts';

/** A skill that another one needs: `name` is `name` or `@namespace/name`, `range` a semver range, `*` or `latest`. */
export interface SkillDependency {
  name: string;
  range: string;
  optional: boolean;
}

/** A framework the skill runs on, with the path of its adapter file when it has one. */
export interface SkillFramework {
  name: string;
  adapter?: string;
}

/** `skill.yaml` with its lists brought to one form. */
export interface SkillYaml {
  name?: string;
  version?: string;
  description?: string;
  license?: string;
  author?: string;
  keywords: string[];
  frameworks: SkillFramework[];
  dependencies: SkillDependency[];
}

const FILE = 'skill.yaml';
const PLACE = { code: 'invalid_skill_yaml', file: FILE } as const;
const text = z.string().trim().min(1);
const scalar = z.union([text, z.number().transform(String)]);

const frameworks = z.union([
  z.array(
    z.union([text.transform((name): SkillFramework => ({ name })), z.object({ name: text, adapter: text.optional() })]),
  ),
  z
    .record(text, z.union([text, z.boolean(), z.null(), z.looseObject({ adapter: text.optional() })]))
    .transform(frameworksOfMap),
]);

const dependency = z.union([
  text.transform((ref) => dependencyOfRef(ref)),
  z
    .object({ name: text, version: scalar.optional(), range: scalar.optional(), optional: z.boolean().default(false) })
    .transform((item) => ({ name: item.name, range: item.range ?? item.version ?? '*', optional: item.optional })),
]);

const dependencies = z.union([
  z.array(dependency),
  z
    .record(text, z.union([scalar, z.null()]))
    .transform((map) => Object.entries(map).map(([name, range]) => ({ name, range: range ?? '*', optional: false }))),
]);

const keywords = z.union([
  z.array(scalar),
  z.string().transform((list) =>
    list
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
]);

const author = z.union([text, z.looseObject({ name: text }).transform((person) => person.name)]);

const schema = z.looseObject({
  name: scalar.nullish(),
  version: scalar.nullish(),
  description: z.string().trim().nullish(),
  license: text.nullish(),
  author: author.nullish(),
  keywords: keywords.nullish(),
  tags: keywords.nullish(),
  frameworks: frameworks.nullish(),
  dependencies: dependencies.nullish(),
});

/**
 * Parses `skill.yaml`, in which every key is optional and unknown keys are ignored.
 *
 * - `frameworks`: names (`[claude, openai]`), a map from name to adapter path or `true` (`false` leaves it out), or
 *   maps with `name` and `adapter`.
 * - `dependencies`: `name@range` texts, a map from name to range, or maps with `name`, `range` or `version`, and `optional`.
 * - `keywords` (or `tags`): a list, or one text separated by commas. `author`: a text, or a map with `name`.
 *
 * @throws FormatError `invalid_skill_yaml`, naming the field
 */
export function parseSkillYaml(source: string): SkillYaml {
  const clean = source.replace(/^\ufeff/, '');
  const { document } = parseYamlText(clean, { file: FILE, firstLine: 1, code: 'invalid_skill_yaml' });
  const result = schema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalidYaml(issue?.path.join('.') || 'the document', 'does not have the expected form');
  }
  const { name, version, description, license, author: by } = result.data;
  if (name && checkSkillName(name) !== undefined) throw invalidYaml('name', `is wrong: ${checkSkillName(name)}`);
  if (version && !isVersion(version))
    throw invalidYaml('version', `'${version}' is not a semantic version such as 1.0.0`);
  const { keywords, tags, frameworks, dependencies } = result.data;
  checkCaps({ license, author: by, keywords: keywords ?? tags, frameworks, dependencies });
  return {
    ...(name ? { name } : {}),
    ...(version ? { version } : {}),
    ...(description ? { description } : {}),
    ...(license ? { license } : {}),
    ...(by ? { author: by } : {}),
    keywords: keywords ?? tags ?? [],
    frameworks: frameworks ?? [],
    dependencies: (dependencies ?? []).map(checkDependency),
  };
}

type Capped = Pick<z.infer<typeof schema>, 'license' | 'author' | 'keywords' | 'frameworks' | 'dependencies'>;

function checkCaps({ license, author, keywords, frameworks, dependencies }: Capped): void {
  checkLength('license', license, MAX_TEXT.license, PLACE);
  checkLength('author', author, MAX_TEXT.author, PLACE);
  checkCount('keywords', keywords?.length ?? 0, MAX_COUNT.keywords, PLACE);
  for (const word of keywords ?? []) checkLength('a keyword', word, MAX_TEXT.keyword, PLACE);
  checkCount('frameworks', frameworks?.length ?? 0, MAX_COUNT.frameworks, PLACE);
  for (const { name } of frameworks ?? []) checkLength('the name of a framework', name, MAX_TEXT.framework, PLACE);
  checkCount('dependencies', dependencies?.length ?? 0, MAX_COUNT.dependencies, PLACE);
  for (const { name, range } of dependencies ?? []) {
    checkLength('the name of a dependency', name, MAX_TEXT.dependency, PLACE);
    checkLength('the range of a dependency', range, MAX_TEXT.range, PLACE);
  }
}

function frameworksOfMap(map: Record<string, unknown>): SkillFramework[] {
  return Object.entries(map)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => {
      const adapter = z
        .union([text, z.looseObject({ adapter: text }).transform((item) => item.adapter)])
        .safeParse(value);
      return adapter.success ? { name, adapter: adapter.data } : { name };
    });
}

function dependencyOfRef(ref: string): SkillDependency {
  const at = ref.indexOf('@', 1);
  return at === -1
    ? { name: ref, range: '*', optional: false }
    : { name: ref.slice(0, at), range: ref.slice(at + 1).trim(), optional: false };
}

function checkDependency(dependency: SkillDependency): SkillDependency {
  const { range, optional } = dependency;
  if (range !== 'latest' && !isVersionRange(range)) {
    throw invalidYaml('dependencies', `asks for '${dependency.name}' in '${range}', which is not a semver range`);
  }
  const ref = parseDependencyName(dependency.name);
  return { name: ref.namespace === undefined ? ref.name : `@${ref.namespace}/${ref.name}`, range, optional };
}

function parseDependencyName(name: string) {
  try {
    return parseSkillRef(name);
  } catch (error) {
    throw invalidYaml('dependencies', error instanceof Error ? error.message : `names '${name}'`);
  }
}

function invalidYaml(field: string, problem: string): FormatError {
  return new FormatError('invalid_skill_yaml', `${FILE}: ${field} ${problem}`, {
    fix: `Correct ${field} in ${FILE}.`,
    file: FILE,
  });
}
