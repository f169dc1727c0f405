import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { home } from '../home.ts';
import { reporters } from '../report/catalogue.gen.ts';
import { failed, print } from './output.ts';

/** `scalable-backend`: reads a repository and says what will stop it from scaling. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const asJson = argv.includes('json') || argv.includes('--format=json') || argv.includes('--json');
  try {
    const command = program(versionOf(), (code) => {
      exitCode = code;
    });
    await command.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message; only its exit code (1) means something else here.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return failed(error, { program: 'scalable-backend', asJson });
  }
}

/** The program's commands; `done` gets the exit code of the one that ran. */
export function program(version: string, done: (exitCode: number) => void): Command {
  const command = new Command('scalable-backend')
    .description('Reads a backend and says what will stop it from scaling.')
    .version(version)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: print })
    .exitOverride();
  command
    .command('lint')
    .description('check modules, services, data and deployment of a repository')
    .argument('[path]', 'folder of the repository', '.')
    .addOption(
      new Option('--format <format>', `how to report: ${reporters.map(({ id }) => id).join(', ')}; may be repeated`)
        .argParser(collect)
        .default([], 'text'),
    )
    .addOption(
      new Option('--output <format=file>', 'write that report into a file; without "format=", the only one')
        .argParser(collect)
        .default([], 'standard output'),
    )
    .option('--rule <rule>', 'run only this rule; may be repeated', collect)
    .option('--owner <owner>', 'report only what CODEOWNERS gives to this owner')
    .option('--max-warnings <number>', 'fail when there are more warnings', wholeNumber)
    .option(
      '--update-baseline',
      'accept what is found, and take out of the baseline what is gone; in CI: only the latter',
    )
    .option('--print-config <file>', 'print what holds for one file, and check nothing')
    .option('--since <revision>', 'report only what is new since the branch left this branch, tag or commit')
    .option('--no-cache', 'read everything anew')
    .option('--verify-cache', 'read everything anew, and fail where the cache would have said something else')
    .option('--fix', 'repair what can be repaired safely')
    .option('--dry-run', 'with --fix: say what would be repaired, write nothing')
    .option('--verify-engine', 'compare the imports that were found with those of dependency-cruiser')
    .addOption(
      new Option(
        '--engine <engine>',
        'who finds the imports for dependency-cruiser rules: ours where it can, or itself',
      )
        .choices(['auto', 'cruise'])
        .default('auto'),
    )
    .option('--rules <file>', 'run this program for rules and recognisers of your own')
    .option('--trust-config', 'run a dependency-cruiser configuration that is a program')
    .option('--no-color', 'no colours')
    .action(async (path: string, options) => {
      const { lintCommand } = await import('./linter/lint.ts');
      done(await lintCommand(path, { ...options, version }));
    });
  command
    .command('init')
    .description('describe a repository that has no architecture.yaml, so that it passes from now on')
    .argument('[path]', 'folder of the repository', '.')
    .option('--dry-run', 'print the file, write nothing')
    .action(async (path: string, options: { dryRun?: boolean }) => {
      const { initCommand } = await import('./linter/init.ts');
      done(await initCommand(path, options));
    });
  command
    .command('explain')
    .description('what a rule means, why it matters and how to repair what it finds')
    .argument('<rule>')
    .option('--rules <file>', 'run this program for rules of your own, which have a page as well')
    .action(async (id: string, options: { rules?: string }) => {
      const { explainCommand } = await import('./linter/explain.ts');
      await explainCommand(id, options);
    });
  command
    .command('rules')
    .description('list the rules')
    .option('--json', 'for programs')
    .option('--rules <file>', 'run this program for rules of your own, and list them, too')
    .action(async (options: { json?: boolean; rules?: string }) => {
      const { rulesCommand } = await import('./linter/rules.ts');
      await rulesCommand(options);
    });
  command
    .command('test-config')
    .description('check the good and bad examples of the boundaries in architecture.yaml')
    .argument('[path]', 'folder of the repository', '.')
    .action(async (path: string) => {
      const { testConfigCommand } = await import('./linter/test-config.ts');
      done(await testConfigCommand(path));
    });
  command
    .command('graph')
    .description('deployables, modules, data and what they depend on')
    .argument('[path]', 'folder of the repository', '.')
    .addOption(new Option('--format <format>', 'how to print').choices(['mermaid', 'dot', 'json']).default('mermaid'))
    .action(async (path: string, options) => {
      const { graphCommand } = await import('./linter/graph.ts');
      done(await graphCommand(path, options));
    });
  command
    .command('export')
    .description('write the boundaries of architecture.yaml for another tool')
    .addArgument(new Argument('<tool>').choices(['dependency-cruiser']))
    .argument('[path]', 'folder of the repository', '.')
    .action(async (_tool: string, path: string) => {
      const { exportCommand } = await import('./linter/export.ts');
      await exportCommand(path);
    });
  return command;
}

/** Repeated options, one value each: a list after one option would swallow the folder. */
const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number.');
}

const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as { version: string }).version;
