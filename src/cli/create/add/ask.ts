import type { Blueprint } from '../../../blueprint/schema.ts';
import { type Request, things } from './things.ts';

/** Asks what no flag said. */
export async function askDetails(request: Request, blueprint: Blueprint): Promise<Request> {
  const { default: inquirer } = await import('inquirer');
  const given: Record<string, string> = { ...request.given };
  for (const { key, ask, why, among, offer, fallback } of unanswered(request)) {
    const message = `${ask} (${why})`;
    const choices = among ?? offer?.(blueprint);
    const question = choices
      ? ({ type: 'select', name: 'value', message, choices: choices.map((value) => ({ value, name: value })) } as const)
      : ({ type: 'input', name: 'value', message: `${message} [${fallback}]` } as const);
    const { value } = await inquirer.prompt<{ value: string }>([question]);
    if (value.trim() !== '') given[key] = value.trim();
  }
  return { ...request, given };
}

/** What neither a flag nor `--yes` answers. */
export const unanswered = ({ kind, given, yes, json }: Request) =>
  yes || json
    ? []
    : (things.find((thing) => thing.kind === kind)?.details ?? []).filter(({ key }) => given[key] === undefined);
