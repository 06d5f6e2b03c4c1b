import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** Where strangers get mailboxes, so that two addresses of one domain are two people. Everywhere else a domain has one owner. */
const PROVIDERS = [
  ...[
    'gmail.com',
    'googlemail.com',
    'outlook.com',
    'hotmail.com',
    'live.com',
    'msn.com',
    'yahoo.com',
    'ymail.com',
    'aol.com',
  ],
  ...['icloud.com', 'me.com', 'mac.com', 'proton.me', 'protonmail.com', 'pm.me', 'fastmail.com', 'hey.com', 'zoho.com'],
  ...[
    'tuta.com',
    'tutanota.com',
    'posteo.de',
    'mailbox.org',
    'gmx.de',
    'gmx.net',
    'gmx.com',
    'gmx.at',
    'gmx.ch',
    'web.de',
  ],
  ...['t-online.de', 'freenet.de', 'orange.fr', 'free.fr', 'laposte.net', 'libero.it', 'seznam.cz', 'wp.pl', 'o2.pl'],
  ...[
    'comcast.net',
    'att.net',
    'verizon.net',
    'btinternet.com',
    'yahoo.co.uk',
    'yahoo.co.jp',
    'hotmail.co.uk',
    'yahoo.fr',
  ],
  ...['yahoo.de', 'hotmail.fr', 'outlook.fr', 'outlook.de', 'uol.com.br', 'rediffmail.com', 'naver.com', 'daum.net'],
  ...['qq.com', '163.com', '126.com', 'sina.com', 'foxmail.com', 'mail.ru', 'yandex.ru', 'yandex.com', 'ukr.net'],
];
/** Their mail does not see dots before the @. */
const DOTLESS = ['gmail.com', 'googlemail.com'];
/** Labels under which countries hand out domains, as in `example.co.uk`. */
const SECOND_LEVEL = ['ac', 'co', 'com', 'edu', 'gov', 'net', 'or', 'org'];

/**
 * Who stands behind an address, as far as it shows, for comparing: the mailbox without what follows a plus sign where many people
 * have one (big providers, and the hub's own company), else the domain with all below it, whose owner may make up any address.
 *
 * @param email in lower case
 * @param company the domain that the hub sends its mail from, or one above it
 */
export function mailIdentity(email: SQLWrapper, company: string | undefined): SQL<string> {
  const [local, domain] = [beforeAt(email), afterAt(email)];
  const owner = ownedDomain(domain);
  const shared = sql`select value from json_each(${JSON.stringify(PROVIDERS)})
    union all select ${company === undefined ? sql`null` : ownedDomain(sql`${company.toLowerCase()}`)}`;
  const box = sql`case when instr(${local}, '+') > 1 then substr(${local}, 1, instr(${local}, '+') - 1) else ${local} end`;
  const isDotless = sql`${domain} in (select value from json_each(${JSON.stringify(DOTLESS)}))`;
  return sql`case when ${isDotless} then replace(${box}, '.', '') || '@gmail.com'
    when ${owner} in (${shared}) then ${box} || '@' || ${domain} else ${owner} end`;
}

const beforeAt = (email: SQLWrapper) => sql`substr(${email}, 1, instr(${email}, '@') - 1)`;
const afterAt = (email: SQLWrapper) => sql`substr(${email}, instr(${email}, '@') + 1)`;

/** The last two labels of a domain, or three where the second last is one that a country hands out. */
function ownedDomain(domain: SQLWrapper): SQL {
  const labels = sql`('[' || replace(json_quote(${domain}), '.', '","') || ']')`;
  const second = sql`json_extract(${labels}, '$[#-2]')`;
  const isPublic = sql`length(json_extract(${labels}, '$[#-1]')) = 2
    and ${second} in (select value from json_each(${JSON.stringify(SECOND_LEVEL)}))`;
  const kept = sql`case when ${isPublic} then 3 else 2 end`;
  return sql`(select group_concat(part.value, '.') from json_each(${labels}) as part
    where part.key >= json_array_length(${labels}) - (${kept}))`;
}
