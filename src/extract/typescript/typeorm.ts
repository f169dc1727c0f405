import { own } from '../../model/own.ts';
import { urlFrom } from '../connections.ts';
import type { Emit, Expr, Recogniser } from '../language.ts';
import { exported, isFrom, option, text, textOf } from '../recognise.ts';

const names = {
  url: ['url'],
  host: ['host'],
  port: ['port'],
  database: ['database'],
  schema: ['schema'],
};
const ports: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27017,
  mssql: 1433,
};

/** TypeORM, alone and in NestJS: data sources and what they connect to; entities as mapped tables. */
export const typeorm: Recogniser = {
  id: 'typescript/typeorm',
  version: 1,
  emits: ['connection', 'table'],
  when: { imports: ['typeorm', '@nestjs/typeorm'] },
  on: {
    create({ callee, span, arg }, emit) {
      if (isFrom(callee, 'typeorm') && callee.path.at(-1) === 'DataSource') connection(arg(0), span, emit);
    },
    call({ callee, span, arg }, emit) {
      if (isFrom(callee, 'typeorm') && /^createConnections?$/.test(exported(callee).at(-1) ?? ''))
        connection(arg(0), span, emit);
      if (isFrom(callee, '@nestjs/typeorm') && callee.path.join('.') === 'TypeOrmModule.forRoot')
        connection(arg(0), span, emit);
    },
    annotation({ name, span, arg }, emit) {
      if (!isFrom(name, 'typeorm') || !/^(?:Entity|ViewEntity)$/.test(name.path.at(-1) ?? '')) return;
      const table = arg('0')?.is === 'object' ? arg('name')?.value() : arg('0')?.value();
      const schema = arg('schema')?.value();
      if (table) emit('table', span, { name: table, ...(schema && { schema }), op: 'map' });
    },
  },
};

/** Of a database that is a file (SQLite) there is one for each copy of the program: nothing to share. */
function connection(options: Expr | undefined, span: readonly [number, number], emit: Emit): void {
  const engine = textOf(option(options, 'type')) ?? 'sql';
  if (/sqlite|sqljs|expo/.test(engine)) return;
  const url = urlFrom(options, names, {
    engine,
    port: own(ports, engine),
    host: text('localhost'),
    database: undefined,
  });
  emit('connection', span, { engine: engine === 'mariadb' ? 'mysql' : engine, url });
}
