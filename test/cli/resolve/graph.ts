import { CodedError } from '../../../cli/failure.ts';
import type { VersionSource, Wanted } from '../../../cli/resolve/resolve-dependencies.ts';

/** What a version wants: `@acme/b@^1`, with a `?` at the end for what is optional. */
export interface GraphVersion {
  wants: readonly string[];
  yanked?: boolean;
}

/** Versions by `@namespace/name`, and what each wants. */
export type Graph = Record<string, Record<string, readonly string[] | GraphVersion>>;

/** A source over a graph, and what it was asked, in order. */
export function sourceOf(graph: Graph): { source: VersionSource; asked: string[] } {
  const asked: string[] = [];
  const source: VersionSource = {
    async versions({ namespace, name }) {
      const address = `@${namespace}/${name}`;
      asked.push(address);
      const versions = graph[address];
      if (versions === undefined) throw new CodedError('not_found', `no skill ${address}`, 'none');
      return Object.entries(versions).map(([version, its]) => ({ version, yanked: 'yanked' in its && !!its.yanked }));
    },
    async dependencies({ namespace, name }, version) {
      const address = `@${namespace}/${name}`;
      asked.push(`${address}@${version}`);
      const its = graph[address]?.[version];
      if (its === undefined) throw new Error(`asked for ${address}@${version}, which was never listed`);
      return ('wants' in its ? its.wants : its).map(readWish);
    },
  };
  return { source, asked };
}

/** @param text as in `GraphVersion` */
export function readWish(text: string): { name: string; range: string; optional: boolean } {
  const optional = text.endsWith('?');
  const ref = optional ? text.slice(0, -1) : text;
  const at = ref.indexOf('@', 1);
  return { name: ref.slice(0, at), range: ref.slice(at + 1), optional };
}

/** What a user wants, written as in `GraphVersion`. */
export function wanted(...texts: string[]): Wanted[] {
  return texts.map((text) => {
    const { name: address, range, optional } = readWish(text);
    const [namespace = '', name = ''] = address.slice(1).split('/');
    return { namespace, name, range, optional, path: [] };
  });
}
