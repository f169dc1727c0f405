import type { Recogniser } from '../language.ts';
import { argumentsFrom, emitRoute, handlerOf, isFrom, textOf } from '../recognise.ts';

const verbs = /^(?:get|post|put|patch|delete|head|options|all)$/;
const types = /^(?:Express|Application|Router|IRouter|IRoute|Core)$/;

/** Express (and routers made by it): routes, health routes, and the start of a server. */
export const express: Recogniser = {
  id: 'typescript/express',
  version: 1,
  emits: ['entry', 'probe'],
  when: { imports: ['express'] },
  on: {
    call(view, emit) {
      const { callee, receiverType, span, arg } = view;
      const name = callee.path.at(-1) ?? '';
      if (!isFrom(receiverType, 'express')) return;
      const made =
        receiverType.path.at(-1) === '()' ||
        types.test(receiverType.path.at(-1) ?? '') ||
        receiverType.path.at(-1) === 'Router';
      if (!made) return;
      if (name === 'listen') {
        emit('entry', span, { on: 'start', handler: { path: ['listen'] } });
        return;
      }
      if (!verbs.test(name) && name !== 'use') return;
      const rest = argumentsFrom(view, 1);
      // `app.get('setting')` reads a setting.
      if (rest.length === 0) return;
      const path = arg(0)?.value() ?? { k: 'unknown' as const };
      const written = textOf(path);
      // Middleware with no path of its own is no route.
      if (name === 'use' && (written === undefined || rest.at(-1)?.is !== 'function')) return;
      emitRoute(emit, span, {
        method: name === 'use' || name === 'all' ? 'ALL' : name.toUpperCase(),
        path,
        handler: handlerOf(rest.at(-1), written === undefined ? `${name}()` : `${name}(${written})`),
      });
    },
  },
};
