import * as z from 'zod';
import { isHostName } from './format/host-name.ts';

export interface ScannerConfig {
  name: string;
  url: string;
  timeoutMs: number;
  onFailure: 'open' | 'closed';
  token?: string | undefined;
}

/** A job's lease lasts a minute. */
const LONGEST_MS = 45_000;
const MOST = 8;
const name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name in kebab-case')
  .max(32);

const scanner = z
  .strictObject({
    name,
    url: z.url({ protocol: /^https?$/, error: 'an http or https URL' }),
    timeout_ms: z.number().int().min(1).max(LONGEST_MS).default(10_000),
    on_failure: z.enum(['open', 'closed']),
    allow_private: z.boolean().default(false),
  })
  .superRefine(({ url, allow_private }, context) => {
    const { protocol, hostname, username, password } = new URL(url);
    if (username !== '' || password !== '')
      context.addIssue({ code: 'custom', path: ['url'], message: 'a token belongs into SCANNER_TOKENS' });
    if (!allow_private && (protocol !== 'https:' || !isHostName(hostname)))
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'https on a public host name; with "allow_private": true any address of your own network',
      });
  });

/** `SCANNERS`: what judges skills outside the hub. */
export const scannersVariable = z
  .string()
  .default('')
  .transform((text, context) => jsonOr(text, [], 'a list in JSON; see docs/scanners.md', context))
  .pipe(z.array(scanner, 'a list in JSON; see docs/scanners.md').max(MOST))
  .refine((list) => new Set(list.map((item) => item.name)).size === list.length, 'each name once');

/** `SCANNER_TOKENS`: their bearer tokens by name, apart since they are secret. */
export const scannerTokensVariable = z
  .string()
  .default('')
  .transform((text, context) => jsonOr(text, {}, 'tokens by name of scanner, in JSON', context))
  .pipe(z.record(name, z.string().regex(/^[!-~]+$/, 'printable ASCII without spaces')));

/** @throws Error for a token that is nobody's */
export function scannerConfigs(
  scanners: z.infer<typeof scannersVariable>,
  tokens: z.infer<typeof scannerTokensVariable>,
): ScannerConfig[] {
  const stray = Object.keys(tokens).find((key) => !scanners.some((item) => item.name === key));
  if (stray !== undefined)
    throw new Error(`The hub is not configured: SCANNER_TOKENS.${stray}: SCANNERS has no scanner of this name.`);
  return scanners.map(({ timeout_ms: timeoutMs, on_failure: onFailure, allow_private: _, ...scanner }) => ({
    ...scanner,
    timeoutMs,
    onFailure,
    token: tokens[scanner.name],
  }));
}

/** The parser's own words would repeat the text. */
function jsonOr(text: string, otherwise: unknown, expected: string, context: z.RefinementCtx): unknown {
  if (text.trim() === '') return otherwise;
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue(expected);
    return z.NEVER;
  }
}
