import { facets, type KeyHolder, newNamespace, publish } from './skills.ts';
import type { World } from './world.ts';

/** Three public skills for filters to tell apart, a second after each other; two have the same author. */
export async function searchCatalogue(world: World, author: string): Promise<{ acme: KeyHolder; umbrella: KeyHolder }> {
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, { name: 'pdf-tools', files: facets(author, 'Forms, documents', 'claude') });
  world.advance(1_000);
  await publish(world, acme.key, {
    name: 'csv-summarizer',
    description: 'Counts rows and columns.',
    files: facets('Bob', 'documents', 'claude, openai'),
  });
  world.advance(1_000);
  await publish(world, umbrella.key, {
    name: 'weather-report',
    description: 'Tells the weather of tomorrow in Zürich.',
    files: facets(author.toLowerCase(), 'forecast', 'openai'),
  });
  return { acme, umbrella };
}
