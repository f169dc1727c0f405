import type { Sym, Value } from '../../model/facts.ts';
import type { Emit, Expr, Recogniser } from '../language.ts';
import { exported, isFrom, option, textOf, unknown } from '../recognise.ts';

const verbs = /^(?:get|delete|head|options|post|put|patch|postForm|putForm|patchForm|request)$/;
const withBody = /^(?:post|put|patch)/;
/** The instance behind `axios.get`, whose defaults are `axios.defaults`. */
const shared: Sym = { from: 'axios', path: ['default'] };

/** axios, and `HttpService` of `@nestjs/axios` around it. Its default timeout is 0: it waits for ever. */
export const axios: Recogniser = {
  id: 'typescript/axios',
  version: 1,
  emits: ['remote-call', 'client-default'],
  when: { imports: ['axios', '@nestjs/axios'] },
  on: {
    call({ callee, receiver, receiverType, span, assignedTo, arg }, emit) {
      if (isFrom(callee, '@nestjs/axios')) {
        if (callee.path.join('.') === 'HttpModule.register') nestDefault(span, arg(0), emit);
        if (callee.path.join('.') === 'HttpModule.registerAsync') {
          emit('client-default', span, { client: { from: '@nestjs/axios', path: ['HttpService'] }, timeout: unknown });
        }
        return;
      }
      const direct = isFrom(callee, 'axios') && !callee.path.includes('()');
      const name = callee.path.at(-1) ?? '';
      if (direct && exported(callee).join('.') === 'create') {
        emit('client-default', span, {
          client: assignedTo ?? { ...callee, path: [...callee.path, '()'] },
          timeout: timeoutOf(arg(0)),
        });
        return;
      }
      if (direct && exported(callee).length === 0)
        return request({ api: 'axios', client: shared, config: configOf(arg(0), arg(1)), arg, span }, emit);
      if (!verbs.test(name)) return;
      const client = direct ? shared : receiver;
      if (!client || !(direct || isClient(receiverType) || isClient(callee))) return;
      const api = `${receiverType?.from === '@nestjs/axios' ? 'HttpService' : 'axios'}.${name}`;
      const config = name === 'request' ? arg(0) : arg(withBody.test(name) ? 2 : 1);
      request(
        {
          api,
          client,
          config,
          arg,
          span,
          ...(name !== 'request' && { method: name.replace('Form', '').toUpperCase() }),
        },
        emit,
      );
    },
    /** `axios.defaults.timeout = 5000`, `client.defaults.timeout = 5000`. */
    assign({ span, target, value }, emit) {
      if (target.path.slice(-2).join('.') !== 'defaults.timeout') return;
      const of = { ...target, path: target.path.slice(0, -2) };
      emit('client-default', span, {
        client: isFrom(of, 'axios') && exported(of).length === 0 ? shared : of,
        timeout: value.value(),
      });
    },
  },
};

const isClient = (type: Sym | undefined): boolean =>
  isFrom(type, ['axios', '@nestjs/axios']) &&
  /^(?:AxiosInstance|Axios|AxiosStatic|HttpService|axiosRef|\(\)|default)$/.test(
    type.path.at(type.path.includes('()') ? type.path.indexOf('()') : -1) ?? 'default',
  );

interface Request {
  readonly api: string;
  readonly client: Sym;
  readonly config: Expr | undefined;
  readonly method?: string;
  readonly span: readonly [number, number];
  arg(i: number): Expr | undefined;
}

function request({ api, client, config, method, span, arg }: Request, emit: Emit): void {
  const first = arg(0);
  const url = first?.is === 'object' || config === first ? option(config, 'url') : (first?.value() ?? unknown);
  const verb = method ?? textOf(option(config, 'method'))?.toUpperCase();
  const own = timeoutOf(config);
  if (client === shared && own === 'absent') emit('client-default', span, { client, timeout: 'absent' });
  emit('remote-call', span, {
    api,
    target: url === 'absent' ? unknown : url,
    ...(verb && { method: verb }),
    timeout: own === 'absent' ? 'client' : own,
    client,
  });
}

/** `axios(config)` or `axios(url, config)`. */
const configOf = (first: Expr | undefined, second: Expr | undefined) =>
  second ?? (first?.is === 'literal' ? undefined : first);

const timeoutOf = (config: Expr | undefined): Value | 'absent' => option(config, 'timeout', 'signal', 'cancelToken');

function nestDefault(span: readonly [number, number], config: Expr | undefined, emit: Emit): void {
  emit('client-default', span, {
    client: { from: '@nestjs/axios', path: ['HttpService'] },
    timeout: timeoutOf(config),
  });
}
