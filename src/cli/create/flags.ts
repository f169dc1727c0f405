import { Command, CommanderError, Option } from 'commander';
import { closest } from '../../blueprint/nearest.ts';
import { type Choice, choicesFor, type Question, questions } from '../../blueprint/questions.ts';
import { KnownError } from '../../model/known-error.ts';
import { addCommand, type Request, things } from './add/things.ts';

/** Answers that were given as flags; a question without one is asked, or takes its default. */
export type Given = Partial<Record<Question['key'], readonly string[]>>;
export interface Settings {
  readonly directory: string | undefined;
  readonly given: Given;
  readonly from: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly force: boolean;
  readonly git: boolean;
  readonly skipInstall: boolean;
  readonly skipProve: boolean;
  readonly start: boolean;
}
interface Options extends Partial<Omit<Settings, 'directory' | 'given'>>, Partial<Record<Question['key'], string>> {}

/** The program's flags: one for each question, and how to run. `catalogue` is what the axes offer. */
export function program(version: string, catalogue: readonly Choice[], found?: (request: Request) => void): Command {
  const command = new Command('create-scalable-backend')
    .description('Writes a backend that scales, and proves that it installs, passes its checks, starts and answers.')
    .argument('[directory]', 'where to write it; its last part names the system (default: shop)')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const question of questions) command.addOption(optionOf(question, catalogue));
  return command
    .enablePositionalOptions()
    .addCommand(strict(addCommand(found)))
    .helpCommand(false)
    .action(() => {})
    .option('--from <file>', 'take the answers from an architecture.yaml')
    .option('--yes', 'take every default without asking')
    .option('--dry-run', 'show the files and their differences; write nothing')
    .option('--json', 'print the result as JSON; ask nothing')
    .option('--force', 'accept a directory with files; what you edited is still kept')
    .option('--no-git', 'make no git repository and no first commit')
    .option('--skip-install', 'write only: no install, no proof')
    .option('--skip-prove', 'install, but do not check, test and start it')
    .option('--start', 'leave it running when it is done, and print the first request');
}

function optionOf(question: Question, catalogue: readonly Choice[]): Option {
  const ids = choicesFor(question, catalogue).map(({ id }) => id);
  const flag = question.kind === 'one' ? `--${question.key} <${question.key}>` : `--${question.key} <list>`;
  const offer = ids.length > 0 ? `; ${ids.join(', ')}` : '';
  return new Option(flag, `${question.why}${offer} (default: ${question.otherwise ?? question.fallback.join(',')})`);
}

/** Errors are thrown and printed in one place, for every command alike. */
function strict(command: Command): Command {
  for (const each of command.commands) strict(each);
  return command
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
}

/** A new system, or an addition to one. */
export type Parsed = { readonly settings: Settings } | { readonly request: Request };

/** Throws a `KnownError` for what it does not know; `undefined` when help or version was printed. */
export function parse(argv: readonly string[], version: string, catalogue: readonly Choice[]): Parsed | undefined {
  let request: Request | undefined;
  const command = program(version, catalogue, (found) => {
    request = found;
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    if (error.code === 'commander.help')
      throw new KnownError('Nothing is named that could be added.', {
        next: `Write create-scalable-backend add with one of: ${things.map(({ kind }) => kind).join(', ')}.`,
      });
    throw usage(error);
  }
  if (request) return { request };
  const options = command.opts<Options>();
  const given: Given = {};
  for (const question of questions) {
    const text = options[question.key];
    if (text !== undefined) given[question.key] = valuesOf(question, text, catalogue);
  }
  const { from, yes = false, dryRun = false, json = false, force = false, git = true } = options;
  const { skipInstall = false, skipProve = false, start = false } = options;
  if (start && (skipInstall || dryRun))
    throw new KnownError(
      `--start needs an installed system, which ${dryRun ? '--dry-run' : '--skip-install'} prevents.`,
      {
        next: 'Leave one of the two flags out.',
      },
    );
  if (from !== undefined && Object.keys(given).length > 0)
    throw new KnownError(
      `--from takes the answers from ${from}, so --${Object.keys(given)[0]} cannot be given as well.`,
      {
        next: 'Change the file, or leave --from out.',
      },
    );
  const directory = command.args[0];
  return { settings: { directory, given, from, yes, dryRun, json, force, git, skipInstall, skipProve, start } };
}

function usage(error: CommanderError): KnownError {
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /Did you mean (.+)\?/.exec(hint ?? '')?.[1];
  return new KnownError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`, {
    next: suggestion ? `Did you mean ${suggestion}?` : 'See create-scalable-backend --help.',
    cause: error,
  });
}

/** `a, b` → values of a question, each one that it knows. */
export function valuesOf(question: Question, text: string, catalogue: readonly Choice[]): readonly string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (question.kind === 'text') return values;
  const known = choicesFor(question, catalogue).map(({ id }) => id);
  for (const value of values) {
    if (known.includes(value)) continue;
    const near = closest(value, known);
    throw new KnownError(`--${question.key} does not know '${value}'.`, {
      next: near ? `Did you mean '${near}'?` : `Use one of: ${known.join(', ')}.`,
    });
  }
  if (question.kind === 'many') return values.filter((value) => value !== 'none');
  if (values.length !== 1)
    throw new KnownError(`--${question.key} takes one value, not '${text}'.`, {
      next: `Use one of: ${known.join(', ')}.`,
    });
  return values;
}
