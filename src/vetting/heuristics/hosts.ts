/** How far an address can be trusted, from what is known of its host; see `hostClass`. */
export type HostClass = 'local' | 'vendor' | 'code-host' | 'placeholder' | 'drop' | 'raw-ip' | 'plain-http' | 'unknown';

const URL_PATTERN = /\b(?:https?|wss?|ftp|tcp):\/\/([^\s"'`<>()[\]{}|\\,]{1,300})|\b(\d{1,3}(?:\.\d{1,3}){3})\b/gi;
const LOCAL =
  /^(?:localhost|127\.|0\.0\.0\.0|10\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1|host\.docker\.internal|[\w-]+$|[\w.-]+\.(?:local|internal|lan|svc|test|localhost|home|cluster\.local)$)/;
const PLACEHOLDER =
  /(?:^|\.)(?:example\.(?:com|org|net|io)|[\w-]+\.example|acme\.(?:com|org)|contoso\.com|foo\.com|bar\.com|domain\.com|mysite\.com)$|your|^\$|^<|^%|^x{3,}|placeholder/;
const HOSTILE_NAME =
  /evil|attack|exfil|steal|stolen|malicious|malware|payload|c2[.-]|[.-]c2|hack|phish|drop(?:zone|server)|beacon|leak|pwn/;

/** Hosts whose purpose is to take anything from anybody: request catchers, paste sites, tunnels, chat webhooks, shorteners. */
const DROP_HOSTS =
  /(?:^|\.)(?:webhook\.site|webhook\.cool|requestbin\.\w+|requestcatcher\.com|pipedream\.net|beeceptor\.com|hookbin\.com|hookdeck\.com|mockbin\.\w+|postb\.in|ptsv\d?\.com|smee\.io|typedwebhook\.tools|webhookinbox\.com|ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|serveo\.net|localhost\.run|loca\.lt|localtunnel\.me|pagekite\.me|bore\.pub|zrok\.io|pastebin\.com|paste\.ee|hastebin\.\w+|rentry\.\w+|ghostbin\.\w+|dpaste\.\w+|termbin\.com|ix\.io|sprunge\.us|paste\.rs|controlc\.com|privatebin\.net|justpaste\.it|glot\.io|0x0\.st|transfer\.sh|file\.io|gofile\.io|anonfiles?\.\w+|bashupload\.com|catbox\.moe|litterbox\.catbox\.moe|tmpfiles\.org|temp\.sh|oshi\.at|uguu\.se|filebin\.net|pixeldrain\.com|send\.cm|oast\.\w+|oastify\.com|interact\.sh|interactsh\.com|burpcollaborator\.net|canarytokens\.(?:com|org)|dnslog\.(?:cn|io|link)|ceye\.io|bxss\.\w+|xss\.ht|bit\.ly|tinyurl\.com|is\.gd|v\.gd|cutt\.ly|rb\.gy|t\.ly|shorturl\.at|ow\.ly|goo\.su|duckdns\.org|no-ip\.\w+|ddns\.net|hopto\.org|[\w-]+\.onion)$/;
const DROP_PATHS =
  /^(?:[\w.]*discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks|api\.telegram\.org\/(?:bot|file)|hooks\.slack\.com\/|hooks\.zapier\.com\/|maker\.ifttt\.com\/|[\w-]+\.webhook\.office\.com\/)/;
const CHEAP_ZONE =
  /\.(?:tk|ml|ga|cf|gq|top|xyz|icu|buzz|cam|rest|click|monster|ru|su|pw|cc|zip|mov|lol|quest|cyou|sbs)$/;

/** Hosts that install their maker's own software, or answer as the maker's own interface. */
const VENDOR_HOSTS =
  /(?:^|\.)(?:rustup\.rs|astral\.sh|cloudsmith\.io|min\.io|solana\.com|sourceforge\.net|openrouter\.ai|pytorch\.org|spring\.io|docker\.com|brew\.sh|bun\.(?:sh|com)|deno\.(?:land|com)|nodesource\.com|get\.pnpm\.io|pnpm\.io|yarnpkg\.com|npmjs\.(?:com|org)|pypi\.org|pythonhosted\.org|python\.org|nodejs\.org|golang\.org|go\.dev|rust-lang\.org|crates\.io|ruby-lang\.org|rubygems\.org|rvm\.io|sdkman\.io|gradle\.org|apache\.org|kubernetes\.io|k8s\.io|k3s\.io|helm\.sh|fluxcd\.io|linkerd\.io|istio\.io|hashicorp\.com|terraform\.io|pulumi\.com|fly\.io|vercel\.com|netlify\.com|railway\.(?:app|com)|render\.com|supabase\.(?:com|io)|planetscale\.com|cloudflare\.com|tailscale\.com|ollama\.(?:com|ai)|claude\.(?:ai|com)|anthropic\.com|openai\.com|chatgpt\.com|cursor\.com|opencode\.(?:ai|dev)|huggingface\.co|hf\.co|github\.com|githubusercontent\.com|githubcopilot\.com|gitlab\.com|bitbucket\.org|aka\.ms|microsoft\.com|azure\.com|azureedge\.net|windows\.net|visualstudio\.com|dot\.net|aspire\.dev|google\.com|googleapis\.com|dl\.google\.com|cloud\.google\.com|gcr\.io|pkg\.dev|amazonaws\.com|aws\.amazon\.com|nvidia\.com|ngc\.nvidia\.com|foundry\.paradigm\.xyz|soliditylang\.org|nixos\.org|determinate\.systems|devenv\.sh|conda\.io|anaconda\.com|prefix\.dev|pixi\.sh|mise\.(?:run|jdx\.dev)|asdf-vm\.com|starship\.rs|ohmyz\.sh|oh-my-posh\.dev|chocolatey\.org|scoop\.sh|rclone\.org|stripe\.com|slack\.com|notion\.(?:com|so)|atlassian\.(?:com|net)|linear\.app|datadoghq\.com|sentry\.io|elastic\.co|grafana\.com|snyk\.io|semgrep\.dev|anchore\.io|ubuntu\.com|debian\.org|fedoraproject\.org|archlinux\.org|alpinelinux\.org|kernel\.org|gnu\.org|apple\.com|jetbrains\.com|qdrant\.(?:io|tech)|databricks\.com|snowflake\.com|mistral\.ai|groq\.com|replicate\.com|elevenlabs\.io|deepgram\.com|assemblyai\.com|ncbi\.nlm\.nih\.gov|nih\.gov|ebi\.ac\.uk|julialang\.org|r-project\.org|shopify\.(?:com|dev)|twilio\.com|sendgrid\.com|airtable\.com|figma\.com)$/;
const CODE_HOSTS =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|codeberg\.org|github\.io|gist\.github\.com)$/;

export interface Address {
  /** Lower case, with path. */
  url: string;
  host: string;
  class: HostClass;
}

/** The addresses in a text, at most 20. */
export function addressesIn(text: string): Address[] {
  if (!text.includes('://') && !/\d\.\d/.test(text)) return [];
  const found: Address[] = [];
  for (const match of text.matchAll(URL_PATTERN)) {
    if (found.length === 20) break;
    const rest = (match[1] ?? match[2] ?? '').toLowerCase();
    const host = /^(?:[^/@\s]*@)?([^/:?#]*)/.exec(rest)?.[1] ?? '';
    if (match[2] !== undefined && isVersion(text, match.index)) continue;
    found.push({ url: rest, host, class: hostClass(rest, host, match[0].toLowerCase().startsWith('http:')) });
  }
  return found;
}

/** Four numbers after `v`, `==` or the word version are no address. */
function isVersion(text: string, at: number): boolean {
  return /(?:v|==|>=|version\D{0,3}|chrome\/|release\D{0,3})$/i.test(text.slice(Math.max(0, at - 12), at));
}

function hostClass(url: string, host: string, isPlain: boolean): HostClass {
  if (LOCAL.test(host)) return 'local';
  if (HOSTILE_NAME.test(host)) return 'drop';
  if (/^[\d.]+$/.test(host) || /^0x[\da-f]{8}$/.test(host)) return 'raw-ip';
  if (DROP_HOSTS.test(host) || DROP_PATHS.test(url)) return 'drop';
  if (PLACEHOLDER.test(host)) return 'placeholder';
  if (CODE_HOSTS.test(host)) return 'code-host';
  if (VENDOR_HOSTS.test(host)) return 'vendor';
  if (CHEAP_ZONE.test(host)) return 'plain-http';
  return isPlain ? 'plain-http' : 'unknown';
}

const RISK: Record<HostClass, number> = {
  local: 0,
  vendor: 0,
  'code-host': 0.5,
  placeholder: 0.6,
  unknown: 1,
  'plain-http': 1.6,
  drop: 2,
  'raw-ip': 2,
};

/** How much worse an address makes what is done with it: 1 for an unknown host, 0 for a vendor, 2 for a drop or bare number. */
export function riskOf(addresses: readonly Address[], withoutAddress: number): number {
  if (addresses.length === 0) return withoutAddress;
  return Math.max(...addresses.map((address) => RISK[address.class]));
}
