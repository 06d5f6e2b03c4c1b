import { type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { certificates } from '../../db/schema/certificates.ts';
import { countOf } from '../../db/up-to.ts';

/** Who vouches for the publisher's signature: this registry's authority, or nobody, also where there is none. */
export const VERIFICATIONS = ['self_signed', 'publisher'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** A chain is stored with the authority behind the publisher's certificate where this hub issued that one, else without. */
const ISSUED_HERE = 2;

/** @param chain that of a version, or null for one without a publisher's signature */
export function verificationOf(chain: readonly string[] | null): Verification {
  return chain?.length === ISSUED_HERE ? 'publisher' : 'self_signed';
}

/** A column of `versions` that says the same. */
export const verification = sql<Verification>`case json_array_length(${versions.certificates})
  when ${ISSUED_HERE} then 'publisher' else 'self_signed' end`;

/** The condition that the latest version of a skill is its publisher's by a certificate of this hub. */
export function isVerified(skillId: SQL): SQL {
  return sql`exists (select 1 from ${skills} as verified inner join ${versions} as signed on signed.id = verified.latest_version_id
    where verified.id = ${skillId} and json_array_length(signed.certificates) = ${ISSUED_HERE})`;
}

/** The condition that a namespace was ever issued a certificate, which the verified ones were. */
export function isCertified(namespace: SQL): SQL {
  return sql`${namespace} in (select ${certificates.namespace} from ${certificates})`;
}

/**
 * The condition that a skill is one of the newest of certified namespaces. The plus sign has SQLite go by namespace: by id,
 * it would walk through the whole catalogue where few are certified.
 */
export function isNewestCertified(skillId: SQL, limit: number): SQL {
  return sql`${skillId} in (select certified.id from ${skills} as certified
    where ${isCertified(sql`certified.namespace`)} and certified.latest_version_id is not null
    order by +certified.id desc limit ${countOf(limit)})`;
}
