import { fromOutside, settingValue } from '../../../src/plan/print.ts';
import type { IntentOf, SystemSpec } from '../../../src/plan/template.ts';

/** `.env.example`: every variable that a deployable reads, all of them optional while developing. */
export function environment(system: SystemSpec): string {
  const deployables = new Set(system.blueprint.deployables.map(({ name }) => name));
  const read = system.all('setting').filter(({ readBy }) => deployables.has(readBy));
  const byName = new Map(read.map((setting) => [setting.name, setting]));
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '# Copy to .env what you want to change; without any of it the system runs in development, with nothing installed.',
    '# For a secret, NAME_FILE may name a file that holds it.',
    '',
    ...sorted.map(
      (setting) => `# ${setting.doc}${defaultOf(setting)}\n# ${setting.name}=${exampleOf(system, setting)}\n`,
    ),
  ].join('\n');
}

const defaultOf = ({ fallback }: IntentOf<'setting'>): string =>
  fallback === undefined ? '' : ` Without it: ${fallback}.`;

/** Where it would answer on a developer's own machine. */
export function exampleOf(system: SystemSpec, setting: IntentOf<'setting'>): string {
  if ('value' in setting.from || fromOutside(system, setting)) return '';
  return settingValue(system, setting, () => ({ host: '127.0.0.1' })).replace(/\{[A-Z][A-Z0-9_]*\}/g, 'secret');
}
