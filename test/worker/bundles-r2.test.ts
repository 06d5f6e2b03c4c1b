import { env } from 'cloudflare:test';
import { r2Bundles } from '../../src/adapters/bundles-r2.ts';
import { bundleStoreConformance } from '../conformance/bundle-store.ts';

bundleStoreConformance('R2', () => r2Bundles(env.BUNDLES));
