/** What the statements of some requests cost. */
export interface Tally {
  statements: number;
  /** As D1 bills them. */
  rowsRead: number;
}

type Result = { meta: { rows_read: number } };

/**
 * A D1 binding that adds up what its statements read. `raw` answers without that number, so such a statement runs a
 * second time for it: only for reads.
 */
export function countingD1<Binding extends object>(binding: Binding, tally: Tally): Binding {
  const inner = new WeakMap<object, object>();
  const count = (results: Result[]) => {
    tally.statements += results.length;
    for (const { meta } of results) tally.rowsRead += meta.rows_read;
  };
  const statement = (target: object): object => {
    const counted = new Proxy(target, {
      get(_, key) {
        const method = methodOf(target, key);
        if (key === 'bind') return (...values: unknown[]) => statement(method(...values));
        return async (...values: unknown[]) => {
          if (key === 'raw' || key === 'first') count([await methodOf(target, 'all')()]);
          const answer = await method(...values);
          if (key === 'all' || key === 'run') count([answer]);
          return answer;
        };
      },
    });
    inner.set(counted, target);
    return counted;
  };
  return new Proxy(binding, {
    get(target, key) {
      const method = methodOf(target, key);
      if (key === 'prepare') return (sql: string) => statement(method(sql));
      if (key !== 'batch') return method;
      return async (statements: object[]) => {
        const results = await method(statements.map((each) => inner.get(each)));
        count(results);
        return results;
      };
    },
  });
}

function methodOf(target: object, key: string | symbol) {
  const method = Reflect.get(target, key);
  if (typeof method !== 'function') throw new Error(`the database binding has no method ${String(key)}`);
  return method.bind(target);
}
