import type { Value } from '../../model/facts.ts';
import { urlFrom } from '../connections.ts';
import type { Recogniser } from '../language.ts';
import { exported, isFrom, text } from '../recognise.ts';

const env = (name: string, or?: Value): Value => ({ k: 'env', name, ...(or && { or }) });

/** node-postgres and Postgres.js: pools and clients; what is not given comes from `PGHOST`, `PGPORT`, `PGDATABASE`. */
export const pg: Recogniser = {
  id: 'typescript/pg',
  version: 1,
  emits: ['connection'],
  when: { imports: ['pg', 'postgres', 'pg-pool', 'pg-promise'] },
  on: {
    create({ callee, span, arg }, emit) {
      if (!isFrom(callee, ['pg', 'pg-pool']) || !/^(?:Pool|Client|default|)$/.test(callee.path.at(-1) ?? '')) return;
      emit('connection', span, { engine: 'postgres', url: connectionOf(arg(0)) });
    },
    call({ callee, span, arg }, emit) {
      if (!isFrom(callee, 'postgres') || exported(callee).length > 0) return;
      emit('connection', span, { engine: 'postgres', url: connectionOf(arg(0)) });
    },
  },
};

function connectionOf(options: Parameters<typeof urlFrom>[0]): Value {
  // `new Client('postgres://…')`; a name or a call may be a string or options.
  if (options && options.is !== 'object') {
    const value = options.value();
    if (value.k !== 'obj' && value.k !== 'unknown') return value;
  }
  return urlFrom(
    options,
    { url: ['connectionString'], host: ['host', 'hostname'], port: ['port'], database: ['database', 'db'] },
    { engine: 'postgres', port: 5432, host: env('PGHOST', text('localhost')), database: env('PGDATABASE') },
  );
}
