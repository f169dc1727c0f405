import { type Answers, expand } from '../../blueprint/expand.ts';
import { type Choice, choicesFor, type Question, questions } from '../../blueprint/questions.ts';
import { KnownError } from '../../model/known-error.ts';
import { type Given, valuesOf } from './flags.ts';

/** The default of a question; a default use needs both of its modules. */
export function fallbackOf(question: Question, given: Given): readonly string[] {
  if (question.key !== 'uses') return question.fallback;
  const modules = (given.modules ?? fallbackOfKey('modules')).map((module) => module.split(':')[0]);
  return question.fallback.filter((pair) => pair.split(':').every((name) => modules.includes(name)));
}
const fallbackOfKey = (key: Question['key']) => questions.find((question) => question.key === key)?.fallback ?? [];

export function complete(name: string, given: Given): Answers {
  const all = Object.fromEntries(
    questions.map((question) => [question.key, given[question.key] ?? fallbackOf(question, given)]),
  ) as Record<Question['key'], readonly string[]>;
  const one = (key: Question['key']) => all[key][0] ?? 'none';
  return {
    name,
    style: one('style'),
    framework: one('framework'),
    modules: all.modules,
    uses: all.uses,
    place: all.place,
    database: one('database'),
    cache: one('cache'),
    broker: all.broker[0],
    ci: one('ci'),
    deploy: given.deploy,
    observability: given.observability,
    load: one('load'),
  };
}

/** Asks what no flag answered. A question with one choice is not asked. */
export async function ask(name: string | undefined, given: Given, catalogue: readonly Choice[]) {
  const { default: inquirer } = await import('inquirer');
  const answers: Given = { ...given };
  let system = name;
  if (system === undefined) {
    const { value } = await inquirer.prompt<{ value: string }>([
      {
        type: 'input',
        name: 'value',
        message: 'What is the system called? (also the directory)',
        default: 'shop',
        validate: (text: string) => problemOf(() => expand(complete(text, {}))),
      },
    ]);
    system = value;
  }
  for (const question of questions) {
    if (answers[question.key] !== undefined) continue;
    if (question.style !== undefined && question.style !== answers.style?.[0]) continue;
    const choices = choicesFor(question, catalogue).map(({ id, title, why }) => ({
      value: id,
      name: `${title}: ${why}`,
      short: title,
    }));
    if (question.kind !== 'text' && choices.length < 2) continue;
    const message = `${question.ask} (${question.why})`;
    const fallback = fallbackAfter(system, question, answers);
    const name = 'value';
    if (question.kind === 'one') {
      const { value } = await inquirer.prompt<{ value: string }>([
        { type: 'select', name, message, choices, default: fallback[0] },
      ]);
      answers[question.key] = [value];
    } else if (question.kind === 'many') {
      const boxes = choices
        .filter(({ value }) => value !== 'none')
        .map((choice) => ({ ...choice, checked: fallback.includes(choice.value) }));
      const { value } = await inquirer.prompt<{ value: string[] }>([
        { type: 'checkbox', name, message, choices: boxes },
      ]);
      answers[question.key] = value;
    } else {
      const tried = (text: string): Given => ({ ...answers, [question.key]: valuesOf(question, text, catalogue) });
      const { value } = await inquirer.prompt<{ value: string }>([
        {
          type: 'input',
          name,
          message,
          default: fallback.join(','),
          validate: (text: string) => problemOf(() => expand(complete(system, tried(text)))),
        },
      ]);
      answers[question.key] = valuesOf(question, value, catalogue);
    }
  }
  return { name: system, given: answers };
}

/** The default of a question after what was answered: some follow from where the modules are. */
function fallbackAfter(system: string, question: Question, given: Given): readonly string[] {
  const { key } = question;
  if (key !== 'broker' && key !== 'deploy' && key !== 'observability') return fallbackOf(question, given);
  const { stack, delivery } = expand(complete(system, given));
  return key === 'broker' ? [stack.broker] : delivery[key];
}

/** `true`, or one line about what is wrong and what to do. */
function problemOf(check: () => unknown): true | string {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof KnownError) return `${error.message} ${error.next}`;
    throw error;
  }
}
