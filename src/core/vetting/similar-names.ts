import { and, eq, ne, sql } from 'drizzle-orm';
import { nameSegments, skills } from '../../db/schema/catalog.ts';
import { nameSegments as segmentsOf, similarNameProbes } from '../../vetting/edit-distance.ts';
import type { Deps } from '../deps.ts';

/**
 * Public names of other namespaces that may lie within edit distance 2 of `name`: every one that does, and some that
 * do not. Two names that close share at least one of three segments (Li, Deng, Wang and Feng, "Pass-Join", VLDB
 * 2011), so the index is probed for segments and the catalogue is never scanned.
 */
export async function similarNames(
  deps: Pick<Deps, 'db'>,
  namespace: string,
  name: string,
): Promise<{ namespace: string; name: string }[]> {
  const probes = JSON.stringify(similarNameProbes(name).map(({ length, index, text }) => [length, index, text]));
  return deps.db
    .selectDistinct({ namespace: skills.namespace, name: skills.name })
    .from(sql`json_each(${probes}) as probe`)
    .innerJoin(
      nameSegments,
      and(
        eq(nameSegments.length, sql`probe.value ->> 0`),
        eq(nameSegments.segment, sql`probe.value ->> 1`),
        eq(nameSegments.text, sql`probe.value ->> 2`),
      ),
    )
    .innerJoin(skills, eq(skills.name, nameSegments.name))
    .where(
      and(ne(skills.namespace, namespace), eq(skills.visibility, 'public'), sql`${skills.latestVersionId} is not null`),
    );
}

/** The rows that make a name findable by `similarNames`. */
export function segmentRows(name: string): (typeof nameSegments.$inferInsert)[] {
  return segmentsOf(name).map(({ length, index, text }) => ({ length, segment: index, text, name }));
}
