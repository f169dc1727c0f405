/** The folder of this package; unbuilt, the repository. Packed, this module is part of a file in `src/`, too. */
export const home: URL = new URL('../', import.meta.url);

/** Modules that are started as a process of their own, or imported by whoever only knows where they are. */
export type Standing = 'src/api' | 'src/extract/guarded-child' | 'src/lint/dependency-cruiser/cruise-child';
export const addressOf = (module: Standing): string =>
  new URL(module + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), home).href;
