/** The yardstick: a Worker that does nothing; at `/<number>` it sends that many bytes, still doing nothing. */
const bodies = new Map();

export default {
  fetch({ url }) {
    if (url.endsWith('/')) return new Response('ok');
    const bytes = Number(url.slice(url.lastIndexOf('/') + 1));
    if (!bodies.has(bytes)) bodies.set(bytes, new ArrayBuffer(bytes));
    return new Response(bodies.get(bytes));
  },
};
