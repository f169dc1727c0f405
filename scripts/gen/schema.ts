import { z } from 'zod';
import { architectureSchema, fragmentSchema } from '../../src/blueprint/schema.ts';
import type { Generated } from './generated.ts';

/** JSON Schemas (draft 2020-12) of `architecture.yaml`, at the root and of a module, for editors. */
export async function schema(): Promise<Generated[]> {
  return [
    file('architecture', 'The blueprint, the boundaries and the lint configuration of one system.', architectureSchema),
    file('module', 'What a module says of its own files, in its folder.', fragmentSchema),
  ];
}

function file(name: string, description: string, schema: z.ZodType): Generated {
  const json = { title: 'architecture.yaml', description, ...z.toJSONSchema(schema, { io: 'input' }) };
  return { path: `schema/${name}.schema.json`, text: `${JSON.stringify(json, null, 2)}\n` };
}
