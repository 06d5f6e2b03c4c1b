import type { Target } from './load.ts';
import type { Published } from './publishing.ts';
import { QUERIES } from './queries.ts';
import { spread } from './statistics.ts';
import { size } from './table.ts';

export const HOT_SKILLS = 10;

export const YARDSTICK = 'empty Worker';

/**
 * What readers ask a hub for, hot and cold. A cold round asks for URLs that nobody asked for before: each round has its
 * own part of the catalogue, so the answers kept in memory never help.
 *
 * @param rounds including the one that warms up
 */
export async function readTargets(
  hubUrl: string,
  emptyUrl: string,
  published: readonly Published[],
  rounds: number,
): Promise<(round: number) => Target[]> {
  const hot = spread(published, HOT_SKILLS);
  const sizes = await Promise.all(hot.map((skill) => downloadSize(hubUrl, skill)));
  const asMany: Target = {
    name: `${YARDSTICK}, as many bytes as the downloads below (${meanSize(sizes)})`,
    url: emptyUrl,
    paths: sizes.map((bytes) => `/${bytes}`),
    once: false,
  };
  const kinds = [
    { name: 'search', hot: QUERIES.map(searchPath), coldPath: (skill: Published) => searchPath(words(skill)) },
    { name: 'package metadata', hot: hot.map(metadataPath), coldPath: metadataPath },
    { name: 'pinned download', hot: hot.map(downloadPath), coldPath: downloadPath },
  ];
  return (round) => {
    const part = published.filter((skill, index) => index % rounds === round && !hot.includes(skill));
    const reads = kinds.flatMap(({ name, hot: paths, coldPath }) => [
      { name: `${name}, hot`, url: hubUrl, paths, once: false },
      { name: `${name}, cold`, url: hubUrl, paths: [...new Set(part.map(coldPath))], once: true },
    ]);
    return [asMany, ...reads];
  };
}

async function downloadSize(url: string, skill: Published): Promise<number> {
  const response = await fetch(url + downloadPath(skill));
  return (await response.arrayBuffer()).byteLength;
}

function meanSize(sizes: readonly number[]): string {
  return size(sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length);
}

export function metadataPath({ namespace, name, version }: Published): string {
  return `/v1/packages/${namespace}/${name}/${version}`;
}

export function downloadPath({ namespace, name, version }: Published): string {
  return `/v1/download/${namespace}/${name}/${version}`;
}

export function searchPath(query: string): string {
  return `/v1/search?${new URLSearchParams({ q: query })}`;
}

/** The whole name, so that every skill makes a query of its own. */
export function words({ name }: Pick<Published, 'name'>): string {
  return name.replaceAll('-', ' ');
}
