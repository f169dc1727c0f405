import type { Recogniser } from '../language.ts';
import { emitRoute, isText, probeOf, textOf, unknown } from '../recognise.ts';

const mapping = /^(Get|Post|Put|Patch|Delete|Request)Mapping$/;
const web = 'org.springframework.web.bind.annotation';

/** Spring MVC and Spring Boot: routes, health routes, message listeners, schedules, and the start of a program. */
export const spring: Recogniser = {
  id: 'java/spring',
  version: 1,
  emits: ['entry', 'probe', 'subscribe'],
  when: { text: /org\.springframework\./ },
  on: {
    annotation({ name, on, span, arg }, emit) {
      const annotation = name.path.at(-1) ?? '';
      const verb = name.from?.startsWith(web) || name.from === undefined ? mapping.exec(annotation)?.[1] : undefined;
      const path = (arg('value') ?? arg('path'))?.value() ?? unknown;
      const first = path.k === 'list' ? (path.of[0] ?? unknown) : path;
      if (verb && on.path.length > 1) {
        emitRoute(emit, span, { method: verb === 'Request' ? 'ALL' : verb.toUpperCase(), path: first, handler: on });
      } else if (verb && isText(first)) {
        const checks = probeOf(first.v);
        if (checks) emit('probe', span, { checks, path: first.v });
      } else if (annotation === 'SpringBootApplication') {
        emit('entry', span, { on: 'start', handler: on });
      } else if (/^(?:KafkaListener|RabbitListener|JmsListener|SqsListener)$/.test(annotation)) {
        const topics = (arg('topics') ?? arg('queues') ?? arg('destination') ?? arg('value'))?.value() ?? unknown;
        const topic = topics.k === 'list' ? (topics.of[0] ?? unknown) : topics;
        emit('entry', span, { on: 'message', path: topic, handler: on });
        emit('subscribe', span, { topic, api: annotation });
      } else if (annotation === 'Scheduled') {
        const cron = arg('cron')?.value();
        emit('entry', span, { on: 'schedule', ...(textOf(cron) && cron && { path: cron }), handler: on });
      }
    },
  },
};
