/** The yardstick: a Worker that does nothing; at `/<number>` it sends that many bytes, still doing nothing. */
const bodies = new Map();

export default {
  fetch({ url }) {
    if (url.endsWith('/')) return new Response('ok');
    const bytes = Number(url.slice(url.lastIndexOf('/') + 1));
    if (!bodies.has(bytes)) bodies.set(bytes, noise(bytes));
    return new Response(bodies.get(bytes));
  },
};

/** What an archive looks like to whoever receives it. */
function noise(bytes) {
  const body = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(body.subarray(at, at + 65_536));
  return body.buffer;
}
