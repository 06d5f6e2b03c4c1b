import * as z from 'zod';
import { FormatError } from './format-error.ts';
import { parseJsonText } from './json-text.ts';
import { checkNamespace, checkSkillName } from './names.ts';
import { isVersion } from './semver.ts';
import { MAX_TEXT } from './text-limits.ts';

const FILE = 'manifest.json';
const HEX = /^([0-9a-f]{2})+$/i;

/**
 * `manifest.json` of a `.skill` archive. Only `name` and `version` are needed; unknown keys are kept.
 *
 * `sha256` is what the packer declared before the manifest was part of the archive, so it never equals the digest of the
 * archive: only its form is checked. `publisher_sig_hex` signs those 32 bytes.
 */
export const manifestSchema = z.looseObject({
  namespace: z.string().nullish().superRefine(report(checkNamespace)),
  name: z.string().superRefine(report(checkSkillName)),
  version: z.string().refine(isVersion, 'must be a semantic version such as 1.0.0'),
  description: z.string().nullish(),
  category: z.string().max(MAX_TEXT.category, `must have at most ${MAX_TEXT.category} characters`).nullish(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits')
    .nullish(),
  cert_chain_pem: z.array(z.string()).nullish(),
  publisher_sig_hex: z.string().regex(HEX, 'must be hex digits').nullish(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Parses `manifest.json`, which must be JSON as `parseJsonText` wants it.
 * @throws FormatError `invalid_manifest`, naming the field or the line
 */
export function parseManifest(text: string): Manifest {
  const result = manifestSchema.safeParse(parseJsonText(text, { file: FILE, code: 'invalid_manifest' }));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'the document';
  throw invalidManifest(`${FILE}: ${field}: ${issue?.message ?? 'is not valid'}`, `Correct ${field} in ${FILE}.`);
}

function report(check: (text: string) => string | undefined) {
  return (value: string | null | undefined, context: z.RefinementCtx) => {
    const problem = typeof value === 'string' ? check(value) : undefined;
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  };
}

function invalidManifest(message: string, fix: string): FormatError {
  return new FormatError('invalid_manifest', message, { fix, file: FILE });
}
