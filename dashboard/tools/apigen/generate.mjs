// Makes `src/api/generated.ts` from the server's OpenAPI document. With --check it only compares, and fails on a difference.
//
// This is a package of its own because the generator needs an older TypeScript than the dashboard.

import { readFileSync, writeFileSync } from 'node:fs';

import openapiTS, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

const SOURCE = new URL('../../../crates/server/assets/openapi.yaml', import.meta.url);
const TARGET = new URL('../../src/api/generated.ts', import.meta.url);
/** The schemas of answers that the dashboard reads; schemas that these refer to are included. */
const ANSWERS = ['Info', 'Points', 'Stats', 'Tree', 'TreeUnchanged', 'SpanAnswer', 'SpansAnswer', 'SearchAnswer'];

// The dashboard writes its requests by hand, so it needs only the types of answers.
const { openapi, info, components } = parse(readFileSync(SOURCE, 'utf8'));
const nodes = await openapiTS({ openapi, info, paths: {}, components: { schemas: needed() } }, { rootTypes: true, rootTypesNoSchemaPrefix: true, exportType: true });
const kept = nodes.filter((node) => !['paths', 'webhooks', '$defs', 'operations'].includes(node.name?.text));
const text = `// Made from crates/server/assets/openapi.yaml by \`npm run types\`. Not to be changed by hand.\n\n${astToString(kept)}`;

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('src/api/generated.ts differs from the server\'s OpenAPI document: run npm run types');
    process.exitCode = 1;
  }
} else writeFileSync(TARGET, text);

function needed() {
  const found = new Set();
  const add = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, other] of JSON.stringify(components.schemas[name]).matchAll(/#\/components\/schemas\/(\w+)/g)) add(other);
  };
  ANSWERS.forEach(add);
  return Object.fromEntries(Object.entries(components.schemas).filter(([name]) => found.has(name)));
}
