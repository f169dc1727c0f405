import type { Sym, Value } from '../../model/facts.ts';
import type { Expr, Recogniser } from '../language.ts';
import { exported, isFrom, option, unknown } from '../recognise.ts';

const verbs = /^(?:get|post|put|patch|head|delete|stream|paginate)$/;
const shared: Sym = { from: 'got', path: ['default'] };

/** got. "By default, there's no timeout" (its documentation, Timeout options). */
export const got: Recogniser = {
  id: 'typescript/got',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: ['got'] },
  on: {
    call({ callee, receiver, receiverType, span, assignedTo, arg }, emit) {
      const direct = isFrom(callee, 'got') && !callee.path.includes('()');
      const steps = exported(callee).filter((step) => step !== 'got');
      const name = steps.at(-1) ?? 'got';
      if (direct && name === 'extend') {
        emit('client-default', span, {
          client: assignedTo ?? { ...callee, path: [...callee.path, '()'] },
          timeout: timeoutOf(arg(0)),
        });
        return;
      }
      const bound = receiver && isFrom(receiverType, 'got') && verbs.test(name);
      if (!(direct && (steps.length === 0 || verbs.test(name))) && !bound) return;
      const first = arg(0);
      const own = timeoutOf(first?.is === 'object' ? first : arg(1));
      const client = direct ? shared : receiver;
      if (direct && own === 'absent') emit('client-default', span, { client: shared, timeout: 'absent' });
      const url = first?.is === 'object' ? option(first, 'url') : first?.value();
      emit('remote-call', span, {
        api: steps.length === 0 ? 'got' : `got.${name}`,
        target: url === undefined || url === 'absent' ? unknown : url,
        ...(verbs.test(name) && /^(?!stream|paginate)/.test(name) && { method: name.toUpperCase() }),
        timeout: own === 'absent' ? 'client' : own,
        ...(client && { client }),
      });
    },
  },
};

const timeoutOf = (options: Expr | undefined): Value | 'absent' => option(options, 'timeout', 'signal');
