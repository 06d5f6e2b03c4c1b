import { checkNamespace } from '../../src/format/names.ts';
import { closest } from '../closest.ts';
import { type CodedError, usageError } from '../failure.ts';
import type { Config } from '../home.ts';
import { parseProxy, showProxy } from '../proxy/settings.ts';
import { normalizeRegistry } from '../registry.ts';

/** One thing that `skills config` reads and writes. Keys, names of publishers and the like are none. */
export interface Setting {
  /** As people write it. */
  key: string;
  read(config: Config): string | undefined;
  /** @param value undefined to take it away */
  write(config: Config, value: string | undefined): Config;
  /** The value in the one form that is stored. @throws CodedError `usage` */
  parse(text: string): string;
  /** The value as it may be shown. */
  show(value: string): string;
}

const asItIs = (text: string) => text;

const SETTINGS: readonly Setting[] = [
  {
    key: 'registry',
    read: ({ registry }) => registry,
    write: (config, registry) => ({ ...config, registry }),
    parse: normalizeRegistry,
    show: asItIs,
  },
  {
    key: 'proxy',
    read: ({ proxy }) => proxy,
    write: (config, proxy) => ({ ...config, proxy }),
    parse: parseProxy,
    show: showProxy,
  },
  {
    key: 'no-proxy',
    read: ({ noProxy }) => noProxy,
    write: (config, noProxy) => ({ ...config, noProxy }),
    parse: parseHosts,
    show: asItIs,
  },
];

const NAMESPACES = 'namespaces.';
/** What may be written after `skills config get`, for people. */
export const SETTING_KEYS = [...SETTINGS.map(({ key }) => key), `${NAMESPACES}@<namespace>`];

/**
 * The setting of that name: `registry`, `proxy`, `no-proxy`, or `namespaces.@acme` for the registry of a namespace.
 *
 * @throws CodedError `usage` for any other
 */
export function settingOf(key: string): Setting {
  const setting = SETTINGS.find((one) => one.key === key);
  if (setting) return setting;
  if (key.startsWith(NAMESPACES)) return namespaceSetting(key.slice(NAMESPACES.length));
  throw unknownKey(key);
}

/** All settings that have a value. */
export function settingsIn(config: Config): { key: string; value: string }[] {
  const namespaces = Object.keys(config.namespaces ?? {})
    .sort()
    .map((name) => namespaceSetting(name));
  return [...SETTINGS, ...namespaces].flatMap(({ key, read, show }) => {
    const value = read(config);
    return value === undefined ? [] : [{ key, value: show(value) }];
  });
}

/** The registry of one namespace. @param text `@acme` or `acme` @throws CodedError `usage` */
export function namespaceSetting(text: string): Setting {
  const namespace = text.replace(/^@/, '');
  const problem = checkNamespace(namespace);
  if (problem !== undefined) throw usageError(`'${text}' is not a namespace: ${problem}.`, 'Write it like @acme.');
  const name = `@${namespace}`;
  return {
    key: `${NAMESPACES}${name}`,
    read: ({ namespaces = {} }) => (Object.hasOwn(namespaces, name) ? namespaces[name] : undefined),
    write: (config, registry) => {
      const { [name]: _, ...others } = config.namespaces ?? {};
      return { ...config, namespaces: registry === undefined ? others : { ...others, [name]: registry } };
    },
    parse: normalizeRegistry,
    show: asItIs,
  };
}

function unknownKey(key: string): CodedError {
  if (/^(token|key|password|secret)s?$/i.test(key)) {
    const fix = 'Use `skills login`, `skills logout` and `skills whoami`.';
    return usageError(`'${key}' is nothing that config shows or sets.`, fix);
  }
  const meant = closest(key, SETTING_KEYS);
  const fix = meant ? `Did you mean ${meant}?` : `There are ${SETTING_KEYS.join(', ')}.`;
  return usageError(`There is no setting '${key}'.`, fix);
}

/** Names of hosts with commas between them. */
function parseHosts(text: string): string {
  const hosts = text.split(/[\s,]+/).filter(Boolean);
  const wrong = hosts.find((host) => !/^[\w.*[\]:-]+$/.test(host));
  if (hosts.length > 0 && wrong === undefined) return hosts.join(',');
  throw usageError(`'${text}' is not a list of hosts.`, 'Write it like hub.acme.example,.internal.example');
}
