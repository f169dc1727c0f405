import type { Span, Sym, Value } from '../../model/facts.ts';
import type { Emit, Expr, Recogniser, Views } from '../language.ts';
import { exported, isFrom, option, textOf, unknown } from '../recognise.ts';

const verbs = /^(?:get|delete|head|options|post|put|patch|postForm|putForm|patchForm|request)$/;
const withBody = /^(?:post|put|patch)/;
/** The instance behind `axios.get`, whose defaults are `axios.defaults`. */
const shared: Sym = { from: 'axios', path: ['default'] };
/** Injected wherever a NestJS module imports `HttpModule`; its defaults come from `HttpModule.register`. */
const service: Sym = { from: '@nestjs/axios', path: ['HttpService'] };

/** axios, and `HttpService` of `@nestjs/axios` around it. Its default timeout is 0: it waits for ever. */
export const axios: Recogniser = {
  id: 'typescript/axios',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: ['axios', '@nestjs/axios'] },
  on: {
    call(view, emit) {
      const { callee, span, assignedTo, arg } = view;
      const path = exported(callee).join('.');
      if (callee.from === '@nestjs/axios' && path === 'HttpModule.register') {
        emit('client-default', span, { client: service, timeout: timeoutOf(arg(0)) });
      } else if (callee.from === '@nestjs/axios' && path === 'HttpModule.registerAsync') {
        emit('client-default', span, { client: service, timeout: unknown });
      } else if (callee.from === 'axios' && path === 'create') {
        const client = assignedTo ?? { ...callee, path: [...callee.path, '()'] };
        emit('client-default', span, { client, timeout: timeoutOf(arg(0)) });
      } else if (callee.from === 'axios' && path === '') {
        // `axios(config)` or `axios(url, config)`
        request({ api: 'axios', client: shared, config: arg(1) ?? arg(0), url: arg(0), span }, emit);
      } else boundCall(view, emit);
    },
    /** `axios.defaults.timeout = 5000`, `client.defaults.timeout = 5000`. */
    assign({ span, target, value }, emit) {
      if (target.path.slice(-2).join('.') !== 'defaults.timeout') return;
      const of = { ...target, path: target.path.slice(0, -2) };
      const client = of.from === 'axios' && exported(of).length === 0 ? shared : of;
      emit('client-default', span, { client, timeout: value.value() });
    },
  },
};

function boundCall({ callee, receiver, receiverType, span, arg }: Views['call'], emit: Emit): void {
  const name = callee.path.at(-1) ?? '';
  const client = verbs.test(name) ? clientOf(callee, receiver, receiverType) : undefined;
  if (!client) return;
  const config = name === 'request' ? arg(0) : arg(withBody.test(name) ? 2 : 1);
  const method = name === 'request' ? undefined : name.replace('Form', '').toUpperCase();
  request(
    { api: `${client === service ? 'HttpService' : 'axios'}.${name}`, client, config, method, url: arg(0), span },
    emit,
  );
}

/** Whose defaults a call inherits; undefined for a call of something else. */
function clientOf(callee: Sym, receiver: Sym | undefined, type: Sym | undefined): Sym | undefined {
  if (callee.from === 'axios' && exported(callee).length === 1) return shared;
  if ((type?.from === '@nestjs/axios' && type.path.at(-1) === 'HttpService') || callee.path.at(-2) === 'axiosRef')
    return service;
  const made = type ?? (receiver?.from === 'axios' ? receiver : undefined);
  if (!isFrom(made, 'axios')) return undefined;
  const isInstance =
    /^(?:Axios|AxiosInstance|AxiosStatic)$/.test(made.path.at(-1) ?? '') || made.path.slice(-2).join() === 'create,()';
  return isInstance || exported(made).length === 0 ? receiver : undefined;
}

interface Request {
  readonly api: string;
  readonly client: Sym;
  readonly config: Expr | undefined;
  readonly method?: string | undefined;
  readonly url: Expr | undefined;
  readonly span: Span;
}

function request({ api, client, config, method, url, span }: Request, emit: Emit): void {
  const target = url?.is === 'object' || (url !== undefined && url === config) ? option(config, 'url') : url?.value();
  const verb = method ?? textOf(option(config, 'method'))?.toUpperCase();
  const own = timeoutOf(config);
  if ((client === shared || client === service) && own === 'absent') {
    emit('client-default', span, { client, timeout: 'absent' });
  }
  emit('remote-call', span, {
    api,
    target: target === 'absent' || target === undefined ? unknown : target,
    ...(verb && { method: verb }),
    timeout: own === 'absent' ? 'client' : own,
    client,
  });
}

const timeoutOf = (config: Expr | undefined): Value | 'absent' => option(config, 'timeout', 'signal', 'cancelToken');
