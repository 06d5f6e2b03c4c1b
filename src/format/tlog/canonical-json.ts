type Plain = string | number | boolean | null;

/**
 * JSON as RFC 8785 writes a flat object: keys in the order of their UTF-16 code units, no spaces. Keys without a value are
 * left out.
 *
 * @throws RangeError for a number that is no safe integer, which parsers need not read alike
 */
export function canonicalJson(object: Readonly<Record<string, Plain | undefined>>): string {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  for (const [key, value] of entries) {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${key} is no safe integer`);
  }
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}
