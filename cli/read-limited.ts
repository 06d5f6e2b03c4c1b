import { concatBytes } from '../src/format/concat-bytes.ts';
import { CodedError } from './failure.ts';

/**
 * Reads a body whole, counting while it comes.
 *
 * @param onChunk is told the size of each piece
 * @throws CodedError `too_large`
 */
export async function readLimited(
  response: Response,
  maxBytes: number,
  onChunk: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const chunk: Uint8Array = read.value;
    size += chunk.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new CodedError(
        'too_large',
        `The registry's answer is larger than ${maxBytes} bytes.`,
        'Nothing was kept of it. Tell the operator of the registry.',
      );
    }
    chunks.push(chunk);
    onChunk(chunk.length);
  }
  return concatBytes(chunks, size);
}
