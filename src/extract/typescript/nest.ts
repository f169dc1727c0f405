import type { Recogniser } from '../language.ts';
import { emitRoute, isFrom, probeOf, text, textOf, unknown } from '../recognise.ts';

const packages = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/microservices',
  '@nestjs/schedule',
  '@nestjs/terminus',
  '@nestjs/graphql',
  '@nestjs/bull',
  '@nestjs/bullmq',
  '@nestjs/websockets',
];
const verbs = /^(?:Get|Post|Put|Patch|Delete|Head|Options|All)$/;

/** NestJS: what its decorators make of a method (route, message handler, schedule, resolver), and the start of a program. */
export const nest: Recogniser = {
  id: 'typescript/nest',
  version: 1,
  emits: ['entry', 'probe', 'subscribe'],
  when: { imports: packages },
  on: {
    annotation({ name, on, span, arg }, emit) {
      if (!isFrom(name, packages)) return;
      const decorator = name.path.at(-1) ?? '';
      const first = arg('0');
      const topic = first?.value() ?? unknown;
      if (name.from === '@nestjs/common') {
        if (verbs.test(decorator)) {
          emitRoute(emit, span, { method: decorator.toUpperCase(), path: first?.value() ?? text('/'), handler: on });
        } else if (decorator === 'Controller') {
          const path = textOf(first?.is === 'object' ? arg('path')?.value() : topic);
          const kind = path === undefined ? undefined : probeOf(`/${path.replace(/^\//, '')}`);
          if (kind && path !== undefined) emit('probe', span, { checks: kind, path: `/${path.replace(/^\//, '')}` });
        }
      } else if (name.from === '@nestjs/microservices' && /^(?:MessagePattern|EventPattern)$/.test(decorator)) {
        emit('entry', span, { on: 'message', path: topic, handler: on });
        emit('subscribe', span, { topic, api: decorator });
      } else if (name.from === '@nestjs/microservices' && /^Grpc(?:Stream)?Method$/.test(decorator)) {
        emit('entry', span, { on: 'http', method: 'RPC', handler: on });
      } else if (name.from === '@nestjs/schedule' && /^(?:Cron|Interval|Timeout)$/.test(decorator)) {
        emit('entry', span, { on: 'schedule', path: topic, handler: on });
      } else if (name.from === '@nestjs/graphql' && /^(?:Query|Mutation|Subscription)$/.test(decorator)) {
        emit('entry', span, { on: 'http', method: decorator.toUpperCase(), handler: on });
      } else if (/^@nestjs\/bull(?:mq)?$/.test(name.from ?? '') && /^(?:Process|Processor)$/.test(decorator)) {
        emit('entry', span, { on: 'message', path: topic, handler: on });
        if (decorator === 'Processor') emit('subscribe', span, { topic, api: decorator });
      } else if (name.from === '@nestjs/websockets' && decorator === 'SubscribeMessage') {
        emit('entry', span, { on: 'message', path: topic, handler: on });
      } else if (name.from === '@nestjs/terminus' && decorator === 'HealthCheck') {
        emit('probe', span, { checks: 'health' });
      }
    },
    call({ callee, receiverType, span }, emit) {
      const factory = isFrom(receiverType, '@nestjs/core') && receiverType.path[0] === 'NestFactory';
      const typed =
        isFrom(receiverType, ['@nestjs/common', '@nestjs/platform-express', '@nestjs/platform-fastify']) &&
        /Application$/.test(receiverType.path.at(-1) ?? '');
      const name = callee.path.at(-1);
      if ((factory || typed) && (name === 'listen' || name === 'startAllMicroservices')) {
        emit('entry', span, { on: 'start', handler: { path: [name] } });
      }
      if (isFrom(callee, '@nestjs/core') && callee.path.join('.') === 'NestFactory.createApplicationContext') {
        emit('entry', span, { on: 'start', handler: { path: ['createApplicationContext'] } });
      }
    },
  },
};
