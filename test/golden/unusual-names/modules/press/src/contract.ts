import { defineContract, event, operation, type Static, Type } from '@news-desk/platform/contract';

const id = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Counts the changes; over HTTP it begins the `ETag` of an answer and is the `If-Match` of an update. */
const version = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time' });

/** What other modules and HTTP clients see; how it is stored is private to this module. */
export const newsSchema = Type.Object({
  id,
  name,
  quantity,
  /** When the background job indexed this version; null until then. */
  indexedAt: Type.Union([time, Type.Null()]),
  version,
  createdAt: time,
  updatedAt: time,
});
export type News = Static<typeof newsSchema>;

const change = Type.Object({ id, name, version });
const reservation = Type.Object({
  id,
  quantity,
  state: Type.Union([Type.Literal('held'), Type.Literal('confirmed'), Type.Literal('released')]),
});

/** The only public surface of this module: adding is compatible; removing or changing needs a new version. */
export const pressContract = defineContract('press', {
  operations: {
    createNews: operation({
      method: 'POST',
      path: '/news-items',
      summary: 'Create one',
      scope: 'press:write',
      input: Type.Object({
        name,
        quantity,
      }),
      output: newsSchema,
      status: 201,
      errors: {
        blankName: 422,
      },
      idempotent: true,
    }),
    getNews: operation({
      method: 'GET',
      path: '/news-items/{id}',
      summary: 'Get one',
      scope: 'press:read',
      input: Type.Object({ id }),
      output: newsSchema,
      errors: { notFound: 404 },
    }),
    listNewsItems: operation({
      method: 'GET',
      path: '/news-items',
      summary: 'List, newest first, a page at a time',
      scope: 'press:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        cursor: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      output: Type.Object({
        items: Type.Array(newsSchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
      errors: { invalidCursor: 400 },
    }),
    updateNews: operation({
      method: 'PATCH',
      path: '/news-items/{id}',
      summary: 'Change some fields',
      scope: 'press:write',
      input: Type.Object({ id, version, name: Type.Optional(name), quantity: Type.Optional(quantity) }),
      output: newsSchema,
      errors: { notFound: 404, staleVersion: 412, blankName: 422 },
    }),
    deleteNews: operation({
      method: 'DELETE',
      path: '/news-items/{id}',
      summary: 'Delete one',
      scope: 'press:write',
      input: Type.Object({ id }),
      errors: { notFound: 404 },
    }),
    reserveNews: operation({
      method: 'PUT',
      path: '/news-items/{id}/reservations/{reservationId}',
      summary: 'Hold a quantity until it is confirmed or released; after 15 minutes it is released',
      scope: 'press:write',
      input: Type.Object({ id, reservationId: id, quantity }),
      output: reservation,
      errors: { notEnough: 409, reservationReleased: 409 },
    }),
    confirmNewsReservation: operation({
      method: 'PUT',
      path: '/news-items/{id}/reservations/{reservationId}/confirmation',
      summary: 'Keep what was reserved',
      scope: 'press:write',
      input: Type.Object({ id, reservationId: id }),
      output: reservation,
      errors: { notFound: 404, reservationReleased: 409 },
    }),
    releaseNewsReservation: operation({
      method: 'DELETE',
      path: '/news-items/{id}/reservations/{reservationId}',
      summary: 'Give back what was reserved, confirmed or not',
      scope: 'press:write',
      input: Type.Object({ id, reservationId: id }),
    }),
    getPressActivity: operation({
      method: 'GET',
      path: '/activity',
      summary: 'How many events of each topic this module has processed',
      scope: 'press:read',
      input: Type.Object({}),
      output: Type.Object({ counts: Type.Record(Type.String(), Type.Integer()) }),
    }),
  },
  events: {
    newsCreated: event({ version: 1, payload: change }),
    newsUpdated: event({ version: 1, payload: change }),
    newsDeleted: event({ version: 1, payload: Type.Object({ id }) }),
  },
});
