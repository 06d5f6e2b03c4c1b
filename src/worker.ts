import { type App, type AppDeps, createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { consume } from './jobs/consume.ts';
import { runScheduled } from './jobs/scheduled.ts';
import { platform } from './platform.ts';

type Env = Bindings & Record<string, unknown>;

let hub: { deps: AppDeps; app: App } | undefined;

/** Bindings stay the same for the life of an isolate, so everything is built once. */
function open(env: Env) {
  if (!hub) {
    const deps = platform(env);
    hub = { deps, app: createApp(deps) };
  }
  return hub;
}

export default {
  fetch(request, env) {
    return open(env).app(request);
  },
  async queue(batch, env) {
    await consume(open(env).deps, batch.messages);
  },
  async scheduled(_controller, env) {
    await runScheduled(open(env).deps);
  },
} satisfies ExportedHandler<Env>;
