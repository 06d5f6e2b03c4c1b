import type { SendOptions } from '../../cli/context.ts';
import { createWorld, type World } from '../support/world.ts';
import { newSession, type Session, type SessionOptions } from './terminal-session.ts';

export const REGISTRY = 'http://hub.test';

export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
}

export interface HubSession extends Session {
  world: World;
  /** Every request that the command line sent, in order. */
  sent: Sent[];
}

/** Changes what the registry answers, as somebody on the way could. */
export type Tamper = (path: string, response: Response) => Promise<Response> | Response;

/** A command line that speaks to the real app; while it sleeps, the queue is worked off. */
export async function hubSession(
  options: SessionOptions & { tamper?: Tamper; world?: World } = {},
): Promise<HubSession> {
  const { tamper, world = await createWorld(), ...rest } = options;
  const sent: Sent[] = [];
  const fetch = async (url: string, { method, headers, body, duplex }: SendOptions) => {
    sent.push({ method, url, headers });
    const init = { method, headers, body, duplex };
    const response = await world.fetch(new Request(url, init));
    return tamper ? tamper(new URL(url).pathname, response) : response;
  };
  const env = { SKILLS_REGISTRY: REGISTRY, ...rest.env };
  const session = await newSession({ fetch, onSleep: () => world.drain(), ...rest, env });
  return { ...session, world, sent };
}
