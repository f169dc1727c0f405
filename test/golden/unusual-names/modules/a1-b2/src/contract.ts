import { defineContract, event, operation, type Static, Type } from '@news-desk/platform/contract';

const id = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Counts the changes; over HTTP it begins the `ETag` of an answer and is the `If-Match` of an update. */
const version = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time' });

/** What other modules and HTTP clients see; how it is stored is private to this module. */
export const boxSchema = Type.Object({
  id,
  name,
  quantity,
  personId: id,
  newsId: id,
  /** When the background job indexed this version; null until then. */
  indexedAt: Type.Union([time, Type.Null()]),
  version,
  createdAt: time,
  updatedAt: time,
});
export type Box = Static<typeof boxSchema>;

const change = Type.Object({ id, name, version });
const reservation = Type.Object({
  id,
  quantity,
  state: Type.Union([Type.Literal('held'), Type.Literal('confirmed'), Type.Literal('released')]),
});
const placement = Type.Object({
  state: Type.Union([Type.Literal('placing'), Type.Literal('placed'), Type.Literal('refused')]),
  /** The problem with which a module refused, or `timeout`. */
  refusal: Type.Union([Type.String(), Type.Null()]),
});

/** The only public surface of this module: adding is compatible; removing or changing needs a new version. */
export const a1B2Contract = defineContract('a1-b2', {
  operations: {
    createBox: operation({
      method: 'POST',
      path: '/boxes',
      summary: 'Create one',
      scope: 'a1-b2:write',
      input: Type.Object({
        name,
        quantity,
        personId: id,
        newsId: id,
      }),
      output: boxSchema,
      status: 201,
      errors: {
        blankName: 422,
        unknownPerson: 422,
        unknownNews: 422,
      },
      idempotent: true,
    }),
    getBox: operation({
      method: 'GET',
      path: '/boxes/{id}',
      summary: 'Get one',
      scope: 'a1-b2:read',
      input: Type.Object({ id }),
      output: boxSchema,
      errors: { notFound: 404 },
    }),
    listBoxes: operation({
      method: 'GET',
      path: '/boxes',
      summary: 'List, newest first, a page at a time',
      scope: 'a1-b2:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        cursor: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      output: Type.Object({
        items: Type.Array(boxSchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
      errors: { invalidCursor: 400 },
    }),
    updateBox: operation({
      method: 'PATCH',
      path: '/boxes/{id}',
      summary: 'Change some fields',
      scope: 'a1-b2:write',
      input: Type.Object({ id, version, name: Type.Optional(name), quantity: Type.Optional(quantity) }),
      output: boxSchema,
      errors: { notFound: 404, staleVersion: 412, blankName: 422 },
    }),
    deleteBox: operation({
      method: 'DELETE',
      path: '/boxes/{id}',
      summary: 'Delete one',
      scope: 'a1-b2:write',
      input: Type.Object({ id }),
      errors: { notFound: 404 },
    }),
    reserveBox: operation({
      method: 'PUT',
      path: '/boxes/{id}/reservations/{reservationId}',
      summary: 'Hold a quantity until it is confirmed or released; after 15 minutes it is released',
      scope: 'a1-b2:write',
      input: Type.Object({ id, reservationId: id, quantity }),
      output: reservation,
      errors: { notEnough: 409, reservationReleased: 409 },
    }),
    confirmBoxReservation: operation({
      method: 'PUT',
      path: '/boxes/{id}/reservations/{reservationId}/confirmation',
      summary: 'Keep what was reserved',
      scope: 'a1-b2:write',
      input: Type.Object({ id, reservationId: id }),
      output: reservation,
      errors: { notFound: 404, reservationReleased: 409 },
    }),
    releaseBoxReservation: operation({
      method: 'DELETE',
      path: '/boxes/{id}/reservations/{reservationId}',
      summary: 'Give back what was reserved, confirmed or not',
      scope: 'a1-b2:write',
      input: Type.Object({ id, reservationId: id }),
    }),
    placeBox: operation({
      method: 'PUT',
      path: '/boxes/{id}/placement',
      summary: 'Reserve its quantity in every module that it refers to: in all of them or in none',
      scope: 'a1-b2:write',
      input: Type.Object({ id }),
      output: placement,
      status: 202,
      errors: { notFound: 404 },
    }),
    getBoxPlacement: operation({
      method: 'GET',
      path: '/boxes/{id}/placement',
      summary: 'How far its placement is',
      scope: 'a1-b2:read',
      input: Type.Object({ id }),
      output: placement,
      errors: { notFound: 404 },
    }),
    getA1B2Activity: operation({
      method: 'GET',
      path: '/activity',
      summary: 'How many events of each topic this module has processed',
      scope: 'a1-b2:read',
      input: Type.Object({}),
      output: Type.Object({ counts: Type.Record(Type.String(), Type.Integer()) }),
    }),
  },
  events: {
    boxCreated: event({ version: 1, payload: change }),
    boxUpdated: event({ version: 1, payload: change }),
    boxDeleted: event({ version: 1, payload: Type.Object({ id }) }),
  },
});
