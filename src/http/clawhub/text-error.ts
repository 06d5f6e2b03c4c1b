import type { Problem, ProblemDetails } from '../../core/problem.ts';

const NOT_FOUND: Record<NonNullable<ProblemDetails['missing']>, string> = {
  skill: 'Skill not found',
  version: 'Version not found',
  file: 'File not found',
};

const GONE = {
  hidden: 'Skill is hidden. Run `clawhub undelete` to show it again.',
  withdrawn: 'Version not available',
} as const;

/** Renders a Problem the way ClawHub's clients print it: one line of text. They know some sentences by heart. */
export function textError(problem: Problem): Response {
  const headers = new Headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="skills-hub"');
  if (problem.details.retryAfter !== undefined) headers.set('retry-after', String(problem.details.retryAfter));
  return new Response(sentence(problem), { status: statusOf(problem), headers });
}

/** The clients retry on 5xx and 429 only, and know no 422. */
function statusOf(problem: Problem): number {
  if (problem.details.gone !== undefined) return 410;
  return problem.status === 422 ? 400 : problem.status;
}

function sentence(problem: Problem): string {
  const { gone, missing, fix, file, line } = problem.details;
  if (gone !== undefined && gone !== 'removed') return GONE[gone];
  if (missing !== undefined) return NOT_FOUND[missing];
  if (problem.code === 'rate_limited') return RATE_LIMITED;
  const named = file === undefined || problem.message.includes(file);
  const place = named ? '' : `${line === undefined ? file : `${file}:${line}`}: `;
  const remedy = problem.status === 401 ? LOGIN : fix;
  const ended = /[.!?]$/.test(problem.message) ? problem.message : `${problem.message}.`;
  return remedy === undefined ? `${place}${problem.message}` : `${place}${ended} ${remedy}`;
}

/** As clients know it, without a remedy: they tell people from the headers how long to wait. */
const RATE_LIMITED = 'Rate limit exceeded';

const LOGIN = '`skills login` issues a key; hand it over with `clawhub login --token <key>`.';
