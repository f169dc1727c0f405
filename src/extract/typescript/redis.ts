import { concat } from '../concat.ts';
import { urlFrom } from '../connections.ts';
import type { Recogniser } from '../language.ts';
import { exported, isFrom, option, text } from '../recognise.ts';

const packages = ['ioredis', 'redis', '@redis/client', 'iovalkey'];
const names = { url: ['url', 'path'], host: ['host'], port: ['port'], database: ['db', 'database'] };
const defaults = { engine: 'redis', port: 6379, host: text('localhost'), database: undefined };

/** ioredis and node-redis: connections. */
export const redis: Recogniser = {
  id: 'typescript/redis',
  version: 1,
  emits: ['connection'],
  when: { imports: packages },
  on: {
    create({ callee, span, arg }, emit) {
      if (!isFrom(callee, ['ioredis', 'iovalkey']) || !/^(?:Redis|Valkey|default|)$/.test(callee.path.at(-1) ?? ''))
        return;
      const [first, second] = [arg(0), arg(1)];
      const value = first?.value();
      const url =
        first === undefined || first.is === 'object'
          ? urlFrom(first, names, defaults)
          : second !== undefined && second.is !== 'object' && value
            ? concat([text('redis://'), second.value(), text(':'), value])
            : (value ?? text(''));
      emit('connection', span, { engine: 'redis', url });
    },
    call({ callee, span, arg }, emit) {
      if (!isFrom(callee, ['redis', '@redis/client']) || exported(callee).join('.') !== 'createClient') return;
      const socket = arg(0)?.prop('socket');
      const url =
        option(arg(0), 'url') === 'absent' && typeof socket === 'object'
          ? urlFrom(socket, names, defaults)
          : urlFrom(arg(0), names, defaults);
      emit('connection', span, { engine: 'redis', url });
    },
  },
};
