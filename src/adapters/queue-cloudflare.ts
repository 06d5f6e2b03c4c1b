import type { JobMessage, JobQueue } from '../core/deps.ts';

/** The platform's queue, in Cloudflare and under Miniflare. */
export function cloudflareQueue(queue: Queue<JobMessage>): JobQueue {
  return {
    async send(message) {
      await queue.send(message);
    },
  };
}
