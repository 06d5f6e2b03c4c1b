import { beforeAll, describe, expect, test } from 'vitest';
import { createRouter } from '../../src/app.ts';
import { DEFAULT_SKILL_HUB } from '../../src/core/deps.ts';
import {
  ACTORS,
  INSIDERS,
  type MatrixActor,
  matrixTemplate,
  SKILLS,
  startTrial,
  type Target,
  type Template,
  type Trial,
} from '../support/matrix.ts';
import { BEFORE, requestOf } from '../support/matrix-requests.ts';
import { MATRIX, NAMED, type Row, spell } from '../support/matrix-table.ts';

interface Answer {
  target: Target;
  actor: MatrixActor;
  status: number;
  headers: [string, string][];
  text: string;
}

let template: Template;
let shared: Trial;

beforeAll(async () => {
  template = await matrixTemplate();
  shared = await startTrial(template);
}, 60_000);

/** Every method and path that the router answers, whether a document names it or not. */
function routes(): string[] {
  // Asks for a key and answers nothing itself.
  const guard = `GET ${DEFAULT_SKILL_HUB.apiPrefix}/*`;
  const all = createRouter(template.world.deps).routes.map(({ method, path }) => `${method} ${path}`);
  return [...new Set(all)].filter((route) => !route.startsWith('ALL ') && route !== guard).sort();
}

test('every route has its row, and every row its route', () => {
  const rows = MATRIX.map(({ route }) => route.replace(' (described)', ''));
  expect([...new Set(rows)].sort()).toEqual(routes());
});

describe.each(MATRIX)('$route', (row) => {
  let answers: Answer[];

  beforeAll(async () => {
    answers = await askAll(row);
  }, 60_000);

  test('answers everybody as the table says', () => {
    const told = Object.keys(row.expected).map((target) => {
      const statuses = answers.filter((answer) => answer.target === target).map(({ status }) => status);
      return [target, spell(statuses, row.success)];
    });
    expect(Object.fromEntries(told)).toEqual(row.expected);
  });

  test('tells nobody else that there is something to hide', () => {
    for (const { target, actor, ...answer } of answers) {
      if (target === 'public' || target === 'missing' || INSIDERS.includes(actor)) continue;
      if (hasItsReason(row, target, actor)) continue;
      const missing = answers.find((other) => other.target === 'missing' && other.actor === actor);
      expect({ actor, ...anonymised(answer) }).toEqual({ actor, ...anonymised(missing) });
    }
  });

  test('names private and hidden skills to those only who may know of them', () => {
    if (row.expected.private !== undefined) return;
    const seenBy = (name: string) =>
      spell(
        answers.map(({ text }) => (text.includes(name) ? 200 : 0)),
        200,
      );
    const { dark = NOBODY, gone = NOBODY } = NAMED[row.route] ?? {};
    expect({ dark: seenBy(SKILLS.private), gone: seenBy(SKILLS.hidden) }).toEqual({ dark, gone });
  });
});

test('HEAD of a link that confirms a key confirms nothing', async () => {
  const trial = await startTrial(template);
  const link = new URL(template.ids.confirm, 'http://hub.test');
  const looked = await trial(new Request(link, { method: 'HEAD' }));
  expect({ status: looked.status, allow: looked.headers.get('allow') }).toEqual({ status: 405, allow: 'GET' });
  expect((await trial(new Request(link))).status).toBe(200);
});

test('a key that expired is refused wherever a token that expired is', async () => {
  for (const { route, expected } of MATRIX) {
    if (!expected.public?.endsWith('1')) continue;
    const { status } = await shared(requestOf(route, SKILLS.public, template.ids, template.lapsed));
    expect({ route, status }).toEqual({ route, status: 401 });
  }
});

const NOBODY = spell(
  ACTORS.map(() => 0),
  200,
);

/**
 * Where an answer about a private or hidden skill may differ from one about a missing skill: the Skill Hub contract has 403,
 * a read link is a right of its own and its holder is told why it ended, moderators see what they moderate, and an offer is known to whom it was made.
 */
function hasItsReason({ route }: Row, target: Target, actor: MatrixActor): boolean {
  const [, path = ''] = route.split(' ');
  const { apiPrefix, legacyApiPrefix } = DEFAULT_SKILL_HUB;
  if (path.startsWith(`${apiPrefix}/`) || path.startsWith(`${legacyApiPrefix}/`)) return target === 'private';
  if (path.startsWith('/t/')) return true;
  if (path.startsWith('/v1/admin/')) return actor === 'moderator';
  return /\/transfer\/(accept|reject|decline)$/.test(path) && actor === 'other';
}

/** An answer without the name of the skill. All names have one length, so that everything else has to be the same. */
function anonymised(answer: Pick<Answer, 'status' | 'headers' | 'text'> | undefined) {
  if (answer === undefined) throw new Error('nobody asked for the missing skill');
  const { status, headers, text } = answer;
  const names = new RegExp(Object.values(SKILLS).join('|'), 'g');
  return { status, headers, text: text.replace(names, 'SKILL').replace(/"requestId":"\w+"/, '"requestId":""') };
}

async function askAll(row: Row): Promise<Answer[]> {
  const before = BEFORE[row.route];
  const fresh = () => startTrial(template, before);
  const changes = !row.route.startsWith('GET ') || row.route.endsWith('/confirm');
  const targets: Target[] =
    row.expected.private === undefined ? ['public'] : ['public', 'private', 'hidden', 'missing'];
  let trial = changes || before !== undefined ? await fresh() : shared;
  const answers: Answer[] = [];
  for (const target of targets) {
    for (const actor of ACTORS) {
      const response = await trial(requestOf(row.route, SKILLS[target], template.ids, template.headers[actor]));
      const { status, headers } = response;
      answers.push({ target, actor, status, headers: [...headers], text: await response.text() });
      if (changes && (status < 400 || status === 428)) trial = await fresh();
    }
  }
  return answers;
}
