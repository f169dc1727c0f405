import { z } from 'zod';
import { architectureSchema } from '../../src/blueprint/schema.ts';
import type { Generated } from './generated.ts';

/** JSON Schema (draft 2020-12) of `architecture.yaml`, for editors. */
export async function schema(): Promise<Generated[]> {
  const json = {
    title: 'architecture.yaml',
    description: 'The blueprint, the boundaries and the lint configuration of one system.',
    ...z.toJSONSchema(architectureSchema, { io: 'input' }),
  };
  return [{ path: 'schema/architecture.schema.json', text: `${JSON.stringify(json, null, 2)}\n` }];
}
