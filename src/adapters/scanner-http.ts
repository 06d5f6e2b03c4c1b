import * as z from 'zod';
import type { ScannedSkill, Scanner, ScannerReport } from '../core/deps.ts';
import { concatBytes } from '../format/concat-bytes.ts';

/** What an operator says of a scanner; see docs/scanners.md. */
export interface HttpScannerOptions {
  name: string;
  /** Checked when it is read: https, or anything where private addresses are allowed. */
  url: string;
  onFailure: Scanner['onFailure'];
  /** Ends the whole exchange. */
  timeoutMs: number;
  /** Sent as a bearer token. */
  token?: string | undefined;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  deadline?: (milliseconds: number) => AbortSignal;
}

const MAX_ANSWER_BYTES = 256 * 1024;

const answerSchema = z.object({
  verdict: z.enum(['clean', 'suspicious', 'malicious']),
  engine: z.string().max(200).optional(),
  version: z.string().max(200).optional(),
  findings: z
    .array(
      z.object({
        rule: z.string().min(1).max(200),
        severity: z.enum(['info', 'warning']).default('warning'),
        message: z.string().min(1).max(5000),
        fix: z.string().min(1).max(5000).optional(),
        file: z.string().max(1000).optional(),
        line: z.number().int().min(1).optional(),
        excerpt: z.string().max(5000).optional(),
      }),
    )
    .max(1000)
    .default([]),
});

/**
 * A scanner that takes a skill by POST, as tar.gz with its name in headers, and answers with JSON. It gets nothing else of the
 * hub; redirects are not followed.
 */
export function httpScanner(options: HttpScannerOptions): Scanner {
  const { name, onFailure, timeoutMs, deadline = (milliseconds) => AbortSignal.timeout(milliseconds) } = options;
  return {
    name,
    onFailure,
    async scan(skill) {
      const signal = deadline(timeoutMs);
      try {
        return parse(await exchange(options, skill, signal));
      } catch (error) {
        throw error instanceof ScannerFault ? error : new ScannerFault(whyUnreachable(error));
      }
    },
  };
}

/** Its message is all that may be told of a fault. */
class ScannerFault extends Error {}

async function exchange({ url, token, fetch }: HttpScannerOptions, skill: ScannedSkill, signal: AbortSignal) {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/gzip',
    'x-skill-namespace': skill.namespace,
    'x-skill-name': skill.name,
    'x-skill-version': skill.version,
    'x-skill-digest': `sha256:${skill.treeDigest}`,
  };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const body = new Uint8Array(skill.archive);
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new ScannerFault(`answered ${response.status}`);
  }
  return readAtMost(response);
}

/** A declared length is believed only when it is too much; what comes is counted. */
async function readAtMost(response: Response): Promise<Uint8Array> {
  const tooLarge = new ScannerFault(`answered with more than ${MAX_ANSWER_BYTES} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > MAX_ANSWER_BYTES) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return concatBytes(chunks, size);
}

function parse(bytes: Uint8Array): ScannerReport {
  const parsed = answerSchema.safeParse(jsonIn(bytes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ScannerFault(`answered with something else than a report (${issue?.path.join('.') || 'the whole'})`);
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new ScannerFault('answered with something else than JSON');
  }
}

function whyUnreachable(cause: unknown): string {
  const late = cause instanceof Error && ['TimeoutError', 'AbortError'].includes(cause.name);
  return late ? 'did not answer in time' : 'could not be reached';
}
