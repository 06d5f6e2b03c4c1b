import { Gunzip } from 'fflate';
import { concatBytes } from './concat-bytes.ts';

// DEFLATE grows at most 1,032 times, so one slice can pass the limit by 4 MiB before it is noticed.
const SLICE = 4096;
const MEMBER_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const MEMBER_TRAILER = new Uint8Array(8);

/** The compressed data unpacks to more bytes than the caller allows. */
export class InflateLimitError extends Error {}

/** The compressed data is cut short, corrupt, or followed by bytes that do not belong to it. */
export class InflateDataError extends Error {}

/**
 * Inflates one raw DEFLATE stream that must fill `raw` exactly.
 *
 * The platform's `DecompressionStream` is no choice here: under workerd it takes everything that is written and
 * inflates it ahead of the reader, so that a bomb fills the memory before the first byte is counted, and older Node versions accept
 * trailing bytes. fflate inflates in step with us. To learn where the stream ends it gets the data as a gzip member
 * with the header of a second member behind it, and must report that second member at the expected offset.
 *
 * @param maxBytes the largest number of bytes that may come out
 * @throws InflateLimitError, InflateDataError
 */
export function inflateRaw(raw: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let end: number | undefined;

  const gunzip = new Gunzip((chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw new InflateLimitError(`more than ${maxBytes} bytes`);
    if (chunk.length > 0) chunks.push(chunk);
  });
  gunzip.onmember = (offset) => {
    end = offset - MEMBER_HEADER.length - MEMBER_TRAILER.length;
    if (end !== raw.length) throw new InflateDataError(`the compressed data ends at byte ${end} of ${raw.length}`);
  };

  try {
    gunzip.push(MEMBER_HEADER);
    for (let offset = 0; offset < raw.length; offset += SLICE) gunzip.push(raw.subarray(offset, offset + SLICE));
    gunzip.push(MEMBER_TRAILER);
    gunzip.push(MEMBER_HEADER);
  } catch (error) {
    if (error instanceof InflateLimitError || error instanceof InflateDataError) throw error;
    throw new InflateDataError('the compressed data is corrupt', { cause: error });
  }
  if (end === undefined) throw new InflateDataError('the compressed data is cut short');
  return concatBytes(chunks, total);
}
