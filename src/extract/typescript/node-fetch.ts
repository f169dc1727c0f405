import type { Recogniser } from '../language.ts';
import { exported, isFrom, option, textOf, unknown } from '../recognise.ts';

const packages = ['node-fetch', 'cross-fetch', 'isomorphic-fetch', 'node-fetch-native'];

/** node-fetch and its relatives: no timeout unless a signal ends the call, or (version 2 only) the option `timeout`. */
export const nodeFetch: Recogniser = {
  id: 'typescript/node-fetch',
  version: 1,
  emits: ['remote-call'],
  when: { imports: packages },
  on: {
    call({ callee, span, arg }, emit) {
      const steps = exported(callee);
      if (!isFrom(callee, packages) || steps.length > 1 || (steps.length === 1 && steps[0] !== 'fetch')) return;
      const method = textOf(option(arg(1), 'method'))?.toUpperCase();
      emit('remote-call', span, {
        api: 'fetch',
        target: arg(0)?.value() ?? unknown,
        ...(method && { method }),
        timeout: option(arg(1), 'signal', 'timeout'),
      });
    },
  },
};
