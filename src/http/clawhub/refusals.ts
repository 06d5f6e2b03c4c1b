import * as z from 'zod';

const DESCRIPTIONS = {
  400: 'The request, or what it publishes, is not acceptable; the text says why.',
  401: 'The key is missing, unknown or revoked.',
  403: 'The key may not do this.',
  404: 'No such thing, or not for this key.',
  408: 'The body came too slowly.',
  409: 'The number is taken, or the state of the skill forbids it.',
  410: 'The skill is hidden.',
  413: 'Too large.',
  415: 'The body is of another type.',
  429: 'Too many; the text says of what.',
  503: 'The store does not answer; nothing was changed.',
};

/** The error answers of this dialect: one text; any request may be one too many, any body too slow. */
export function refusals(...statuses: (keyof typeof DESCRIPTIONS)[]) {
  const content = { 'text/plain': { schema: z.string() } };
  const all = [...statuses, ...(statuses.includes(413) ? [408 as const] : []), 429 as const];
  return Object.fromEntries(all.map((status) => [status, { description: DESCRIPTIONS[status], content }]));
}
