import type { Context } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HubEnv } from '../http/kit/types.ts';
import { STYLE } from './layout.tsx';

const encoder = new TextEncoder();

export interface PageOptions {
  status?: ContentfulStatusCode;
  /** Where the page's forms may lead besides the hub itself: browsers hold redirects of a form against it. */
  formAction?: string | undefined;
  headers?: Record<string, string>;
}

/** Answers with a page that nobody keeps, frames or adds anything to. */
export async function html(c: Context<HubEnv>, page: JSX.Element, options: PageOptions = {}): Promise<Response> {
  return c.html(`<!doctype html>${page}`, options.status ?? 200, {
    ...options.headers,
    'Content-Security-Policy': await policy(options.formAction),
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
  });
}

async function policy(formAction: string | undefined): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(STYLE));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    `form-action 'self'${formAction === undefined ? '' : ` ${formAction}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
