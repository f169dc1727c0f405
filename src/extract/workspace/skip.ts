/** Folders that hold no source of the system: dependencies, history, caches, build output, coverage. */
const skipped = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'dist',
  'build',
  'out',
  'coverage',
  'target',
  '__pycache__',
  'site-packages',
  'venv',
  'vendor',
  'tmp',
]);
/** Dot folders that are part of a system: CI, configuration of the deployment, the baseline. */
const kept = new Set(['.github', '.gitlab', '.circleci', '.scalable-backend', '.ci', '.docker', '.devcontainer']);

/** Names that are also words of a business: below the source, nothing builds or installs into them. */
const ambiguous = new Set(['build', 'coverage', 'target', 'vendor']);
const source = /(?:^|\/)src(?:\/|$)/;
const served = /(?:^|\/)(?:resources|static|assets|public|webapp)(?:\/|$)/;

/** Whether a folder of this name in another one, which begins at the root, is left out. */
export function skipsFolder(name: string, inside = ''): boolean {
  if (name.startsWith('.')) return !kept.has(name);
  return skipped.has(name) && !(ambiguous.has(name) && source.test(inside) && !served.test(inside));
}
/** Whether any folder around a file is left out. */
export function skipsFile(path: string): boolean {
  for (let end = path.indexOf('/'), start = 0; end !== -1; start = end + 1, end = path.indexOf('/', start))
    if (skipsFolder(path.slice(start, end), path.slice(0, start))) return true;
  return false;
}
