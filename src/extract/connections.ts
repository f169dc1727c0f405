import type { Value } from '../model/facts.ts';
import { concat } from './concat.ts';
import type { Expr } from './language.ts';
import { option, text, unknown, valueOr } from './recognise.ts';

/** The option names that one library uses for the parts of a connection. */
export interface ConnectionOptions {
  readonly url: readonly string[];
  readonly host: readonly string[];
  readonly port: readonly string[];
  readonly database: readonly string[];
  readonly schema?: readonly string[];
}
export interface ConnectionDefaults {
  readonly engine: string;
  readonly port: number | undefined;
  /** Where the driver takes what is not given from: usually the environment, as its client library does. */
  readonly host: Value;
  readonly database: Value | undefined;
}

/**
 * The URL that options amount to, as `engine://host:port/database?schema=…`. Credentials are no part of it: two users of one
 * database share it all the same.
 */
export function urlFrom(options: Expr | undefined, names: ConnectionOptions, defaults: ConnectionDefaults): Value {
  const url = option(options, ...names.url);
  if (url !== 'absent' && !(url.k === 'lit' && typeof url.v !== 'string')) return url;
  const host = option(options, ...names.host);
  const port = option(options, ...names.port);
  const database = option(options, ...names.database);
  if (
    options &&
    options.is !== 'object' &&
    [host, port, database].every((part) => part !== 'absent' && part.k === 'unknown')
  ) {
    return unknown;
  }
  const schema = names.schema ? option(options, ...names.schema) : 'absent';
  const end = database === 'absent' ? defaults.database : database;
  const known = port === 'absent' ? defaults.port : undefined;
  return concat([
    text(`${defaults.engine}://`),
    valueOr(host, defaults.host),
    ...(known === undefined && port === 'absent' ? [] : [text(':'), port === 'absent' ? text(String(known)) : port]),
    ...(end ? [text('/'), end] : []),
    ...(schema === 'absent' ? [] : [text('?schema='), schema]),
  ]);
}
