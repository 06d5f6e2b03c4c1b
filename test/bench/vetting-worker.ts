import { examine } from '../../src/vetting/heuristics/index.ts';

const encoder = new TextEncoder();
let bundle: Parameters<typeof examine>[0] = { files: [] };

/** A Worker that examines the bundle that it was given last, as often as it is asked to. */
export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'PUT') {
      const files = await request.json<{ path: string; text: string }[]>();
      bundle = { files: files.map(({ path, text }) => ({ path, bytes: encoder.encode(text), executable: false })) };
      return new Response();
    }
    let verdict = 'none';
    for (let left = Number(new URL(request.url).searchParams.get('times')); left > 0; left--) {
      verdict = examine(bundle).verdict;
    }
    return new Response(verdict);
  },
};
