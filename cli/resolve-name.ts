import { parseSkillRef, type SkillRef } from '../src/format/names.ts';
import type { PackageBody, SearchBody } from '../src/http/v1/schemas.ts';
import type { Address, Client } from './client.ts';
import { CodedError } from './failure.ts';

type Hit = SearchBody['packages'][number];

/** As far as a registry counts matches. */
const MAX_PAGES = 50;
const SUGGESTIONS = 5;

/** What a reference names, with the version, range or tag that was asked for. */
export interface ResolvedRef extends Address {
  range: string;
}

/**
 * Finds out which skill `name`, `@namespace/name` or either with `@range` means. A bare name has to belong to one
 * namespace: the first of several could be anybody's.
 *
 * @throws FormatError `invalid_name`
 * @throws CodedError `ambiguous_name`, `not_found`
 */
export async function resolveRef(client: Client, text: string): Promise<ResolvedRef> {
  const ref = parseSkillRef(text);
  const namespace = ref.namespace ?? (await onlyNamespace(client, ref));
  return { namespace, name: ref.name, range: ref.range ?? 'latest' };
}

/**
 * The version that a reference means; when the skill has others only, the error tells how to list them.
 *
 * @param isKnown whether the skill was there before, as far as this machine knows: then it is no spelling mistake
 * @throws CodedError `not_found`
 */
export async function findPackage(
  client: Client,
  ref: ResolvedRef,
  isKnown: () => Promise<boolean> = async () => false,
): Promise<PackageBody> {
  try {
    return await client.package(ref, ref.range);
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'not_found')) throw error;
    const failure = (fix: string) => new CodedError('not_found', error.message, fix, 1, { cause: error });
    const label = `@${ref.namespace}/${ref.name}`;
    const versions = await versionsOf(client, ref);
    const isServed = versions.some(({ yanked_at }) => yanked_at === null);
    if (isServed && ref.range !== 'latest') throw failure(`See which there are: skills info ${label} --versions`);
    if (isServed || (versions.length === 0 && !(await isKnown()))) throw error;
    const how =
      versions.length > 0 ? 'all its versions were yanked' : 'its versions may have been yanked, or it is hidden';
    throw failure(`It was there before: ${how}. Ask whoever publishes as @${ref.namespace}.`);
  }
}

async function versionsOf(client: Client, ref: ResolvedRef) {
  try {
    return (await client.versions(ref)).versions;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return [];
    throw error;
  }
}

async function onlyNamespace(client: Client, ref: SkillRef): Promise<string> {
  const hits = await searchAll(client, ref.name);
  const namesakes = hits.filter((hit) => hit.name === ref.name).sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  const namespaces = namesakes.map((hit) => hit.namespace);
  const [only, ...others] = namespaces;
  if (only === undefined) throw await notFound(client, ref.name, hits);
  if (others.length === 0) return only;
  const options = namespaces.map((namespace) => `@${namespace}/${ref.name}`);
  const message = `${namespaces.length} namespaces have a skill '${ref.name}': ${options.join(', ')}.`;
  throw new CodedError('ambiguous_name', message, `Name the one you mean. The oldest is ${options[0]}.`);
}

async function searchAll(client: Client, query: string): Promise<Hit[]> {
  const hits: Hit[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const found = await client.search({ q: query, page: String(page) });
    hits.push(...found.packages);
    if (found.packages.length === 0 || hits.length >= found.total) return hits;
  }
  throw new CodedError(
    'ambiguous_name',
    `Too many skills match '${query}'.`,
    `Name its namespace: @namespace/${query}.`,
  );
}

async function notFound(client: Client, name: string, hits: Hit[]): Promise<CodedError> {
  const [firstWord = name] = name.split('-');
  const close = hits.length > 0 ? hits : (await client.search({ q: firstWord })).packages;
  const suggestions = close.slice(0, SUGGESTIONS).map((hit) => `@${hit.namespace}/${hit.name}`);
  const fix =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(', ')}?`
      : `Look for it with \`skills search ${firstWord}\`. A private skill needs \`skills login\`.`;
  return new CodedError('not_found', `${client.registry} has no skill '${name}'.`, fix);
}
