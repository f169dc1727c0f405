import type { TObject, TSchema } from 'typebox';
import { type Contract, type Operation, pathParameters } from '../contract.ts';

type Json = Record<string, unknown>;
const problemType = 'application/problem+json';
const text = { type: 'string' };

/** OpenAPI 3.1 of all contracts; TypeBox schemas are JSON Schema already. */
export function openapi(title: string, contracts: readonly Contract[]): Json {
  const paths: Record<string, Json> = {};
  for (const contract of contracts) {
    for (const operation of Object.values(contract.operations)) {
      paths[operation.route] = {
        ...paths[operation.route],
        [operation.method.toLowerCase()]: describeOperation(contract.name, operation),
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
    },
  };
}

function describeOperation(tag: string, operation: Operation): Json {
  const { id, summary, scope, method, input, output, status } = operation;
  const { parameters, body } = inputParts(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    security: [{ bearer: [scope] }],
    parameters,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(hasVersion(output) && { headers: { ETag: { description: 'The version and a checksum.', schema: text } } }),
        ...(status !== 204 && { content: { 'application/json': { schema: output } } }),
      },
      ...(method === 'GET' && hasVersion(output) && { 304: { description: 'Not changed since If-None-Match.' } }),
      ...problemResponses(operation, method !== 'GET' && hasVersion(input)),
    },
  };
}

/** How the one input object of an operation is spread over path, query, headers and body. */
export function inputParts({ method, path, input, output, idempotent }: Operation): {
  parameters: Json[];
  body?: Json;
} {
  const required = new Set(input.required as readonly string[]);
  const inPath = new Set(pathParameters(path));
  const versioned = method !== 'GET' && 'version' in input.properties;
  const rest = Object.entries(input.properties).filter(
    ([name]) => !inPath.has(name) && !(versioned && name === 'version'),
  );
  const parameters: Json[] = [...inPath].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: input.properties[name],
  }));
  const header = (name: string, isRequired: boolean, description: string) =>
    parameters.push({ name, in: 'header', required: isRequired, description, schema: text });
  if (versioned) header('If-Match', required.has('version'), 'ETag that the change is based on.');
  if (method === 'GET' && hasVersion(output)) header('If-None-Match', false, 'ETag that the caller has.');
  if (method === 'POST' && idempotent)
    header('Idempotency-Key', false, 'Repeating a request with it has no further effect.');
  if (method === 'GET' || method === 'DELETE') {
    const query = rest.map(([name, schema]) => ({ name, in: 'query', required: required.has(name), schema }));
    return { parameters: [...parameters, ...query] };
  }
  const names = rest.map(([name]) => name).filter((name) => required.has(name));
  return {
    parameters,
    body: { type: 'object', required: names, properties: Object.fromEntries(rest), additionalProperties: false },
  };
}

function problemResponses({ errors }: Operation, needsVersion: boolean): Json {
  const names: Record<number, string[]> = {
    400: ['invalidInput'],
    401: ['unauthenticated'],
    403: ['forbidden'],
    429: ['rateLimited'],
  };
  if (needsVersion) names[428] = ['versionRequired'];
  for (const [name, status] of Object.entries(errors)) names[status] = [...(names[status] ?? []), name];
  const content = { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } };
  const responses = Object.entries(names).map(([status, of]) => [status, { description: of.join(', '), content }]);
  return Object.fromEntries([...responses, ['default', { description: 'Any other problem.', content }]]);
}

const hasVersion = (schema: TSchema) => 'version' in ((schema as Partial<TObject>).properties ?? {});
const fieldError = { type: 'object', required: ['pointer', 'detail'], properties: { pointer: text, detail: text } };
const problemSchema = {
  type: 'object',
  description: 'RFC 9457.',
  required: ['type', 'title', 'status', 'instance', 'traceId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    traceId: text,
    errors: { type: 'array', items: fieldError },
  },
};
