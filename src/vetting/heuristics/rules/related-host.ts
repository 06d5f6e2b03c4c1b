import type { Document } from '../document.ts';
import type { Address } from '../hosts.ts';

/** Common parts of host names that say nothing about who runs them. */
const COMMON = new Set([
  'www',
  'com',
  'org',
  'net',
  'io',
  'dev',
  'app',
  'api',
  'cdn',
  'get',
  'install',
  'raw',
  'docs',
  'cli',
  'tools',
  'agent',
  'agents',
  'skill',
  'skills',
  'setup',
  'download',
]);

/**
 * 0.6 when every address belongs to what the skill says it is about (`fly.io` in a skill for Fly), else 1. Anybody can
 * write a fitting description, so this lowers a weight and never removes a finding; it does not help bare numbers.
 */
export function topicHost(addresses: readonly Address[], { topic }: Document): number {
  const own = addresses.filter((address) => address.class === 'unknown');
  if (own.length === 0 || own.length < addresses.length) return 1;
  return own.every(({ host }) => labelsOf(host).some((label) => topic.text.includes(label))) ? 0.6 : 1;
}

function labelsOf(host: string): string[] {
  return host
    .split('.')
    .slice(0, -1)
    .filter((label) => label.length >= 4 && !COMMON.has(label));
}

/** Chat services take data from anybody, but a skill about one of them has a reason to talk to it. */
export function serviceFactor(addresses: readonly Address[], { topic }: Document): number {
  const service = /telegram|discord|slack|ngrok|zapier|ifttt|catbox|pastebin/;
  const named = addresses.map(({ host }) => service.exec(host)?.[0]).filter((name) => name !== undefined);
  return named.length > 0 && named.every((name) => topic.text.includes(name)) ? 0.25 : 1;
}
