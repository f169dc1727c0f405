import { Command, Option } from 'commander';
import { basename, resolve } from 'node:path';
import { choicesFor, questions } from '../blueprint/questions.ts';
import { expand, type Answers } from '../blueprint/expand.ts';
import { catalogueAt, templateRoot } from '../plan/catalogue.ts';
import { plan } from '../plan/plan.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { templates } from '../../templates/catalogue.gen.ts';

/** Thin path. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('create-scalable-backend').argument('[directory]');
  for (const question of questions)
    program.addOption(new Option(`--${question.key} <value>`, question.why).default(question.fallback.join(',')));
  for (const flag of ['yes', 'dry-run', 'json', 'force', 'no-git', 'skip-install', 'skip-prove', 'start'])
    program.option(`--${flag}`);
  program.parse(argv, { from: 'user' });
  const options = program.opts<Record<string, string>>();
  const directory = resolve(program.args[0] ?? 'shop');
  const list = (key: string) => (options[key] ?? '').split(',').filter(Boolean);
  const modules = list('modules');
  const answers: Answers = {
    name: basename(directory),
    style: options['style']!,
    framework: options['framework']!,
    modules,
    uses: list('uses').filter(() => modules.some((m) => m.startsWith('orders'))),
    database: options['database']!,
    cache: options['cache']!,
    ci: options['ci']!,
    deploy: list('deploy'),
    observability: list('observability'),
    load: options['load']!,
  };
  void choicesFor;
  for (const file of plan(expand(answers), catalogueAt(templateRoot(), templates), { version: '0.1.0' })) {
    if (typeof file.content !== 'string' && !(file.content instanceof Uint8Array)) continue;
    const path = join(directory, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content, { mode: file.executable ? 0o755 : 0o644 });
    console.log(file.path);
  }
  return 0;
}
