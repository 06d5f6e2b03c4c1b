import * as z from 'zod';

const DESCRIPTIONS = {
  400: 'The request, or what it publishes, is not acceptable; the text says why.',
  401: 'The key is missing, unknown or revoked.',
  403: 'The key may not do this.',
  404: 'No such thing, or not for this key.',
  409: 'The number is taken, or the state of the skill forbids it.',
  410: 'The skill is hidden.',
  413: 'Too large.',
  415: 'The body is of another type.',
  503: 'The store does not answer; nothing was changed.',
};

/** The error answers of this dialect: one text. */
export function refusals(...statuses: (keyof typeof DESCRIPTIONS)[]) {
  const content = { 'text/plain': { schema: z.string() } };
  return Object.fromEntries(statuses.map((status) => [status, { description: DESCRIPTIONS[status], content }]));
}
