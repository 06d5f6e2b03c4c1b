import type { RateKind, SkillHubSettings } from '../../core/deps.ts';

/** What the limits have to know of a part of the tree of URLs. */
export interface Place {
  /** The headers in which a key is looked for there. */
  credentials: readonly string[];
  /** Whether whoever answers there asks the meter first, so that a refusal looks as all its errors do. */
  asksMeter: boolean;
}

const KEYED: Place = { credentials: ['authorization'], asksMeter: true };
/** The link in the path is the only right that counts. */
const LINK: Place = { credentials: [], asksMeter: true };
const ELSEWHERE: Place = { credentials: [], asksMeter: false };

/** Whatever makes keys or namespaces, sends mails or tries codes. */
const ACCOUNT = new Set([
  '/v1/namespaces',
  '/v1/auth/login',
  '/v1/auth/token',
  '/v1/auth/device',
  '/api/v1/auth/login',
  '/api/v1/auth/token',
  '/api/v1/publishers',
  '/api/cli/device/code',
  '/cli/device',
  '/cli/auth',
]);

const CLAWHUB_SKILL = '/api/v1/skills/';

export interface RateRules {
  /** What a request counts as; nothing for those that count nowhere. The path is the one that the router sees. */
  kindOf(method: string, path: string): RateKind | undefined;
  placeOf(path: string): Place;
}

/** The one table of which request counts as what, and where keys are looked for. */
export function rateRules(settings: SkillHubSettings, hubCredentials: readonly string[]): RateRules {
  const hub: Place = { credentials: hubCredentials, asksMeter: true };
  const hubPrefixes = [`${settings.apiPrefix}/`, `${settings.legacyApiPrefix}/`];
  const reads = new Map<string, RateKind>([
    ['/v1/search', 'search'],
    ['/api/search', 'search'],
    ['/api/v1/search', 'search'],
    ['/api/v1/packages/search', 'search'],
    ['/api/v1/download', 'download'],
    ['/api/download', 'download'],
  ]);
  for (const prefix of hubPrefixes) reads.set(`${prefix}search`, 'search');
  const downloads = ['/v1/download/', '/t/', ...hubPrefixes.map((prefix) => `${prefix}download/`)];
  return {
    kindOf(method, path) {
      if (method === 'GET' || method === 'HEAD') {
        if (path === '/healthz') return undefined;
        const isDownload = downloads.some((prefix) => path.startsWith(prefix)) || isFile(path);
        return reads.get(path) ?? (isDownload ? 'download' : 'read');
      }
      if (method === 'OPTIONS') return undefined;
      return method === 'POST' && ACCOUNT.has(path) ? 'account' : 'write';
    },
    placeOf(path) {
      if (path.startsWith('/v1/')) return KEYED;
      if (hubPrefixes.some((prefix) => path.startsWith(prefix))) return hub;
      if (path.startsWith('/api/')) return KEYED;
      if (path.startsWith('/t/')) return LINK;
      return discovered(path) === undefined ? ELSEWHERE : KEYED;
    },
  };
}

/** One file of a skill, or its archive, outside the folders that hold nothing else. */
function isFile(path: string): boolean {
  if (path.startsWith(CLAWHUB_SKILL)) return path.endsWith('/file') && path.indexOf('/', CLAWHUB_SKILL.length) !== -1;
  const found = discovered(path);
  if (found === undefined) return false;
  if (found.startsWith('agent-skills/')) return found.endsWith('.tar.gz');
  return found !== 'skills/index.json';
}

/** What follows `/.well-known/` in an address of discovery. */
function discovered(path: string): string | undefined {
  const at = path.indexOf('/.well-known/');
  const rest = at === -1 ? '' : path.slice(at + '/.well-known/'.length);
  return rest.startsWith('agent-skills/') || rest.startsWith('skills/') ? rest : undefined;
}
