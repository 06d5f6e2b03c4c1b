import { expect } from 'vitest';
import type { World } from './world.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export interface Schema {
  required?: string[];
  properties?: Record<string, Schema>;
}

export interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  security?: unknown[];
}

export interface OpenapiDocument {
  paths: Record<string, Record<string, Operation>>;
}

export interface DescribedOperation extends Operation {
  /** In capitals. */
  method: string;
  /** With `{names}`, below the dialect's prefix. */
  path: string;
}

/** Sends the emptiest request that a path and method can have. */
export type Ask = (method: string, path: string) => Response | Promise<Response>;

export function operationsOf({ paths }: OpenapiDocument): DescribedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ method: method.toUpperCase(), path, ...item[method] }] : [])),
  );
}

/** Asks below a prefix, with the same word for every name in the path. */
export function askBelow(world: () => World, prefix: string): Ask {
  return (method, path) => world().fetch(`${prefix}${path.replaceAll(/\{\w+\}/g, 'abc')}`, { method });
}

/** Operations as `GET /path/{name}`, sorted. */
export function namesOf(document: OpenapiDocument): string[] {
  return operationsOf(document)
    .map(({ method, path }) => `${method} ${path}`)
    .sort();
}

/** What is described as needing a key answers 401 without one, and nothing else does. */
export async function expectKeysAsDescribed(document: OpenapiDocument, ask: Ask): Promise<void> {
  for (const { method, path, security } of operationsOf(document)) {
    const { status } = await ask(method, path);
    expect(status === 401, `${method} ${path} answered ${status}`).toBe(security !== undefined && security.length > 0);
  }
}

/** An answer to an empty request is one that the document names. */
export async function expectNamedAnswers(document: OpenapiDocument, ask: Ask): Promise<void> {
  for (const { method, path, responses } of operationsOf(document)) {
    const { status } = await ask(method, path);
    expect(Object.keys(responses), `${method} ${path}`).toContain(String(status));
  }
}
