/** A page as a person without scripts has it before them. */
export interface OpenPage {
  status: number;
  headers: Headers;
  url: string;
  html: string;
  /** The text, without tags, in one line. */
  text: string;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Opens a link. */
export async function openPage(fetch: Fetch, url: string): Promise<OpenPage> {
  return read(await fetch(url), url);
}

/**
 * Fills in the one form of a page and presses a button of it: what the form carries is sent along, and what it has no
 * field or button for fails the test. A redirect is not followed.
 */
export async function press(
  fetch: Fetch,
  page: OpenPage,
  button: string,
  typed: Record<string, string> = {},
): Promise<OpenPage> {
  const form = formOf(page);
  const fields = new Map(form.fields);
  for (const [name, value] of Object.entries(typed)) {
    if (!fields.has(name)) throw new Error(`the page has no field ${name}: ${page.text}`);
    fields.set(name, value);
  }
  const step = form.buttons.get(button);
  if (step === undefined) throw new Error(`the page has no button ${button}: ${page.text}`);
  const url = new URL(form.action, page.url).href;
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams([...fields, ['step', step]]).toString(),
  });
  return read(response, url);
}

async function read(response: Response, url: string): Promise<OpenPage> {
  const html = await response.text();
  const text = decode(html.replace(/<style>[\s\S]*?<\/style>/g, ' ').replace(/<[^>]*>/g, ' '));
  return { status: response.status, headers: response.headers, url, html, text: text.replace(/\s+/g, ' ').trim() };
}

export function formOf({ html, text }: OpenPage) {
  const [form, action] = /<form method="post" action="([^"]*)">[\s\S]*?<\/form>/.exec(html) ?? [];
  if (form === undefined || action === undefined) throw new Error(`the page has no form: ${text}`);
  const fields = new Map<string, string>();
  for (const [tag] of form.matchAll(/<input [^>]*>/g)) fields.set(attribute(tag, 'name'), attribute(tag, 'value'));
  const buttons = new Map<string, string>();
  for (const [tag, label = ''] of form.matchAll(/<button [^>]*>([^<]*)<\/button>/g)) {
    buttons.set(decode(label), attribute(tag, 'value'));
  }
  return { action, fields, buttons };
}

function attribute(tag: string, name: string): string {
  const [, value] = new RegExp(` ${name}="([^"]*)"`).exec(tag) ?? [];
  if (value === undefined) throw new Error(`${tag} has no ${name}`);
  return decode(value);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

function decode(html: string): string {
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (entity, name) => ENTITIES[name] ?? entity);
}
