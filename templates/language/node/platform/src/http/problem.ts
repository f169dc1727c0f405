import { type FieldError, Problem } from '../contract.ts';
import type { HttpResponse } from './port.ts';

/** The platform's own problems: what any operation may answer with, whatever its contract says. */
export const problems = {
  invalidInput: (errors: readonly FieldError[]) =>
    platform('invalid-input', 400, 'The input is not valid.', { errors }),
  malformedBody: () => platform('malformed-body', 400, 'The body is not JSON in UTF-8.'),
  unauthenticated: (challenge: string, detail: string) =>
    platform('unauthenticated', 401, detail, { headers: { 'www-authenticate': challenge } }),
  forbidden: (scope: string) =>
    platform('forbidden', 403, `The token lacks the scope ${scope}.`, {
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    }),
  noRoute: () => platform('no-route', 404, 'Nothing lives at this path.'),
  methodNotAllowed: (allow: string) =>
    platform('method-not-allowed', 405, `This path answers to ${allow}.`, { headers: { allow } }),
  keyInUse: () =>
    platform('idempotency-key-in-use', 409, 'The first request with this key is being answered.', {
      headers: { 'retry-after': '1' },
    }),
  answerLost: () =>
    platform(
      'idempotency-answer-lost',
      409,
      'The request with this key was carried out, and its answer was lost: look for what it made.',
    ),
  bodyTooLong: () => platform('body-too-long', 413, 'The body is longer than this server accepts.'),
  notJson: () => platform('not-json', 415, 'Send application/json.'),
  keyReused: () => platform('idempotency-key-reused', 422, 'The key belongs to a request with another input.'),
  versionRequired: () => platform('version-required', 428, 'Send If-Match with the ETag that the change is based on.'),
  rateLimited: (seconds: number) =>
    platform('rate-limited', 429, 'Too many requests.', { headers: { 'retry-after': String(Math.ceil(seconds)) } }),
  unavailable: (detail: string, cause?: unknown) =>
    platform('unavailable', 503, detail, { headers: { 'retry-after': '1' }, cause }),
  internal: () => platform('internal', 500, 'Something went wrong here. The trace id finds it in the log.'),
  timeout: () => platform('timeout', 504, 'The request took too long.'),
};

/** RFC 9457: `type` is a URN that clients may rely on, `traceId` finds the request in logs and traces. */
export function problemResponse(
  { code, status, detail, errors, headers }: Problem,
  instance: string,
  traceId: string,
): HttpResponse {
  const words = code.slice(code.indexOf(':') + 1).replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: `urn:problem:${code}`, title, status, detail, instance, traceId, errors }),
  };
}

const platform = (
  name: string,
  ...rest: ConstructorParameters<typeof Problem> extends [string, ...infer R] ? R : never
) => new Problem(`platform:${name}`, ...rest);
