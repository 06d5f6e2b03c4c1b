import { bundleStoreConformance } from '../conformance/bundle-store.ts';
import { memoryBundles } from '../support/memory-bundles.ts';

bundleStoreConformance('the store that tests use', () => memoryBundles(() => 1));
