/** What a table says of a name that a repository chose: `constructor` and `__proto__` are names like any other. */
export const own = <T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
