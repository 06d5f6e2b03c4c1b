import * as z from 'zod';
import { FormatError } from './format-error.ts';
import { checkSkillName, parseSkillRef } from './names.ts';
import { isVersion, isVersionRange } from './semver.ts';
import { readFrameworks, type SkillFramework } from './skill-frameworks.ts';
import { checkCount, checkLength, MAX_COUNT, MAX_TEXT } from './text-limits.ts';
import { parseYamlText } from './yaml-text.ts';

/** A skill that another one needs: `name` is `name` or `@namespace/name`, `range` a semver range, `*` or `latest`. */
export interface SkillDependency {
  name: string;
  range: string;
  optional: boolean;
}

/** Who made the skill, in their own words. */
export interface SkillAuthor {
  name: string;
  email?: string;
  url?: string;
}

/** `skill.yaml` with its lists brought to one form. */
export interface SkillYaml {
  name?: string;
  version?: string;
  description?: string;
  license?: string;
  author?: SkillAuthor;
  homepage?: string;
  repository?: string;
  npmPackage?: string;
  npmVersion?: string;
  keywords: string[];
  capabilities: string[];
  frameworks: SkillFramework[];
  dependencies: SkillDependency[];
}

const FILE = 'skill.yaml';
const PLACE = { code: 'invalid_skill_yaml', file: FILE } as const;
const text = z.string().trim().min(1);
const scalar = z.union([text, z.number().transform(String)]);

const dependency = z.union([
  text.transform((ref) => dependencyOfRef(ref)),
  z
    .object({ name: text, version: scalar.optional(), range: scalar.optional(), optional: z.boolean().default(false) })
    .transform((item) => ({ name: item.name, range: item.range ?? item.version ?? '*', optional: item.optional })),
]);

const dependencies = z.union([
  z.array(dependency),
  z
    .record(text, z.union([scalar, z.null(), z.record(z.string(), z.unknown())]))
    // A map within names packages of another ecosystem, such as `python`: they are no skills.
    .transform((map) =>
      Object.entries(map).flatMap(([name, range]) =>
        typeof range === 'object' && range !== null ? [] : [{ name, range: range ?? '*', optional: false }],
      ),
    ),
]);

/** A field that other tools use for things of their own: whatever has another form than ours is passed over. */
const maybe = <T extends z.ZodType>(field: T) => field.nullish().catch(undefined);

