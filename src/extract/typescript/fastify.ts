import type { Recogniser } from '../language.ts';
import { argumentsFrom, emitRoute, handlerOf, isFrom, option, textOf, unknown, valueOr } from '../recognise.ts';

const verbs = /^(?:get|post|put|patch|delete|head|options|all)$/;

/** Fastify: routes in both forms, health routes, and the start of a server. */
export const fastify: Recogniser = {
  id: 'typescript/fastify',
  version: 1,
  emits: ['entry', 'probe'],
  when: { imports: ['fastify'] },
  on: {
    call(view, emit) {
      const { callee, receiverType, span, arg } = view;
      const name = callee.path.at(-1) ?? '';
      if (!isFrom(receiverType, 'fastify') || !/^(?:\(\)|FastifyInstance)$/.test(receiverType.path.at(-1) ?? ''))
        return;
      if (name === 'listen') {
        emit('entry', span, { on: 'start', handler: { path: ['listen'] } });
      } else if (name === 'route') {
        const handler = arg(0)?.prop('handler');
        emitRoute(emit, span, {
          method: textOf(option(arg(0), 'method'))?.toUpperCase() ?? 'ALL',
          path: valueOr(option(arg(0), 'url', 'path'), unknown),
          handler: handlerOf(typeof handler === 'object' ? handler : undefined, 'handler'),
        });
      } else if (verbs.test(name)) {
        const path = arg(0)?.value() ?? unknown;
        const written = textOf(path);
        emitRoute(emit, span, {
          method: name === 'all' ? 'ALL' : name.toUpperCase(),
          path,
          handler: handlerOf(
            argumentsFrom(view, 1).at(-1),
            written === undefined ? `${name}()` : `${name}(${written})`,
          ),
        });
      }
    },
  },
};
