import type { Value } from '../../model/facts.ts';
import { concat } from '../concat.ts';
import type { CallView, Recogniser } from '../language.ts';
import { exported, isFrom, option, text, textOf, unknown } from '../recognise.ts';

const modules = ['http', 'https', 'node:http', 'node:https'];

/** `http.request` and `http.get` of Node.js: no timeout unless an option, a signal or `setTimeout` on the request sets one. */
export const nodeHttp: Recogniser = {
  id: 'typescript/node-http',
  version: 1,
  emits: ['remote-call', 'client-default', 'entry'],
  when: { imports: modules },
  on: {
    call(view, emit) {
      const { callee, receiver, receiverType, span, assignedTo, arg } = view;
      const name = callee.path.at(-1) ?? '';
      const steps = isFrom(callee, modules) ? exported(callee) : [];
      if (steps.length === 1 && (name === 'request' || name === 'get')) {
        const timeouts = [arg(0), arg(1)].map((each) =>
          each?.is === 'function' || each?.is === 'literal' ? 'absent' : option(each, 'timeout', 'signal'),
        );
        const own =
          timeouts.find((each) => each !== 'absent' && each.k !== 'unknown') ??
          timeouts.find((each) => each !== 'absent');
        const client = assignedTo ?? { ...callee, path: [...callee.path, '()'] };
        const method = name === 'get' ? 'GET' : textOf(option(arg(0)?.is === 'object' ? arg(0) : arg(1), 'method'));
        emit('client-default', span, { client, timeout: 'absent' });
        emit('remote-call', span, {
          api: `${callee.from?.replace('node:', '')}.${name}`,
          target: targetOf(view),
          ...(method && { method }),
          timeout: own ?? 'client',
          client,
        });
      }
      if (
        name === 'setTimeout' &&
        receiver &&
        isFrom(receiverType, modules) &&
        /^(?:request|get)$/.test(receiverType.path.at(-2) ?? '')
      ) {
        emit('client-default', span, { client: receiver, timeout: arg(0)?.value() ?? unknown });
      }
      if (name === 'listen' && isFrom(receiverType, modules) && receiverType.path.includes('createServer')) {
        emit('entry', span, { on: 'start', handler: { path: ['listen'] } });
      }
    },
  },
};

function targetOf({ callee, arg }: CallView): Value {
  const first = arg(0);
  if (first?.is !== 'object') return first?.value() ?? unknown;
  const [host, port, path] = [option(first, 'hostname', 'host'), option(first, 'port'), option(first, 'path')];
  if (host === 'absent') return unknown;
  return concat([
    text(`${callee.from?.endsWith('s') ? 'https' : 'http'}://`),
    host,
    ...(port === 'absent' ? [] : [text(':'), port]),
    ...(path === 'absent' ? [] : [path]),
  ]);
}
