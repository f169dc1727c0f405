import type { Expr, Recogniser } from '../language.ts';
import { result, unknown } from '../tree-sitter/views.ts';

/**
 * Spring's RestTemplate. It has no timeout of its own: `new RestTemplate()` waits for ever, one with a request factory
 * may not. A builder's result has the timeouts that its chain sets.
 */
export const restTemplate: Recogniser = {
  id: 'java/rest-template',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: {
    imports: ['org.springframework.web.client.RestTemplate', 'org.springframework.boot.web.client.RestTemplateBuilder'],
  },
  on: {
    create({ callee, span, assignedTo, arg }, emit) {
      if (callee.path.at(-1) !== 'RestTemplate') return;
      emit('client-default', span, {
        client: assignedTo ?? result(callee),
        timeout: takesFactory(arg(0)) ? unknown : 'absent',
      });
    },
    call({ callee, receiver, receiverType, span, assignedTo, arg }, emit) {
      const name = callee.path.at(-1) ?? '';
      const type = receiverType?.path.at(-1);
      if (type === 'RestTemplateBuilder' && name === 'build' && assignedTo) {
        const limited = receiver?.path.some((step) => /^(set)?(connectTimeout|readTimeout|requestFactory)/i.test(step));
        const inline = receiver?.path.includes('()');
        emit('client-default', span, { client: assignedTo, timeout: limited || !inline ? unknown : 'absent' });
      }
      if (!receiver || type !== 'RestTemplate') return;
      if (name === 'setRequestFactory') emit('client-default', span, { client: receiver, timeout: unknown });
      const verb = /^(get|post|put|delete|patch|head|options|exchange|execute)/.exec(name)?.[1];
      if (!verb || !/^(getFor|postFor|patchFor|headFor|optionsFor|put$|delete$|exchange$|execute$)/.test(name)) return;
      emit('remote-call', span, {
        api: `RestTemplate.${verb}`,
        target: arg(0)?.value() ?? unknown,
        timeout: 'client',
        client: receiver,
      });
    },
  },
};

/** `new RestTemplate(requestFactory)` may limit; a list of message converters does not. */
const takesFactory = (argument: Expr | undefined): boolean => argument !== undefined && argument.is !== 'literal';
