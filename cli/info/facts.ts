import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { formatSize } from '../progress.ts';

/** What people are told of a version, as rows of label and value. */
export function facts(metadata: PackageBody, downloads: number | undefined): string[][] {
  const { dependencies, keywords, frameworks } = metadata;
  const needs = dependencies.map(({ name, range, optional }) => `${name}@${range}${optional ? ' (optional)' : ''}`);
  const all: [string, string | null][] = [
    ['description', metadata.description],
    ['deprecated', metadata.deprecated ?? null],
    ['license', metadata.license],
    ['author', metadata.author],
    ['category', metadata.category],
    ['compatibility', metadata.compatibility],
    ['keywords', keywords.join(', ') || null],
    ['frameworks', frameworks.join(', ') || null],
    ['needs', needs.join(', ') || null],
    ['visibility', metadata.visibility],
    ['published', metadata.published_at],
    ['size', formatSize(metadata.size)],
    ['downloads', downloads === undefined ? null : String(downloads)],
    ['sha256', metadata.sha256],
    ['signed with', metadata.key_id],
    ['verdict', metadata.verdict ?? null],
    ['publisher', publisherOf(metadata)],
  ];
  return all.flatMap(([label, value]) => (value === null ? [] : [[label, value]]));
}

function publisherOf({ publisher_signature: signed, verification }: PackageBody): string | null {
  if (!signed) return verification === 'publisher' ? 'signed with a certificate of this registry' : null;
  const { key, user_id, revoked_at } = signed;
  return `signed by ${user_id} with ${key}${revoked_at === null ? '' : `, which was revoked ${revoked_at}`}`;
}
