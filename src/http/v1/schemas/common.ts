import * as z from 'zod';

export const scope = z.enum(['read', 'publish', 'admin']);
export const visibility = z.enum(['public', 'private']);
export const time = z.iso.datetime();
/** As browsers take it: a host without a dot is fine inside a company. */
export const email = z.email({ pattern: z.regexes.html5Email }).max(254);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const verification = z.enum(['self_signed', 'publisher']).meta({
  description: '`publisher`: signed by its publisher with a certificate of this registry. Else `self_signed`.',
});
export const deprecated = z.string().optional().meta({
  description:
    'Why nobody should use it any more, as its publisher says of the version or the skill; absent if not so.',
});

/** What the newest examination calls a version. */
export const verdict = z.enum(['clean', 'suspicious', 'malicious']).nullish().meta({
  description: 'Of the newest examination; null for a version from before there was one.',
});
