import type { Recogniser } from '../language.ts';

/** The global `fetch`: it waits for ever unless a signal ends it. */
export const fetchApi: Recogniser = {
  id: 'typescript/fetch',
  version: 1,
  emits: ['remote-call'],
  when: { text: /\bfetch\b/ },
  on: {
    call({ callee, span, arg }, emit) {
      if (callee.from !== 'globalThis' || callee.path.join('.') !== 'fetch') return;
      const options = arg(1);
      const signal = options ? options.prop('signal') : 'absent';
      const method = options?.prop('method');
      const verb = typeof method === 'object' ? method.value() : undefined;
      emit('remote-call', span, {
        api: 'fetch',
        target: arg(0)?.value() ?? { k: 'unknown' },
        ...(verb?.k === 'lit' && { method: String(verb.v).toUpperCase() }),
        timeout: signal === 'absent' ? 'absent' : signal === 'unknown' ? { k: 'unknown' } : signal.value(),
      });
    },
  },
};
