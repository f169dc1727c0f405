import { urlFrom } from '../connections.ts';
import type { Recogniser } from '../language.ts';
import { isFrom, isText, text } from '../recognise.ts';

const packages = ['mysql', 'mysql2', 'mysql2/promise', 'mariadb'];

/** mysql, mysql2 and mariadb: connections and pools. */
export const mysql: Recogniser = {
  id: 'typescript/mysql',
  version: 1,
  emits: ['connection'],
  when: { imports: packages },
  on: {
    call({ callee, span, arg }, emit) {
      if (!isFrom(callee, packages) || !/^create(?:Connection|Pool)$/.test(callee.path.at(-1) ?? '')) return;
      const value = arg(0)?.value();
      const names = { url: ['uri', 'url'], host: ['host'], port: ['port'], database: ['database'] };
      const url =
        value && (isText(value) || value.k === 'env' || value.k === 'cat')
          ? value
          : urlFrom(arg(0), names, { engine: 'mysql', port: 3306, host: text('localhost'), database: undefined });
      emit('connection', span, { engine: 'mysql', url });
    },
  },
};
