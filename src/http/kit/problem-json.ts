import { Problem, type ProblemCode } from '../../core/problem.ts';

/** Renders a Problem by RFC 9457. `code` is stable; `title` and `detail` are for people. */
export function problemJson(problem: Problem): Response {
  const { fix, retryAfter, file, line, errors } = problem.details;
  const body = {
    type: 'about:blank',
    title: TITLES[problem.status],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    fix,
    file,
    line,
    errors,
  };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="skills-hub"');
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

const TITLES: Record<Problem['status'], string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What a dialect answers for a fault that is not the caller's: nothing of its cause leaves the hub. */
export function internalProblem(): Problem {
  return new Problem('internal_error' satisfies ProblemCode, 'The hub could not answer this request.', {
    fix: 'Try again; if it stays, tell the operator.',
  });
}
