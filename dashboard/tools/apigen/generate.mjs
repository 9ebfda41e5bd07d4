// Makes `src/api/generated.ts` from the API's document. With --check it only compares, and fails on a difference.
//
// It is a package of its own because the generator needs an older TypeScript than the dashboard.

import { readFileSync, writeFileSync } from 'node:fs';

import openapiTS, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

const SOURCE = new URL('../../api/openapi.yaml', import.meta.url);
const TARGET = new URL('../../src/api/generated.ts', import.meta.url);

// The dashboard asks by hand; only the shapes of the answers are of use to it.
const { openapi, info, components } = parse(readFileSync(SOURCE, 'utf8'));
const nodes = await openapiTS({ openapi, info, paths: {}, components: { schemas: components.schemas } }, { rootTypes: true, rootTypesNoSchemaPrefix: true, exportType: true });
const kept = nodes.filter((node) => !['paths', 'webhooks', '$defs', 'operations'].includes(node.name?.text));
const text = `// Made from api/openapi.yaml by \`npm run types\`. Not to be changed by hand.\n\n${astToString(kept)}`;

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('src/api/generated.ts is not what api/openapi.yaml says: npm run types');
    process.exitCode = 1;
  }
} else writeFileSync(TARGET, text);
