import type { Sym } from '../../model/facts.ts';
import type { Recogniser } from '../language.ts';
import { exported, isFrom, option, textOf, unknown } from '../recognise.ts';

/** What undici's functions use when they are given no dispatcher; the global `fetch` of Node.js uses it as well. */
const shared: Sym = { from: 'undici', path: ['getGlobalDispatcher', '()'] };
const limits = ['headersTimeout', 'bodyTimeout'] as const;
const dispatchers = /^(?:Client|Pool|BalancedPool|Agent|ProxyAgent|EnvHttpProxyAgent|RetryAgent|RoundRobinPool)$/;

/** undici. Its own limits (300 s for headers, 300 s between parts of a body) are no protection for a server's request. */
export const undici: Recogniser = {
  id: 'typescript/undici',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: ['undici'] },
  on: {
    create({ callee, span, assignedTo, arg }, emit) {
      const name = exported(callee).at(-1) ?? '';
      if (!isFrom(callee, 'undici') || !dispatchers.test(name)) return;
      const options = name === 'Agent' || name === 'EnvHttpProxyAgent' ? arg(0) : arg(1);
      emit('client-default', span, {
        client: assignedTo ?? { ...callee, path: [...callee.path, '()'] },
        timeout: option(options, ...limits),
      });
    },
    call({ callee, receiver, receiverType, span, arg }, emit) {
      const name = callee.path.at(-1) ?? '';
      if (isFrom(callee, 'undici') && name === 'setGlobalDispatcher') {
        emit('client-default', span, { client: shared, timeout: unknown });
        return;
      }
      const direct =
        isFrom(callee, 'undici') && exported(callee).length === 1 && /^(?:request|fetch|stream)$/.test(name);
      const bound =
        /^(?:request|stream)$/.test(name) &&
        isFrom(receiverType, 'undici') &&
        dispatchers.test(receiverType.path.at(-1) ?? '');
      if (!direct && !(bound && receiver)) return;
      const options = direct ? arg(1) : arg(0);
      const method = textOf(option(options, 'method'));
      const own = option(options, ...limits, 'signal');
      const dispatcher = direct && own === 'absent' ? option(options, 'dispatcher') : 'absent';
      const client =
        dispatcher !== 'absent' ? (dispatcher.k === 'ref' ? dispatcher.sym : undefined) : direct ? shared : receiver;
      if (direct && own === 'absent' && dispatcher === 'absent')
        emit('client-default', span, { client: shared, timeout: 'absent' });
      const target = direct ? arg(0)?.value() : option(options, 'path');
      emit('remote-call', span, {
        api: `undici.${name}`,
        target: target === 'absent' || target === undefined ? unknown : target,
        ...(method && { method: method.toUpperCase() }),
        timeout: own !== 'absent' ? own : client ? 'client' : unknown,
        ...(client && { client }),
      });
    },
  },
};
