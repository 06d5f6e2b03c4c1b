const CHUNK = 64 * 1024;

/** Bytes as a stream that tells how much of it was taken. */
export function streamBytes(bytes: Uint8Array, onChunk: (bytes: number) => void): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = bytes.slice(at, at + CHUNK);
      at += chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (at >= bytes.length) controller.close();
      onChunk(chunk.length);
    },
  });
}
