import type { Child } from 'hono/jsx';

/** Hashed for the policy of every page, so nothing in it may need escaping: no quotes, no angle brackets, no ampersands. */
export const STYLE = `
:root { color-scheme: light dark; --accent: #1d4ed8; --on-accent: #ffffff; --error: #b3261e; --note: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --accent: #9db8ff; --on-accent: #0b1533; --error: #ff9d94; --note: #3d3210; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { opacity: .75; } dd { margin: 0; font-weight: 600; }
code { font: 1em/1.4 ui-monospace, monospace; }
label { display: block; font-weight: 600; }
input { font: inherit; width: 100%; padding: .55rem .65rem; border: 1px solid GrayText; border-radius: 6px; }
input[aria-invalid=true] { border: 2px solid var(--error); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.field { margin: 1.25rem 0; } .field p { margin: .15rem 0 .35rem; }
.hint { opacity: .75; font-size: .9375rem; }
.error { color: var(--error); font-weight: 600; }
.note { background: var(--note); padding: .75rem 1rem; border-radius: 6px; }
.alert { border-left: 4px solid var(--error); padding: .25rem 0 .25rem .85rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.1rem; border: 1px solid GrayText; border-radius: 6px; background: transparent; color: inherit; cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
`;

/** A whole page of the hub, without scripts. `failed` says so in its title, which screen readers read first. */
export function Page({ title, failed = false, children }: { title: string; failed?: boolean; children?: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${failed ? 'Error: ' : ''}${title} - Skills Hub`}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}
