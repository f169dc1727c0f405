import type { Value } from '../../model/facts.ts';
import type { CallView, Recogniser } from '../language.ts';
import { unknown } from '../tree-sitter/views.ts';

const verbs = /^(get|options|head|post|put|patch|delete|request)$/;

/**
 * requests. "By default, requests do not time out unless a timeout value is set explicitly" (its documentation,
 * Advanced usage → Timeouts), and a Session has no default either, unless an adapter that sets one is mounted.
 */
export const requests: Recogniser = {
  id: 'python/requests',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: ['requests'] },
  on: {
    // `session.request = functools.partial(session.request, timeout=5)` is the known way to give a session a default.
    assign({ span, target, receiverType }, emit) {
      if (!isRequests(receiverType?.from) || target.path.at(-1) !== 'request') return;
      emit('client-default', span, { client: { ...target, path: target.path.slice(0, -1) }, timeout: unknown });
    },
    call(view, emit) {
      const { callee, receiver, receiverType, assignedTo, span, arg } = view;
      const name = callee.path.at(-1) ?? '';
      const target = (arg(name === 'request' ? 1 : 0) ?? keyword(view, 'url'))?.value() ?? unknown;
      const method = name === 'request' ? undefined : name.toUpperCase();
      const own = timeoutOf(view);
      if (isRequests(callee.from) && callee.path.length === 1) {
        if (/^[sS]ession$/.test(name) && assignedTo)
          emit('client-default', span, { client: assignedTo, timeout: 'absent' });
        if (verbs.test(name))
          emit('remote-call', span, { api: `requests.${name}`, target, ...(method && { method }), timeout: own });
        return;
      }
      if (!receiver || !isRequests(receiverType?.from) || !/^[sS]ession$/.test(receiverType?.path.at(-1) ?? '')) return;
      if (name === 'mount') emit('client-default', span, { client: receiver, timeout: unknown });
      if (!verbs.test(name)) return;
      emit('remote-call', span, {
        api: `Session.${name}`,
        target,
        ...(method && { method }),
        timeout: own === 'absent' ? 'client' : own,
        client: receiver,
      });
    },
  },
};

const isRequests = (from: string | undefined) =>
  from === 'requests' || from === 'requests.sessions' || from === 'requests.api';

function keyword(view: CallView, name: string) {
  const found = view.keywords?.prop(name);
  return typeof found === 'object' ? found : undefined;
}

/** `timeout=None` is written out, and means for ever. */
function timeoutOf({ keywords }: CallView): Value | 'absent' {
  const found = keywords?.prop('timeout') ?? 'absent';
  if (found === 'absent') return 'absent';
  if (found === 'unknown') return unknown;
  const value = found.value();
  return value.k === 'lit' && value.v === null ? 'absent' : value;
}
