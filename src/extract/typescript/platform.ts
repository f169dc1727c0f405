import type { Sym } from '../../model/facts.ts';
import type { Expr, Recogniser } from '../language.ts';
import { emitRoute, option, textOf, unknown, valueOr } from '../recognise.ts';

const specifier = /^@[\w.-]+\/platform\/(?:contract|module|host)$/;

/** The platform that generated systems own: contracts, modules, events and jobs. */
export const platform: Recogniser = {
  id: 'typescript/platform',
  version: 1,
  emits: ['module-declaration', 'entry', 'publish', 'subscribe', 'probe'],
  when: { text: /\/platform\/(?:contract|module|host)['"`](?<!^import type\b.*)|\boutbox\b/m },
  on: {
    call({ callee, span, arg }, emit) {
      const name = callee.path.at(-1) ?? '';
      if (callee.from !== undefined && specifier.test(callee.from)) {
        if (name === 'defineContract') contract(arg(0), arg(1), span, emit);
        else if (name === 'defineModule') moduleOf(arg(0), span, emit);
        else if (name === 'operation') {
          const [method, path] = [textOf(option(arg(0), 'method')), option(arg(0), 'path')];
          if (method && path !== 'absent') emitRoute(emit, span, { method, path, handler: { path: ['operation'] } });
        } else if (name === 'consume') {
          const topic = arg(0)?.value() ?? unknown;
          emit('subscribe', span, { topic, api: 'consume' });
          emit('entry', span, { on: 'message', path: topic, handler: named(arg(1), 'consume()') });
        } else if (name === 'job') {
          const cron = option(arg(3), 'cron');
          emit('entry', span, {
            on: cron === 'absent' ? 'message' : 'schedule',
            path: arg(0)?.value() ?? unknown,
            handler: named(arg(2), `job(${textOf(arg(0)?.value()) ?? ''})`),
          });
        } else if (name === 'run') emit('entry', span, { on: 'start', handler: { path: ['run'] } });
        return;
      }
      // `ctx.outbox.publish(tx, event, payload)`, and `outbox.publish` where `outbox` was taken out of the context.
      const of = callee.path.at(-2)?.replace(/@\d+$/, '');
      if (name === 'publish' && of === 'outbox' && arg(2)) {
        emit('publish', span, { topic: arg(1)?.value() ?? unknown, api: 'outbox.publish' });
      }
    },
  },
};

type Emit = Parameters<NonNullable<Recogniser['on']['call']>>[1];

const named = (expression: Expr | undefined, inPlace: string): Sym => {
  const value = expression?.is === 'function' ? undefined : expression?.value();
  return value?.k === 'ref' ? value.sym : { path: [inPlace] };
};

function contract(name: Expr | undefined, shape: Expr | undefined, span: readonly [number, number], emit: Emit): void {
  emit('module-declaration', span, {
    name: name?.value() ?? unknown,
    operations: keysOf(shape?.prop('operations')),
    events: keysOf(shape?.prop('events')),
    requires: [],
  });
}

function moduleOf(shape: Expr | undefined, span: readonly [number, number], emit: Emit): void {
  const requires = valueOr(option(shape, 'requires'), { k: 'obj', of: {}, open: false });
  const syms =
    requires.k === 'ref'
      ? [requires.sym]
      : requires.k === 'obj'
        ? Object.values(requires.of).flatMap((value) => (value.k === 'ref' ? [value.sym] : []))
        : [];
  emit('module-declaration', span, {
    name: valueOr(option(shape, 'contract'), unknown),
    operations: [],
    events: [],
    requires: syms,
  });
}

function keysOf(of: Expr | 'absent' | 'unknown' | undefined): readonly string[] {
  const value = typeof of === 'object' ? of.value() : undefined;
  return value?.k === 'obj' ? Object.keys(value.of) : [];
}
