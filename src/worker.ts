import { type App, createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { consume } from './jobs/consume.ts';
import { runScheduled } from './jobs/scheduled.ts';
import { platform } from './platform.ts';

type Env = Bindings & Record<string, unknown>;

let hub: { deps: ReturnType<typeof platform>; app: App } | undefined;

/** Bindings stay the same for the life of an isolate, so everything is built once. */
function open(env: Env) {
  if (!hub) {
    const deps = platform(env);
    hub = { deps, app: createApp(deps) };
  }
  return hub;
}

/** Answers, and lets the platform wait for the downloads that were noted meanwhile: nobody else does. */
function answer({ deps, app }: ReturnType<typeof open>, request: Request, context: ExecutionContext) {
  const response = app(request);
  if (response instanceof Promise) return response.then((built) => settled(built));
  return settled(response);

  function settled(built: Response) {
    const due = deps.downloads.due();
    if (due) context.waitUntil(due);
    return built;
  }
}

/** What is missing goes into the log only: the names of secrets are nobody else's business. */
function notConfigured(error: unknown): Response {
  console.error(error instanceof Error ? error.message : error);
  return new Response('This hub is not configured yet; its log says what is missing.\n', { status: 503 });
}

export default {
  fetch(request, env, context) {
    try {
      return answer(open(env), request, context);
    } catch (error) {
      return notConfigured(error);
    }
  },
  async queue(batch, env) {
    await consume(open(env).deps, batch.messages);
  },
  async scheduled(_controller, env) {
    await runScheduled(open(env).deps);
  },
} satisfies ExportedHandler<Env>;
