import { z } from 'zod';
import type { Value } from '../../src/model/facts.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { System } from '../../src/model/system.ts';

/** Sees the options of a call and of its client, also across files; a client that it cannot find counts as limited. */
export const missingTimeout: Rule = {
  id: 'missing-timeout',
  title: 'A remote call ends',
  why: 'A call without a timeout holds its request, memory and connections for as long as the other side hangs, so one slow service stops all that call it.',
  fix: 'Set a timeout on the call or its client, shorter than the timeout of whoever waits for the answer.',
  source: 'C02 missing timeout (SON-like, ENG; Nygard, Release It!: timeouts)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'remote-call', 'client-default'],
  subject: 'remote-call',
  options: z.unknown(),
  *check(system) {
    for (const { fact, path } of system.facts('remote-call')) {
      const inherited = fact.timeout === 'client' && fact.client ? system.defaultOf(fact.client, path) : undefined;
      const timeout = fact.timeout === 'client' ? inherited?.value : fact.timeout;
      const reason = timeout === undefined ? undefined : endless(timeout, path, system);
      if (!reason) continue;
      yield {
        subject: `file:${path}`,
        atoms: [`${system.place(path)}#${system.symbol(path, fact.fn)}#${fact.api}`],
        message: `${fact.api} may wait for ever: ${reason}.`,
        at: [
          { path, span: fact.span },
          ...(inherited?.via ?? []).filter((at) => at.path !== path || at.span[0] !== fact.span[0]),
        ],
        confidence: inherited?.confidence ?? 'certain',
      };
    }
  },
};

/** Why a timeout is none; undefined for one that limits, or that is not known. */
function endless(timeout: Value | 'absent', path: string, system: System): string | undefined {
  if (timeout === 'absent' || (timeout.k === 'lit' && timeout.v === null)) return 'no timeout here or on its client';
  const { value, confidence } = system.evaluate(timeout, path);
  return confidence === 'certain' && Number(value) === 0 && value !== '' ? 'its timeout is 0' : undefined;
}
