import { createHash } from 'node:crypto';
import { bech32Sum, grafanaChecksum } from '../../src/vetting/secrets/checksum.ts';
import {
  BASE32,
  BASE36,
  base64Url,
  githubToken,
  HEX,
  inLines,
  jwt,
  noise,
  pem,
  UPPER36,
  uuid,
} from '../support/credentials.ts';

/** For each rule, texts in which it finds something, and texts in which nothing is found at all. */
export interface Examples {
  match: string[];
  noMatch: string[];
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const URL64 = `${BASE36}${BASE36.toUpperCase().slice(10)}-_`;
const bytes = (length: number) =>
  Buffer.concat([0, 1, 2].map((n) => createHash('sha256').update(`${n}`).digest())).subarray(0, length);
const base64 = (length: number) => bytes(length).toString('base64');
const digits = (length: number) => noise(length, '1357902468');
const upper = (length: number) => noise(length, UPPER36);
const low = (length: number) => noise(length, BASE36);
const hex = (length: number) => noise(length, HEX);
const url = (length: number) => noise(length, URL64);

/** Examples of a format of one prefix and random characters: the right length, one too few, and an ellipsis. */
function prefixed(prefix: string, random: string, end = ''): Examples {
  return {
    match: [`${prefix}${random}${end}`],
    noMatch: [
      `${prefix}${random.slice(0, Math.min(12, random.length >> 1))}${end}`,
      `${prefix}${'x'.repeat(random.length)}${end}`,
      `${prefix}...`,
    ],
  };
}

function ageKey(): string {
  const prefix = ['AGE-SECRET-KEY-'].join('').toLowerCase();
  const data = [...noise(52, BECH32)].map((char) => BECH32.indexOf(char));
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  const head = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  const sum = bech32Sum([...head, ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((bits) => (sum >>> bits) & 31);
  return `${prefix}1${[...data, ...check].map((value) => BECH32[value]).join('')}`.toUpperCase();
}

const grafana = `glsa_${noise(32)}`;
const broken = (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
const jwk = (kty: string) => JSON.stringify({ kty, crv: 'P-256', x: noise(43, URL64, 'x'), d: noise(43, URL64, 'd') });
const ppk = `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n${inLines(base64(72)).trim()}\nPrivate-MAC: ${hex(64)}\n`;

export const EXAMPLES: Record<string, Examples> = {
  'aws-access-key': {
    match: [`AKIAQ${noise(15, BASE32)}`, `ASIAQ${noise(15, BASE32)}`, ['ASIAY34F', 'ZKBOKMUTVV7A'].join('')],
    noMatch: [
      `AKIAIOSFODNN7${'EXAMPLE'}`,
      `AKIAI44QH8DHB${'EXAMPLE'}`,
      `AKIAQ${noise(14, BASE32)}`,
      `xAKIAQ${noise(15, BASE32)}`,
    ],
  },
  'aws-secret-key': {
    match: [`aws_secret_access_key = ${noise(40)}`, `"SecretAccessKey": "${noise(40, `${URL64.slice(0, -2)}/+`)}"`],
    noMatch: [
      `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'EXAMPLEKEY'}`,
      'aws_secret_access_key = $SECRET',
    ],
  },
  'aws-bedrock-key': {
    match: [`ABSK${Buffer.from(`BedrockAPIKey-${noise(80)}`).toString('base64')}`],
    noMatch: [`ABSK${noise(128)}`, 'ABSK...'],
  },
  'google-api-key': prefixed('AIza', noise(35)),
  'google-oauth-secret': prefixed('GOCSPX-', url(28)),
  'google-oauth-token': prefixed('ya29.', url(120)),
  'google-refresh-token': prefixed('1//0', url(98)),
  'azure-storage-key': {
    match: [`DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${base64(64)};EndpointSuffix=core.windows.net`],
    noMatch: [`AccountKey=${base64(32)}`, 'AccountKey=<key>;'],
  },
  'azure-shared-access-key': {
    match: [`SharedAccessKeyName=root;SharedAccessKey=${base64(32)}`],
    noMatch: [`SharedAccessKey=${base64(16)}`, 'SharedAccessKey=...'],
  },
  'azure-client-secret': { match: [`${noise(3)}8Q~${noise(34)}`], noMatch: [`${noise(3)}8Q~${noise(20)}`, '8Q~'] },
  'azure-devops-token': { match: [`${noise(76)}AZDO${noise(4)}`], noMatch: [`${noise(70)}AZDO${noise(4)}`, 'AZDO'] },
  'digitalocean-token': prefixed('dop_v1_', hex(64)),
  'heroku-key': prefixed('HRKU-AA', url(58)),
  'cloudflare-origin-ca-key': prefixed(`v1.0-${hex(24)}-`, noise(146, HEX, 'more')),
  'alibaba-access-key': prefixed('LTAI5t', noise(18)),
  'tencent-secret-id': prefixed('AKID', noise(32)),
  'yandex-api-key': prefixed('AQVN', noise(36)),
  'flyio-token': prefixed('fm2_', noise(200)),
  'netlify-token': prefixed('nfp_', noise(36)),
  'vault-token': prefixed('hvs.', noise(96)),
  'terraform-token': prefixed(`${noise(14)}.atlasv1.`, noise(67)),
  'doppler-token': prefixed('dp.st.prd.', noise(43)),
  'onepassword-token': {
    match: [`ops_${base64Url({ email: `${hex(20)}@1passwordserviceaccounts.com`, muk: noise(200) })}`],
    noMatch: [`ops_eyJ${noise(300, '-_')}`, 'ops_eyJ...'],
  },
  'pulumi-token': prefixed('pul-', hex(40)),
  'tailscale-key': prefixed(`tskey-auth-${noise(14)}-`, noise(32)),
  'infracost-key': prefixed('ico-', noise(32)),
  'prefect-key': prefixed('pnu_', low(36)),
  'postman-key': prefixed(`PMAK-${hex(24)}-`, noise(34, HEX, 'more')),
  'launchdarkly-key': { match: [`LAUNCHDARKLY_SDK_KEY=sdk-${uuid()}`], noMatch: [`commit sdk-${uuid()}`] },
  'github-token': {
    match: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => githubToken(prefix)),
    noMatch: [broken(githubToken()), `ghp_${'x'.repeat(36)}`, `ghp_${noise(36)}`, 'tokens begin with ghp_'],
  },
  'github-fine-grained-token': prefixed(`github_pat_${noise(22)}_`, noise(59, undefined, 'more')),
  'gitlab-token': {
    match: [`glpat-${noise(20)}`, `gldt-${noise(20)}`, `glrt-${noise(20)}`, `glpat-${noise(40)}.01.${low(9)}`],
    noMatch: ['glpat-<your-token>', `glpat-${'x'.repeat(20)}`, `glpat-${noise(12)}`],
  },
  'gitlab-runner-registration': prefixed('GR1348941', noise(20)),
  'atlassian-token': prefixed('ATATT3xFfGF0', noise(170), `=${hex(8).toUpperCase()}`),
  'bitbucket-app-password': prefixed('ATBB', noise(24), hex(8).toUpperCase()),
  'sourcegraph-token': prefixed(`sgp_${hex(16)}_`, noise(40, HEX, 'more')),
  'circleci-token': prefixed(`CCIPAT_${noise(22)}_`, hex(40)),
  'buildkite-token': prefixed('bkua_', hex(40)),
  'sonarqube-token': prefixed('squ_', hex(40)),
  'anthropic-key': prefixed('sk-ant-api03-', noise(93), 'AA'),
  'openrouter-key': prefixed('sk-or-v1-', hex(64)),
  'langfuse-key': prefixed(`sk-lf-${uuid().slice(0, 24)}`, hex(12)),
  'openai-key': {
    match: [`sk-${noise(20)}T3BlbkFJ${noise(20)}`, `sk-proj-${url(74)}T3BlbkFJ${url(74)}`],
    noMatch: [`sk-proj-your-api-key-goes-here-${noise(20)}`, 'sk-proj-...', `sk-proj-${'x'.repeat(48)}`],
  },
  'openai-style-key': prefixed('sk-', noise(48)),
  'hugging-face-token': prefixed('hf_', noise(34)),
  'replicate-token': prefixed('r8_', noise(37)),
  'groq-key': prefixed('gsk_', noise(52)),
  'perplexity-key': prefixed('pplx-', noise(48)),
  'xai-key': prefixed('xai-', noise(80)),
  'together-key': prefixed('tgp_v1_', url(43)),
  'langsmith-key': prefixed(`lsv2_pt_${hex(32)}_`, noise(10, HEX, 'more')),
  'elevenlabs-key': prefixed('sk_', hex(48)),
  'pinecone-key': prefixed(`pcsk_${noise(6)}_`, noise(63)),
  'tavily-key': prefixed('tvly-dev-', noise(32)),
  'firecrawl-key': { match: [`FIRECRAWL_API_KEY=fc-${hex(32)}`], noMatch: [`build fc-${hex(32)}`] },
  'nvidia-key': prefixed('nvapi-', url(64)),
  'cerebras-key': prefixed('csk-', low(48)),
  'jina-key': prefixed('jina_', noise(60)),
  'apify-token': prefixed('apify_api_', noise(36)),
  'e2b-key': prefixed('e2b_', hex(40)),
  'supermemory-key': prefixed(`sm_${noise(22)}_`, noise(64, undefined, 'more')),
  'stripe-key': {
    match: [`sk_live_${noise(24)}`, `rk_live_${noise(99)}`],
    noMatch: ['sk_live_...', `sk_live_${noise(12)}`, `pk_live_${noise(24)}`],
  },
  'stripe-test-key': {
    match: [`sk_test_${noise(24)}`],
    noMatch: [['sk_test_4eC39HqL', 'yjWDarjtT1zdp7dc'].join(''), `pk_test_${noise(24)}`, 'sk_test_YOUR_SECRET_KEY'],
  },
  'stripe-webhook-secret': prefixed('whsec_', noise(32)),
  'square-token': prefixed('sq0atp-', url(22)),
  'shopify-token': prefixed('shpat_', hex(32)),
  'braintree-token': prefixed(`access_token$production$${low(16)}$`, hex(32)),
  'flutterwave-key': prefixed('FLWSECK-', low(32), '-X'),
  'plaid-token': prefixed(`access-production-${uuid().slice(0, 24)}`, hex(12)),
  'paddle-key': prefixed(`pdl_live_apikey_${low(26)}_`, noise(22), '_Kq3'),
  'mollie-key': { match: [`MOLLIE_KEY=live_${noise(30)}`], noMatch: [`live_${noise(30)}`, 'mollie: live_...'] },
  'shippo-token': prefixed('shippo_live_', hex(40)),
  'easypost-key': prefixed('EZAK', low(54)),
  'slack-token': prefixed(`xoxb-${digits(12)}-${digits(11)}-`, noise(24)),
  'slack-app-token': prefixed(`xapp-1-A${upper(10)}-${digits(13)}-`, hex(64)),
  'slack-config-token': prefixed('xoxe.xoxp-1-', noise(163)),
  'slack-webhook': prefixed(`https://hooks.slack.com/services/T${upper(9)}/B${upper(9)}/`, noise(24)),
  'discord-token': {
    match: [`${base64Url(`1${digits(17)}`)}.G${url(5)}.${noise(38)}`],
    noMatch: [`${base64Url('not a number, no')}.G${url(5)}.${noise(38)}`, `MTA${noise(21)}.abcdef.`],
  },
  'discord-webhook': prefixed(`https://discord.com/api/webhooks/1${digits(17)}/`, noise(68)),
  'teams-webhook': prefixed(
    `https://acme.webhook.office.com/webhookb2/${uuid()}@${uuid('b')}/IncomingWebhook/${hex(32)}/${uuid('c').slice(0, 24)}`,
    hex(12),
  ),
  'telegram-token': prefixed(`${digits(10)}:AA`, noise(33)),
  'twilio-token': {
    match: [`TWILIO_AUTH_TOKEN=${hex(32)}`],
    noMatch: ['TWILIO_AUTH_TOKEN=your_auth_token', `md5 ${hex(32)}`],
  },
  'twilio-api-key': { match: [`twilio api key SK${hex(32)}`], noMatch: [`SK${hex(32)}`] },
  'sendgrid-key': prefixed(`SG.${url(22)}.`, url(43)),
  'mailgun-key': { match: [`MAILGUN=key-${hex(32)}`], noMatch: [`cache key-${hex(32)}`] },
  'mailchimp-key': { match: [`${hex(32)}-us19`], noMatch: [`${hex(31)}-us19`, `${'0'.repeat(32)}-us1`] },
  'mandrill-key': { match: [`MANDRILL_KEY: md-${url(22)}`], noMatch: [`md-${url(22)}`] },
  'brevo-key': prefixed(`xkeysib-${hex(64)}-`, noise(16)),
  'resend-key': prefixed(`re_${noise(8)}_`, noise(24)),
  'mailersend-token': prefixed('mlsn.', hex(64)),
  'facebook-token': prefixed('EAAC', noise(160)),
  'npm-token': { match: [githubToken('npm_')], noMatch: [broken(githubToken('npm_')), `npm_${noise(36)}`, 'npm_...'] },
  'pypi-token': {
    match: [`pypi-${base64Url(`\x02\x01\x08pypi.org\x02\x24${noise(60)}`)}`],
    noMatch: [`pypi-AgE${noise(80)}`, 'pypi-AgEIcHlwaS5vcmc...'],
  },
  'crates-io-token': prefixed('cio', noise(32)),
  'rubygems-key': prefixed('rubygems_', hex(48)),
  'nuget-key': prefixed('oy2', low(43)),
  'docker-token': prefixed('dckr_pat_', url(27)),
  'clojars-token': prefixed('CLOJARS_', low(60)),
  'artifactory-token': prefixed('AKCp', noise(69)),
  'skills-hub-key': prefixed('skh_', hex(64)),
  'new-relic-key': prefixed('NRAK-', upper(27)),
  'sentry-token': prefixed('sntryu_', hex(64)),
  'grafana-token': {
    match: [`${grafana}_${grafanaChecksum(grafana)}`],
    noMatch: [`${grafana}_${hex(8)}`, 'glsa_...'],
  },
  'grafana-cloud-token': {
    match: [`glc_${Buffer.from(JSON.stringify({ o: '81723', n: 'writer', k: noise(40) })).toString('base64')}`],
    noMatch: [`glc_eyJ${noise(81)}`, 'glc_eyJ...'],
  },
  'datadog-key': {
    match: [`DD_API_KEY=${hex(32)}`, `datadog_app_key: "${hex(40)}"`],
    noMatch: ['DD_API_KEY=<your-key>', 'DD_API_KEY='],
  },
  'dynatrace-token': prefixed(`dt0c01.${noise(24, BASE32)}.`, noise(64, BASE32)),
  'posthog-key': prefixed('phx_', noise(43)),
  'honeycomb-key': prefixed('hcaik_', low(58)),
  'axiom-token': prefixed(`xaat-${uuid().slice(0, 24)}`, hex(12)),
  'linear-key': prefixed('lin_api_', noise(40)),
  'notion-token': prefixed(`ntn_${digits(11)}`, noise(35)),
  'figma-token': prefixed('figd_', url(40)),
  'airtable-token': prefixed(`pat${noise(14)}.`, hex(64)),
  'clickup-token': prefixed(`pk_${digits(8)}_`, upper(32)),
  'dropbox-token': prefixed('sl.', noise(140)),
  'hubspot-token': prefixed(`pat-na1-${uuid().slice(0, 24)}`, hex(12)),
  'typeform-token': prefixed('tfp_', noise(59)),
  'contentful-token': prefixed('CFPAT-', url(43)),
  'mapbox-token': prefixed(`sk.${base64Url({ u: 'acme', a: noise(40, BASE36) })}.`, url(22)),
  'readme-key': prefixed('rdme_', low(70)),
  'duffel-token': prefixed('duffel_live_', url(43)),
  'supabase-key': prefixed('sb_secret_', noise(31)),
  'planetscale-token': prefixed('pscale_tkn_', noise(43)),
  'databricks-token': prefixed('dapi', hex(32)),
  'neon-key': prefixed('napi_', low(64)),
  'url-credentials': {
    match: [`postgres://app:${noise(20)}@db.acme.io:5432/app`, `https://ci:${noise(20)}@git.acme.io/x.git`],
    noMatch: [
      'postgres://user:password@localhost:5432/db',
      `postgres://app:${noise(20)}@localhost/app`,
      `postgres://app:${noise(20)}@db.example.com/app`,
      `postgres://app:$${'{DB_PASSWORD_1234}'}@db.acme.io/app`,
      'https://user:changeme1234567@git.acme.io',
    ],
  },
  'private-key': {
    match: [
      pem(inLines(noise(640))),
      pem(inLines(noise(640)), 'RSA '),
      pem(inLines(noise(640)), 'OPENSSH ').replaceAll('\n', '\\n'),
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${inLines(noise(640))}=a8Kd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    noMatch: [
      pem('...'),
      pem('paste the content of your private key file between these two lines'),
      pem('A'.repeat(640)),
      `-----BEGIN PUBLIC KEY-----\n${inLines(noise(400))}\n-----END PUBLIC KEY-----`,
    ],
  },
  'ssh2-private-key': {
    match: [
      `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${inLines(noise(640))}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
    ],
    noMatch: [`---- BEGIN SSH2 PUBLIC KEY ----\n${inLines(noise(640))}\n---- END SSH2 PUBLIC KEY ----`],
  },
  'putty-private-key': { match: [ppk], noMatch: ['Private-Lines: 1\n...\n', `Public-Lines: 2\n${base64(72)}\n`] },
  'age-secret-key': { match: [ageKey()], noMatch: [broken(ageKey()).replace(/[AB]$/, 'Q'), 'AGE-SECRET-KEY-1...'] },
  'json-web-key': { match: [jwk('EC')], noMatch: [jwk('oct'), jwk('EC').replace(/"d":"[^"]*"/, '"d":"<private>"')] },
  'wireguard-private-key': {
    match: [`[Interface]\nPrivateKey = ${base64(32)}\n`],
    noMatch: [`[Peer]\nPublicKey = ${base64(32)}\n`, '[Interface]\nPrivateKey = <key>\n'],
  },
  'json-web-token': {
    match: [jwt({ sub: 'u-81723', iss: 'https://login.acme.io', exp: 1900000000 })],
    noMatch: [
      jwt({ sub: '1234567890', name: 'John Doe' }),
      jwt({ iss: 'supabase', role: 'anon', exp: 1900000000 }),
      jwt({ sub: 'u-81723' }, { alg: 'none' }),
      `eyJ${noise(30)}.eyJ${noise(60)}.${noise(43)}`,
    ],
  },
  'assigned-literal': {
    match: [
      `password = "${noise(20)}"`,
      `"api_key": "${noise(32)}"`,
      `DB_PASSWORD: '${noise(18)}'`,
      `const apiKey = \`${noise(24)}\``,
      `client_secret => "${noise(40)}"`,
    ],
    noMatch: [
      'token=var',
      'Set the password: it must be at least sixteen characters long.',
      'password = "hunter2"',
      `password = "$${'{DATABASE_PASSWORD_1}'}"`,
      'API_KEY="$MY_SERVICE_KEY_2024"',
      'secret: "{{ vault.db.key_123456 }}"',
      'api_key = "<insert-32-chars-here>"',
      'api_key = "process.env.API_KEY_2"',
      'token: "refresh-access-grant-2024"',
      'secret = "config.services.stripe.key2"',
      'token: "https://login.acme.io/oauth2/x9"',
      `token: "0x${hex(40)}"`,
      `token = "${noise(44, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz')}"`,
      'password = "aabbaabbaabb1122"',
      `secret = "${noise(24, BASE36.slice(10))}"`,
    ],
  },
  'assigned-environment': {
    match: [`DB_PASSWORD=${noise(20)}\n`, `# production\nexport ACME_API_KEY=${noise(32)}\nDEBUG=1`],
    noMatch: [
      'API_KEY=your_api_key_goes_here_1',
      `TOKEN=$${'{1:-default_value_22}'}`,
      `hash=${noise(20)}`,
      'TOKEN=$(get token 1234567890)',
    ],
  },
};
