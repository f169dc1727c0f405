/** An action at the commit of a release: a tag can be moved, a commit cannot. */
export interface Pin {
  readonly uses: string;
  readonly commit: string;
  readonly version: string;
}

export const checkout: Pin = {
  uses: 'actions/checkout',
  commit: '3d3c42e5aac5ba805825da76410c181273ba90b1',
  version: 'v7.0.1',
};

/** How the toolchain of a language is set up: the action, and the input that takes its version. */
export const toolchains: Readonly<
  Record<string, { readonly pin: Pin; readonly version: string; readonly cache: string }>
> = {
  node: {
    pin: { uses: 'actions/setup-node', commit: '820762786026740c76f36085b0efc47a31fe5020', version: 'v7.0.0' },
    version: 'node-version',
    cache: 'npm',
  },
};
