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

export const skipsFolder = (name: string): boolean => (name.startsWith('.') ? !kept.has(name) : skipped.has(name));