const keywords = z.union([
  z.array(scalar),
  z.string().transform((list) =>
    list
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
]);

const author = z.union([
  text.transform((name): SkillAuthor => ({ name })),
  z
    .looseObject({ name: text, email: maybe(text), url: maybe(text) })
    .transform(({ name, email, url }): SkillAuthor => ({ name, ...(email ? { email } : {}), ...(url ? { url } : {}) })),
]);

/** An address, alone or in a map as npm writes it. */
const address = z.union([text, z.looseObject({ url: text }).transform(({ url }) => url)]);

const schema = z.looseObject({
  name: scalar.nullish(),
  version: scalar.nullish(),
  description: z.string().trim().nullish(),
  license: text.nullish(),
  author: author.nullish(),
  homepage: maybe(address),
  repository: maybe(address),
  'npm-package': maybe(text),
  npmPackage: maybe(text),
  'npm-version': maybe(scalar),
  npmVersion: maybe(scalar),
  keywords: keywords.nullish(),
  tags: keywords.nullish(),
  capabilities: maybe(keywords),
  frameworks: readFrameworks.nullish(),
  dependencies: dependencies.nullish(),
});

/**
 * Parses `skill.yaml`, in which every key is optional and unknown keys are ignored.
 *
 * - `frameworks`: see `readFrameworks`.
 * - `dependencies`: `name@range` texts, a map from name to range, or maps with `name`, `range` or `version`, and `optional`.
 * - `keywords` (or `tags`), `capabilities`: a list, or one text separated by commas.
 * - `author`: a text, or a map with `name`, `email` and `url`. `repository` and `homepage`: a text, or a map with `url`.
 * - `npm-package` and `npm-version`, or in camel case.
 *
 * What has another form is refused; of `capabilities`, `homepage`, `repository`, `npm-…`, and the author's `email` and `url`, it
 * is passed over.
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
  const { name, version } = result.data;
  if (name && checkSkillName(name) !== undefined) throw invalidYaml('name', `is wrong: ${checkSkillName(name)}`);
  if (version && !isVersion(version))
    throw invalidYaml('version', `'${version}' is not a semantic version such as 1.0.0`);
  return tidy(result.data);
}

/** What is stated, within the limits; empty texts are as good as none. */
function tidy(data: z.infer<typeof schema>): SkillYaml {
  const { name, version, description, license, author: by, homepage, repository } = data;
  const keywords = data.keywords ?? data.tags ?? [];
  const { capabilities, frameworks, dependencies } = data;
  const npmPackage = data['npm-package'] ?? data.npmPackage;
  const npmVersion = data['npm-version'] ?? data.npmVersion;
  const lists = { keywords, capabilities: capabilities ?? [], frameworks: frameworks ?? [] };
  checkTexts({ license, author: by, homepage, repository, npmPackage, npmVersion });
  checkLists(lists, dependencies ?? []);
  return {
    ...(name ? { name } : {}),
    ...(version ? { version } : {}),
    ...(description ? { description } : {}),
    ...(license ? { license } : {}),
    ...(by ? { author: by } : {}),
    ...(homepage ? { homepage } : {}),
    ...(repository ? { repository } : {}),
    ...(npmPackage ? { npmPackage } : {}),
    ...(npmVersion ? { npmVersion } : {}),
    ...lists,
    dependencies: (dependencies ?? []).map(checkDependency),
  };
}

type Texts = Pick<
  z.infer<typeof schema>,
  'license' | 'author' | 'homepage' | 'repository' | 'npmPackage' | 'npmVersion'
>;

function checkTexts({ license, author, homepage, repository, npmPackage, npmVersion }: Texts): void {
  checkLength('license', license, MAX_TEXT.license, PLACE);
  checkLength('author', author?.name, MAX_TEXT.author, PLACE);
  checkLength("the author's email", author?.email, MAX_TEXT.author, PLACE);
  checkLength("the author's url", author?.url, MAX_TEXT.address, PLACE);
  checkLength('homepage', homepage, MAX_TEXT.address, PLACE);
  checkLength('repository', repository, MAX_TEXT.address, PLACE);
  checkLength('npm-package', npmPackage, MAX_TEXT.npmPackage, PLACE);
  checkLength('npm-version', npmVersion, MAX_TEXT.range, PLACE);
}

type Lists = Pick<SkillYaml, 'keywords' | 'capabilities' | 'frameworks'>;

function checkLists({ keywords, capabilities, frameworks }: Lists, dependencies: SkillDependency[]): void {
  checkCount('keywords', keywords.length, MAX_COUNT.keywords, PLACE);
  for (const word of keywords) checkLength('a keyword', word, MAX_TEXT.keyword, PLACE);
  checkCount('capabilities', capabilities.length, MAX_COUNT.capabilities, PLACE);
  for (const word of capabilities) checkLength('a capability', word, MAX_TEXT.keyword, PLACE);
  checkCount('frameworks', frameworks.length, MAX_COUNT.frameworks, PLACE);
  for (const { name, range } of frameworks) {
    checkLength('the name of a framework', name, MAX_TEXT.framework, PLACE);
    checkLength('the range of a framework', range, MAX_TEXT.range, PLACE);
  }
  checkCount('dependencies', dependencies.length, MAX_COUNT.dependencies, PLACE);
  for (const { name, range } of dependencies) {
    checkLength('the name of a dependency', name, MAX_TEXT.dependency, PLACE);
    checkLength('the range of a dependency', range, MAX_TEXT.range, PLACE);
  }
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
