import type { Deps } from '../../core/deps.ts';
import { Problem, type ProblemCode, type ProblemStatus } from '../../core/problem.ts';

/** What every answer that is no error is wrapped in. */
export function ok<T>(data: T) {
  return { success: true as const, data };
}

export type ErrorCode = keyof typeof STATUSES;

/** The codes of this dialect; it knows no further statuses. */
export const STATUSES = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMIT: 429,
  SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

const CODES: Record<ProblemStatus, ErrorCode> = {
  400: 'VALIDATION_ERROR',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'VALIDATION_ERROR',
  408: 'VALIDATION_ERROR',
  415: 'VALIDATION_ERROR',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMIT',
  500: 'SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** Which field of a body is at fault where a use case has no list of them. */
const FIELDS: Partial<Record<ProblemCode, string>> = {
  invalid_name: 'name',
  invalid_version: 'version',
  digest_mismatch: 'checksum',
  invalid_skill_md: 'SKILL.md',
  invalid_skill_yaml: 'skill.yaml',
};

/** Renders a Problem. `error` is a phrase where the contract has one, else the code. */
export function errorAnswer(deps: Pick<Deps, 'clock' | 'random'>, problem: Problem): Response {
  const code = CODES[problem.status];
  const status = STATUSES[code];
  const { retryAfter } = problem.details;
  const body = {
    success: false,
    error: phraseOf(problem, code),
    code,
    message: sentence(problem),
    ...(code === 'VALIDATION_ERROR' ? { fields: fieldsOf(problem) } : {}),
    timestamp: new Date(deps.clock.now()).toISOString(),
    requestId: deps.random.id(),
  };
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="skills-hub"');
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  return new Response(JSON.stringify(body), { status, headers });
}

function sentence({ message, details: { fix } }: Problem): string {
  const ended = /[.!?]$/.test(message) ? message : `${message}.`;
  return fix === undefined ? ended : `${ended} ${fix}`;
}

function phraseOf({ code, details }: Problem, wire: ErrorCode): string {
  if (wire === 'VALIDATION_ERROR') return 'Validation failed';
  if (code === 'version_exists') return 'Version already exists';
  if (details.missing === 'skill') return 'Skill not found';
  if (details.missing === 'version') return 'Version not found';
  return wire;
}

function fieldsOf({ code, message, details }: Problem): Record<string, string[]> {
  const field = FIELDS[code];
  const errors = details.errors ?? (field === undefined ? [] : [{ path: field, message }]);
  const fields: Record<string, string[]> = {};
  for (const { path, message } of errors) fields[path] = [...(fields[path] ?? []), message];
  return fields;
}

export function noSuchEndpoint(method: string, path: string): Problem {
  return new Problem('not_found', `There is no ${method} ${path}.`, { fix: 'See /api/v1/spm/openapi.json.' });
}
