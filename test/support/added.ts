import { type Recogniser, type Rule, z } from '../../src/api.ts';

/** A rule of a user's own: nobody imports `left-pad`. */
export const noLeftPad: Rule = {
  id: 'no-left-pad',
  title: 'Nobody imports left-pad',
  why: 'It is one line.',
  fix: 'Use padStart.',
  source: 'own',
  severity: 'error',
  presets: ['recommended'],
  reads: ['file', 'import'],
  subject: 'import',
  options: z.unknown(),
  *check(system) {
    for (const { fact, path } of system.facts('import')) {
      if (fact.spec !== 'left-pad') continue;
      const at = [{ path, span: fact.span }] as const;
      yield {
        subject: `file:${path}`,
        atoms: [`${path}#left-pad`],
        message: 'left-pad again.',
        at,
        confidence: 'certain',
      };
    }
  },
};
/** Calls of the library `phone` go out, and wait for ever. */
export const phone: Recogniser = {
  id: 'typescript/phone',
  version: 1,
  emits: ['remote-call'],
  when: { imports: ['phone'] },
  on: {
    call({ callee, span, arg }, emit) {
      if (callee.from !== 'phone') return;
      emit('remote-call', span, { api: 'phone', target: arg(0)?.value() ?? { k: 'unknown' }, timeout: 'absent' });
    },
  },
};
