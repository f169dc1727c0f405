import type { Sym } from '../../model/facts.ts';
import type { Recogniser } from '../language.ts';
import { exported, isFrom, option, unknown, valueOr } from '../recognise.ts';

const packages = ['mongodb', 'mongoose', '@nestjs/mongoose'];

/** The MongoDB driver and Mongoose: connections, and the database that code chooses on one. */
export const mongodb: Recogniser = {
  id: 'typescript/mongodb',
  version: 1,
  emits: ['connection', 'table'],
  when: { imports: packages },
  on: {
    create({ callee, span, assignedTo, arg }, emit) {
      if (!isFrom(callee, 'mongodb') || callee.path.at(-1) !== 'MongoClient') return;
      emit('connection', span, {
        engine: 'mongodb',
        url: arg(0)?.value() ?? unknown,
        ...(assignedTo && { client: assignedTo }),
      });
    },
    call({ callee, receiver, receiverType, span, arg }, emit) {
      const path = exported(callee);
      const name = path.at(-1) ?? '';
      const connects =
        (callee.from === 'mongodb' && path.join('.') === 'MongoClient.connect') ||
        (callee.from === 'mongoose' && path.length === 1 && /^(?:connect|createConnection)$/.test(name)) ||
        (callee.from === '@nestjs/mongoose' && path.join('.') === 'MongooseModule.forRoot');
      if (connects) {
        const database = option(arg(1), 'dbName');
        if (!arg(0)) return;
        emit('connection', span, {
          engine: 'mongodb',
          url: arg(0)?.value() ?? unknown,
          ...(database !== 'absent' && { database: valueOr(database, unknown) }),
        });
      } else if (name === 'db' && arg(0) && receiver && isClient(receiver, receiverType)) {
        emit('connection', span, {
          engine: 'mongodb',
          url: unknown,
          database: arg(0)?.value() ?? unknown,
          ...(receiver && { client: receiver }),
        });
      } else if (callee.from === 'mongoose' && path.join('.') === 'model') {
        const table = arg(2)?.value() ?? arg(0)?.value();
        if (table && arg(1)) emit('table', span, { name: table, op: 'map' });
      }
    },
  },
};

/** The client that `connect` hands to its callback has no type that syntax shows; its name tells. */
const isClient = (receiver: Sym, type: Sym | undefined): boolean =>
  type?.path.includes('MongoClient') || /client|conn|mongo/i.test(receiver.path.at(-1) ?? '');
