import { json } from '../kit/openapi.ts';
import { errorSchema } from './schemas.ts';

const DESCRIPTIONS = {
  400: 'The request is not acceptable; `fields` says what and why.',
  401: 'The key or token is missing, or not good.',
  403: 'The key may not do this.',
  404: 'No such thing, or not for this key.',
  409: 'The version exists already, or the state of the skill forbids it.',
  429: 'Too many requests; `Retry-After` says how long to wait.',
  503: 'Something that the hub needs does not answer.',
};

/** The error answers of this dialect. */
export function errors(...statuses: (keyof typeof DESCRIPTIONS)[]) {
  return Object.fromEntries(statuses.map((status) => [status, json(errorSchema, DESCRIPTIONS[status])]));
}
