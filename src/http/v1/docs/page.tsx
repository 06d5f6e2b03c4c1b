import type { v1Document } from './document.ts';

type Document = ReturnType<typeof v1Document>;
type PathItem = NonNullable<Document['paths']>[string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --dim: color-mix(in srgb, currentColor 65%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .5rem .75rem; overflow-wrap: anywhere; }
summary { cursor: pointer; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; scroll-margin-top: 4rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.dim { color: var(--dim); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
`;

/** The API reference as one page without scripts. */
export function DocsPage({ document }: { document: Document }) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ method, path, operation: item[method] }] : [])),
  );
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{document.info.title}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <h1>{document.info.title}</h1>
        <p>{document.info.description}</p>
        <p>
          As data: <a href="/v1/openapi.json">OpenAPI {document.openapi}</a>. Keys go into{' '}
          <code>Authorization: Bearer skh_…</code>. Errors are <code>application/problem+json</code> with a stable{' '}
          <code>code</code> and, mostly, a <code>fix</code>.
        </p>
        {(document.tags ?? []).map(({ name }) => (
          <section>
            <h2>{name}</h2>
            {operations.filter(({ operation }) => operation.tags?.includes(name)).map(OperationDetails)}
          </section>
        ))}
        <h2>Shapes</h2>
        {Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => (
          <details>
            <summary>
              <code>{name}</code>
            </summary>
            {/* A link opens the box around its target, but not a box that is the target or has it in its summary. */}
            <pre id={`schema-${name}`}>{JSON.stringify(schema, null, 2)}</pre>
          </details>
        ))}
      </body>
    </html>
  );
}

function OperationDetails({ method, path, operation }: { method: string; path: string; operation: Operation }) {
  return (
    <details>
      <summary>
        <span class="method">{method.toUpperCase()}</span> <code>/v1{path}</code>{' '}
        <span class="dim">{operation.summary}</span>
      </summary>
      {operation.description && <p>{operation.description}</p>}
      {operation.security?.length ? <p class="dim">Needs a key.</p> : null}
      <Parameters parameters={operation.parameters ?? []} />
      {operation.requestBody && 'content' in operation.requestBody && (
        <Bodies title="Body" content={operation.requestBody.content} />
      )}
      <table>
        <tbody>
          {Object.entries(operation.responses ?? {}).map(([status, response]) => (
            <tr>
              <th scope="row">{status}</th>
              <td>
                {response.description} {response.content && <Bodies content={response.content} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Parameters({ parameters }: { parameters: Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <table>
      <tbody>
        {parameters.map((parameter) =>
          'name' in parameter ? (
            <tr>
              <th scope="row">
                <code>{parameter.name}</code>
              </th>
              <td class="dim">
                {parameter.in}
                {parameter.required ? ', required' : ''}
              </td>
              <td>{parameter.description}</td>
            </tr>
          ) : null,
        )}
      </tbody>
    </table>
  );
}

function Bodies({ title, content }: { title?: string; content: Record<string, { schema?: unknown }> }) {
  return (
    <span>
      {title && <strong>{title}: </strong>}
      {Object.entries(content).map(([type, { schema }]) => (
        <span>
          <code class="dim">{type}</code> <SchemaLink schema={schema} />{' '}
        </span>
      ))}
    </span>
  );
}

function SchemaLink({ schema }: { schema: unknown }) {
  if (typeof schema !== 'object' || schema === null || !('$ref' in schema) || typeof schema.$ref !== 'string')
    return null;
  const name = schema.$ref.split('/').at(-1);
  return (
    <a href={`#schema-${name}`}>
      <code>{name}</code>
    </a>
  );
}
