import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from './template.ts';

export interface TemplateFile {
  /** Relative to the overlay's folder. */
  readonly path: string;
  /** Text with LF; bytes where there is a NUL. */
  readonly content: string | Uint8Array;
}
/** The templates that a plan may choose from, and the files of their overlays. */
export interface Catalogue {
  readonly templates: readonly Template[];
  /** Files of the overlay `from` of a template, in path order; empty when there is no such folder. */
  overlay(template: Template, from: string): readonly TemplateFile[];
}

/** Overlay files lie beside the templates' modules, in the source tree and in the package alike. */
export const templateRoot = (): string => fileURLToPath(new URL('../../templates/', import.meta.url));

/** Templates whose overlays lie in `<root>/<axis>/<id>/`. */
export const catalogueAt = (root: string, templates: readonly Template[]): Catalogue =>
  catalogueOf(templates, ({ axis, id }) => join(root, axis, id));

/** Templates with their folders. Files are read once, when a plan asks for them. */
export function catalogueOf(templates: readonly Template[], folderOf: (template: Template) => string): Catalogue {
  const overlays = new Map<string, readonly TemplateFile[]>();
  return {
    templates,
    overlay(template, from) {
      const folder = join(folderOf(template), from);
      const known = overlays.get(folder);
      if (known) return known;
      const files = readFolder(folder);
      overlays.set(folder, files);
      return files;
    },
  };
}

/** One catalogue of several: each template keeps its own root. */
export function joined(...catalogues: readonly Catalogue[]): Catalogue {
  const home = new Map(catalogues.flatMap((catalogue) => catalogue.templates.map((template) => [template, catalogue])));
  return {
    templates: [...home.keys()],
    overlay: (template, from) => home.get(template)?.overlay(template, from) ?? [],
  };
}

function readFolder(folder: string): TemplateFile[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .sort()
    .map((path) => ({ path: path.replaceAll('\\', '/'), content: contentOf(readFileSync(join(folder, path))) }));
}

const contentOf = (bytes: Buffer): string | Uint8Array =>
  bytes.includes(0) ? bytes : bytes.toString('utf8').replaceAll('\r\n', '\n');
