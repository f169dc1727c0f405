import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A service of `compose.yaml` that is built here. */
export interface Built {
  readonly name: string;
  readonly dockerfile: string;
  readonly command: readonly string[];
  readonly tmpfs: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
}
export interface Composed {
  readonly built: readonly Built[];
  /** Names of the services that come from a registry. */
  readonly resources: readonly string[];
}

interface Service {
  readonly build?: { readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
}

export async function composed(dir: string): Promise<Composed> {
  const text = await readFile(join(dir, 'deploy/compose/compose.yaml'), 'utf8');
  const services = Object.entries((parse(text) as { services: Record<string, Service> }).services);
  return {
    built: services.flatMap(([name, { build, command = [], tmpfs = [], environment = {} }]) =>
      build
        ? [
            {
              name,
              dockerfile: build.dockerfile,
              command,
              tmpfs: tmpfs.map((path) => path.split(':')[0]!),
              environment,
            },
          ]
        : [],
    ),
    resources: services.flatMap(([name, { build }]) => (build ? [] : [name])),
  };
}

/**
 * The environment that Compose makes of it: `values` fill its variables, and `addresses` say where a host that Compose
 * would resolve answers here (`user@host:port`).
 */
export function environmentOf(
  { environment, name }: Built,
  values: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, text]): [string, string][] => {
      const value = values[key] ?? (text === null ? undefined : substituted(text, values, `${name}: ${key}`));
      return value === undefined ? [] : [[key, addressed(value, addresses)]];
    }),
  );
}

function substituted(text: string, values: Readonly<Record<string, string>>, where: string): string {
  return text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = values[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${where}: ${name} is ${rest}`);
    return value;
  });
}

const addressed = (value: string, addresses: Readonly<Record<string, string>>): string =>
  value.replace(/^(\w+:\/\/)(?:[^@/]*@)?([\w-]+):\d+/, (whole, scheme: string, host: string) =>
    addresses[host] ? scheme + addresses[host] : whole,
  );
