import { problemSchema } from '../src/http/v1/schemas.ts';
import type { CliContext, SendOptions } from './context.ts';
import { CodedError } from './failure.ts';
import { readLimited } from './read-limited.ts';
import { isLocal } from './registry.ts';

const MAX_PROBLEM_BYTES = 256 * 1024;

/** The key to send, if there is one, and what to tell when the registry does not take it. */
export interface Credential {
  token?: string;
  /** Where the key came from, for people. */
  origin?: string;
  /** The one that a stored key was made for; null for an operator. */
  namespace?: string | null;
  fix: string;
}

export interface Connection {
  registry: string;
  token: string | undefined;
  /** What to tell of a refused key; without it, the registry's own words. */
  credential?: Credential;
  fetch: CliContext['fetch'];
}

/**
 * Sends one request to a registry.
 *
 * @returns an answer of status 2xx
 * @throws CodedError with the registry's code, message and fix; `network` when it cannot be reached
 */
export async function send(
  connection: Connection,
  path: string,
  options: Partial<SendOptions> = {},
): Promise<Response> {
  const { registry, token } = connection;
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  let response: Response;
  try {
    response = await connection.fetch(`${registry}${path}`, { method: 'GET', ...options, headers });
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw unreachable(registry, cause);
  }
  if (response.ok) return response;
  throw await refusal(connection, response);
}

/** Reads the body of an answer; a connection that breaks meanwhile is told like one that never came about. */
export async function readBody(
  registry: string,
  response: Response,
  maxBytes: number,
  onChunk?: (bytes: number) => void,
): Promise<Uint8Array> {
  try {
    return await readLimited(response, maxBytes, onChunk);
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw unreachable(registry, cause);
  }
}

function unreachable(registry: string, cause: unknown): CodedError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : undefined;
  const why =
    code === 'ECONNREFUSED'
      ? 'nothing listens there'
      : reason instanceof Error
        ? reason.message || (code ?? reason.name)
        : String(reason);
  const fix = isLocal(registry)
    ? 'Start a hub with `npm start` or `npx skills serve`, or name another with --registry or SKILLS_REGISTRY.'
    : 'Check the address (--registry, SKILLS_REGISTRY) and your connection, then try again.';
  return new CodedError('network', `The registry ${registry} cannot be reached: ${why}.`, fix, 1, { cause });
}

async function refusal({ registry, credential }: Connection, response: Response): Promise<CodedError> {
  const { status } = response;
  const exitCode = status === 401 || status === 403 ? 4 : 1;
  const text = new TextDecoder().decode(await readBody(registry, response, MAX_PROBLEM_BYTES));
  const problem = problemSchema.safeParse(parseJson(text));
  const wait = response.headers.get('retry-after');
  const later = wait !== null && /^\d+$/.test(wait) ? ` Wait ${wait} seconds.` : '';
  if (!problem.success) {
    const fix =
      status >= 500
        ? 'Try again in a minute; if it stays, tell its operator.'
        : 'Check that this is the address of a Skills Hub.';
    return new CodedError(
      `http_${status}`,
      `The registry ${registry} answered with HTTP ${status}.`,
      `${fix}${later}`,
      exitCode,
    );
  }
  const { code, detail, fix, file, line } = problem.data;
  const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  if (status === 401 && credential !== undefined) {
    const whose = credential.origin === undefined ? '' : ` It is ${credential.origin}.`;
    return new CodedError(code, `${detail}${whose}`, credential.fix, exitCode);
  }
  return new CodedError(code, `${detail}${place}`, `${fix ?? 'Correct this and try again.'}${later}`, exitCode);
}

/** The value of a JSON text, or undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
