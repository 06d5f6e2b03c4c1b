import * as z from 'zod';
import type { Pair } from './pairs.ts';
import type { Published } from './publishing.ts';
import { QUERIES } from './queries.ts';
import { spread } from './statistics.ts';
import { HOT_SKILLS, searchPath, words } from './targets.ts';

/** A skill with the flat slug under which some faces know it. */
type Listed = Published & { slug: string };

/** One use case, asked for through `/v1` and through every other face that has it. */
interface UseCase {
  name: string;
  base: (skill: Listed) => string;
  faces: Record<string, (skill: Listed) => string>;
}

const USE_CASES: UseCase[] = [
  {
    name: 'latest version',
    base: ({ namespace, name }) => `/v1/packages/${namespace}/${name}/latest`,
    faces: {
      'Skill Hub': ({ slug }) => `/api/skill/detail/${slug}`,
      discovery: ({ namespace, name }) => `/${namespace}/${name}/.well-known/agent-skills/index.json`,
    },
  },
  {
    name: 'skill with its versions',
    base: ({ namespace, name }) => `/v1/packages/${namespace}/${name}/versions`,
    faces: {
      'ClawHub, skill': ({ namespace, name }) => `/api/v1/skills/${name}?ownerHandle=${namespace}`,
      'ClawHub, list': ({ namespace, name }) => `/api/v1/skills/${name}/versions?ownerHandle=${namespace}`,
      'Skill Hub': ({ slug }) => `/api/skill/versions/${slug}`,
    },
  },
  {
    name: 'files of a version',
    base: ({ namespace, name, version }) => `/v1/packages/${namespace}/${name}/${version}/preview`,
    faces: {
      ClawHub: ({ namespace, name, version }) => `/api/v1/skills/${name}/versions/${version}?ownerHandle=${namespace}`,
      'Skill Hub': ({ slug, version }) => `/api/skill/versions/${slug}/${version}`,
    },
  },
  {
    name: 'search',
    base: (skill) => searchPath(words(skill)),
    faces: {
      // A longer answer to the same, to tell what length alone costs.
      '/v1 itself, forty at a time': (skill) => `${searchPath(words(skill))}&limit=40`,
      ClawHub: (skill) => `/api/v1/search?${new URLSearchParams({ q: words(skill), limit: '20' })}`,
      'Skill Hub': (skill) => `/api/skill/search?${new URLSearchParams({ keyword: words(skill), size: '20' })}`,
      '`skills find`': (skill) => `/api/search?${new URLSearchParams({ q: words(skill), limit: '20' })}`,
    },
  },
  {
    name: 'download, zip',
    base: ({ namespace, name, version }) => `/v1/download/${namespace}/${name}/${version}?format=zip`,
    faces: {
      ClawHub: ({ namespace, name, version }) =>
        `/api/v1/download?${new URLSearchParams({ slug: name, version, ownerHandle: namespace })}`,
      'Skill Hub': ({ slug, version }) => `/api/skill/download/${slug}?version=${version}`,
    },
  },
];

/** What says how exact the others are: both sides ask in the same words. */
const CONTROL = '/v1 itself';

/** Whether a pair compares `/v1` with itself. */
export function isControl(pair: string): boolean {
  return pair.includes(`: ${CONTROL}`);
}

/** Each use case through each face, hot and cold, paired with the same through `/v1`. */
export async function facePairs(url: string, published: readonly Published[]): Promise<Pair[]> {
  const listed = distinctNames(await withSlugs(url, published));
  const hot = spread(listed, HOT_SKILLS);
  let number = 0;
  /** Nobody asked for these URLs yet, and no dialect knows the parameter. */
  const unasked = (paths: string[]) => {
    number++;
    return paths.map((path) => `${path}${path.includes('?') ? '&' : '?'}unasked=${number}`);
  };
  return USE_CASES.flatMap(({ name, base, faces }) => {
    const hotOf = (path: UseCase['base']) =>
      name === 'search' ? QUERIES.map((query) => path(named(query))) : hot.map(path);
    return Object.entries({ [CONTROL]: base, ...faces }).flatMap(([face, path]) => [
      { name: `${name}, hot: ${face}`, base: hotOf(base), other: hotOf(path), once: false },
      {
        name: `${name}, cold: ${face}`,
        base: unasked(listed.map(base)),
        other: unasked(listed.map(path)),
        once: true,
      },
    ]);
  });
}

/** One skill of each name, since searches ask by name. */
function distinctNames(skills: readonly Listed[]): Listed[] {
  return [...new Map(skills.map((skill) => [skill.name, skill])).values()];
}

/** A skill that stands for a query. */
function named(query: string): Listed {
  return { namespace: '', name: query, version: '', slug: '' };
}

const pageSchema = z.object({
  data: z.object({
    records: z.array(z.object({ slug: z.string(), owner: z.object({ handle: z.string() }) })),
    total: z.number(),
  }),
});
const PAGE = 200;

/** Flat slugs are in the listing of the Skill Hub face alone: the bare name, or `namespace.name`. */
async function withSlugs(url: string, published: readonly Published[]): Promise<Listed[]> {
  const slugs = new Set<string>();
  for (let page = 1, total = 1; slugs.size < total; page++) {
    const response = await fetch(`${url}/api/skill/search?page=${page}&size=${PAGE}`);
    const { data } = pageSchema.parse(await response.json());
    if (data.records.length === 0) break;
    for (const { slug, owner } of data.records) slugs.add(`${owner.handle}/${slug}`);
    total = data.total;
  }
  return published.flatMap((skill) => {
    const slug = [skill.name, `${skill.namespace}.${skill.name}`].find((each) =>
      slugs.has(`${skill.namespace}/${each}`),
    );
    return slug === undefined ? [] : { ...skill, slug };
  });
}
