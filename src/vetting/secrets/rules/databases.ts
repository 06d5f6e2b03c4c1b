import { isRandomLiteral } from '../placeholder.ts';
import { type SecretRule, word } from '../rule.ts';

const SCHEMES =
  'postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|https?|ftps?|smtps?';
/** Hosts that are the reader's own machine or stand for any. */
const LOCAL_HOST = '(?:127\\.|10\\.|192\\.168\\.|0\\.0\\.)|[a-z0-9.-]{0,200}(?:example|localhost|your|host\\.)';

export const DATABASE_RULES: readonly SecretRule[] = [
  {
    id: 'supabase-key',
    provider: 'Supabase',
    label: 'Supabase secret key',
    source: 'https://supabase.com/docs/guides/api/api-keys',
    keywords: ['sb_secret_', 'sbp_'],
    pattern: word('(?:sb_secret_[A-Za-z0-9_-]{28,40}|sbp_[0-9a-f]{40})'),
    minEntropy: 3.5,
  },
  {
    id: 'planetscale-token',
    provider: 'PlanetScale',
    label: 'PlanetScale token',
    source: 'https://planetscale.com/docs/concepts/planetscale-api-oauth-applications',
    keywords: ['pscale_'],
    pattern: word('pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_-]{32,64}'),
    minEntropy: 3.8,
  },
  {
    id: 'databricks-token',
    provider: 'Databricks',
    label: 'Databricks token',
    source: 'https://docs.databricks.com/aws/en/dev-tools/auth/pat',
    keywords: ['dapi'],
    pattern: word('dapi[0-9a-f]{32}(?:-[0-9])?'),
  },
  {
    id: 'neon-key',
    provider: 'Neon',
    label: 'Neon key',
    source: 'https://neon.com/docs/manage/api-keys',
    keywords: ['napi_'],
    pattern: word('napi_[a-z0-9]{60,70}'),
    minEntropy: 3.8,
  },
  {
    id: 'url-credentials',
    provider: 'RFC 3986',
    label: 'password in an address',
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    keywords: ['://'],
    pattern: new RegExp(
      `(?<=${SCHEMES}):\\/\\/[^\\s:@/?#"'<>]{0,64}:(?<secret>[^\\s:@/?#"'<>]{12,256})@(?=(?!${LOCAL_HOST})[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,6})`,
      'iy',
    ),
    isReal: isRandomLiteral,
  },
];
