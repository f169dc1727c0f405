import type { Span, Sym, Value } from '../../model/facts.ts';
import type { Emit, Expr, Recogniser } from '../language.ts';
import { unknown } from '../recognise.ts';
import { result } from '../tree-sitter/views.ts';

/** What is injected where a `RestTemplate` is asked for: whatever a factory method (`@Bean`) of the program makes. */
const injected: Sym = { from: 'org.springframework.web.client.RestTemplate', path: ['RestTemplate'] };

/**
 * Spring's RestTemplate. It has no timeout of its own: `new RestTemplate()` waits for ever, one with a request factory
 * may not. A builder's result has the timeouts that its chain sets, and Spring Boot's own builder sets none.
 */
export const restTemplate: Recogniser = {
  id: 'java/rest-template',
  version: 2,
  emits: ['remote-call', 'client-default'],
  when: {
    imports: ['org.springframework.web.client.RestTemplate', 'org.springframework.boot.web.client.RestTemplateBuilder'],
  },
  on: {
    create({ callee, span, assignedTo, arg }, emit) {
      if (callee.path.at(-1) !== 'RestTemplate') return;
      made(emit, span, assignedTo ?? result(callee), takesFactory(arg(0)) ? unknown : 'absent');
    },
    call({ callee, receiver, receiverType, span, assignedTo, arg }, emit) {
      const name = callee.path.at(-1) ?? '';
      const type = receiverType?.path.at(-1);
      if (type === 'RestTemplateBuilder' && name === 'build' && assignedTo) {
        const limited = receiver?.path.some((step) =>
          /^(?:set)?(?:connectTimeout|readTimeout|requestFactory)/i.test(step),
        );
        made(emit, span, assignedTo, limited ? unknown : 'absent');
      }
      if (!receiver || type !== 'RestTemplate') return;
      if (name === 'setRequestFactory') emit('client-default', span, { client: receiver, timeout: unknown });
      const verb = /^(?:(get|post|patch|head|options)(?:For\w+)|(put|delete|exchange|execute))$/.exec(name);
      const method = verb?.[1] ?? verb?.[2];
      if (!method) return;
      emit('remote-call', span, {
        api: `RestTemplate.${method}`,
        target: arg(0)?.value() ?? unknown,
        ...(!/^ex/.test(method) && { method: method.toUpperCase() }),
        timeout: 'client',
        client: receiver,
      });
    },
  },
};

function made(emit: Emit, span: Span, client: Sym, timeout: Value | 'absent'): void {
  emit('client-default', span, { client, timeout });
  // `return new RestTemplate()` of a method whose name stands before the `()`.
  const isFactory = client.from === undefined && client.path.at(-1) === '()';
  if (isFactory) emit('client-default', span, { client: injected, timeout });
}

/** `new RestTemplate(requestFactory)` may limit; `new RestTemplate(null)` does not. */
const takesFactory = (argument: Expr | undefined): boolean => argument !== undefined && argument.is !== 'literal';
