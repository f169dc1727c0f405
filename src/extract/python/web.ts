import type { Emit, Recogniser, Views } from '../language.ts';
import { emitRoute, textOf, unknown } from '../recognise.ts';

const verbs = /^(?:get|post|put|patch|delete|head|options)$/;

/** `@app.get('/x')` and `@app.route('/x', methods=['POST'])`, which Flask and FastAPI share. */
function route({ name, on, span, arg }: Views['annotation'], emit: Emit): void {
  const decorator = name.path.at(-1) ?? '';
  if (name.path.length < 2 || !(verbs.test(decorator) || decorator === 'route' || decorator === 'api_route')) return;
  const methods = arg('methods')?.value();
  const written = methods?.k === 'list' ? textOf(methods.of[0]) : undefined;
  emitRoute(emit, span, {
    method: verbs.test(decorator) ? decorator.toUpperCase() : (written?.toUpperCase() ?? 'GET'),
    path: (arg('0') ?? arg('path'))?.value() ?? unknown,
    handler: on,
  });
}

/** Flask: routes, health routes, and the start of its server. */
export const flask: Recogniser = {
  id: 'python/flask',
  version: 1,
  emits: ['entry', 'probe'],
  when: { imports: ['flask'] },
  on: {
    annotation: route,
    call({ callee, receiverType, span }, emit) {
      if (receiverType?.from !== 'flask' || callee.path.at(-1) !== 'run') return;
      emit('entry', span, { on: 'start', handler: { path: ['run'] } });
    },
  },
};

/** FastAPI: routes, health routes, and the start of its server by uvicorn. */
export const fastapi: Recogniser = {
  id: 'python/fastapi',
  version: 1,
  emits: ['entry', 'probe'],
  when: { imports: ['fastapi'] },
  on: {
    annotation: route,
    call({ callee, span }, emit) {
      if (callee.from !== 'uvicorn' || callee.path.at(-1) !== 'run') return;
      emit('entry', span, { on: 'start', handler: { path: ['run'] } });
    },
  },
};
