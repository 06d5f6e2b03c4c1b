import { Problem } from '../../core/problem.ts';

/** What every answer with JSON is wrapped in. `code` repeats the HTTP status. */
export function ok<T>(data: T) {
  return { code: 200 as const, message: '', success: true as const, data };
}

/** Renders a Problem as the dialect's clients read it: they show `message` and nothing else. */
export function envelopeError(problem: Problem): Response {
  const { fix, retryAfter } = problem.details;
  const message = fix === undefined ? problem.message : `${problem.message} ${fix}`;
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="skills-hub"');
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  const body = { code: problem.status, message, success: false, data: null };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

/** What a request asks for that nobody serves. */
export function noSuchEndpoint(method: string, path: string): Problem {
  return new Problem('not_found', `There is no ${method} ${path}.`, {
    fix: 'The endpoints are search, versions, download, edit and detail.',
  });
}
