import { expect, test } from 'vitest';
import { MAY_BE_EMPTY } from '../../cli/serve/miniflare-options.ts';
import { VARIABLES } from '../../src/env.ts';
import { bindingsFor } from '../support/serve-setup.ts';

const KEYS = {
  registryKey: 'registry',
  previousRegistryKeys: 'previous',
  logKey: 'log',
  sessionKey: 'session',
  vaultKey: 'vault',
  operatorKey: 'operator',
  operatorKeySha256: 'operator',
  operatorKeyIsNew: false,
};
/** Made with the other keys, to seal credentials of providers; nothing reads it yet. */
const BEYOND = ['VAULT_KEY'];

test('a self-hosted hub hands every variable of the Worker on, or sets it itself', () => {
  const bindings = bindingsFor(Object.fromEntries(VARIABLES.map((name) => [name, 'set'])), KEYS);
  expect(Object.keys(bindings).sort()).toEqual([...VARIABLES, ...BEYOND].sort());
});

test('the keys and the name of the process are its own, whatever the environment says', () => {
  const own = bindingsFor(
    {
      SESSION_KEY: 'evil',
      OPERATOR_KEY_SHA256: 'evil',
      INSTANCE_ID: 'evil',
      REGISTRY_KEY: 'evil',
    },
    KEYS,
  );
  expect(Object.values(own)).not.toContain('evil');
});

test('what is empty is as if it were not set, but where emptiness says something', () => {
  const empty = bindingsFor(Object.fromEntries(VARIABLES.map((name) => [name, ''])), KEYS);
  const passedOn = Object.keys(empty).filter((name) => empty[name] === '');
  expect(passedOn).toEqual(MAY_BE_EMPTY);
});
