/** An error of the client and everything that it is about. */
function causes(error: unknown): (Error & { readonly code?: string; readonly apiId?: string })[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...inner, error.cause].flatMap(causes)];
}

/** Codes of the client, of the protocol and of Node. */
export const codes = (error: unknown): string[] =>
  causes(error).flatMap(({ code, apiId }) => [code, apiId].filter((each) => each !== undefined));

/** One error in place of all the attempts that led to it: what was done, and what was wrong. */
export function brief(error: unknown): Error {
  const messages = causes(error).map(({ message }) => message);
  const [first = String(error), last] = [messages.at(0), messages.at(-1)];
  return new Error(last === undefined || last === first ? first : `${first} ${last}`);
}

export const isUnreachable = (error: unknown): boolean => codes(error).includes('PLT_KFK_NETWORK');

/** Answers that another attempt would not change: credentials, permissions, certificates, plain text where TLS is. */
export const isRefusal = (error: unknown): boolean =>
  codes(error).some((code) => /AUTHENTICATION$|AUTHORIZATION_FAILED$|CERT|^ERR_(SSL|TLS)/.test(code)) ||
  causes(error).some(({ message }) => message.includes('requires TLS'));
