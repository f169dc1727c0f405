import type { Expr, Recogniser } from '../language.ts';
import { exported, isFrom, option, unknown } from '../recognise.ts';

const packages = ['request', 'request-promise', 'request-promise-native', 'requestretry'];
const verbs = /^(?:get|head|options|post|put|patch|del|delete)$/;

/** request and request-promise, which many old services still use. No timeout unless the option sets one. */
export const request: Recogniser = {
  id: 'typescript/request',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: packages },
  on: {
    call({ callee, receiver, receiverType, span, assignedTo, arg }, emit) {
      const direct = isFrom(callee, packages) && !callee.path.includes('()');
      const steps = exported(callee);
      const name = steps.at(-1) ?? 'request';
      if (direct && name === 'defaults') {
        const client = assignedTo ?? { ...callee, path: [...callee.path, '()'] };
        emit('client-default', span, { client, timeout: option(arg(0), 'timeout') });
        return;
      }
      const bound =
        receiver && isFrom(receiverType, packages) && receiverType.path.at(-2) === 'defaults' && verbs.test(name);
      if (!(direct && (steps.length === 0 || (steps.length === 1 && verbs.test(name)))) && !bound) return;
      const options = optionsOf(arg(0), arg(1), arg(2));
      const own = option(options, 'timeout');
      const url = arg(0)?.is === 'object' ? option(arg(0), 'url', 'uri') : arg(0)?.value();
      emit('remote-call', span, {
        api: steps.length === 0 ? 'request' : `request.${name}`,
        target: url === 'absent' || url === undefined ? unknown : url,
        ...(verbs.test(name) && { method: name === 'del' ? 'DELETE' : name.toUpperCase() }),
        timeout: own === 'absent' && bound ? 'client' : own,
        ...(bound && { client: receiver }),
      });
    },
  },
};

/** `request(options, done)`, `request(url, done)` or `request(url, options, done)`. */
function optionsOf(first: Expr | undefined, second: Expr | undefined, third: Expr | undefined): Expr | undefined {
  if (third || second?.is === 'object') return second;
  return first?.prop('timeout') === 'absent' && first.is !== 'object' ? undefined : first;
}
