import { defineContract, event, operation, type Static, Type } from '@news-desk/platform/contract';

const id = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Counts the changes; over HTTP it begins the `ETag` of an answer and is the `If-Match` of an update. */
const version = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time' });

/** What other modules and HTTP clients see; how it is stored is private to this module. */
export const personSchema = Type.Object({
  id,
  name,
  quantity,
  newsId: id,
  /** When the background job indexed this version; null until then. */
  indexedAt: Type.Union([time, Type.Null()]),
  version,
  createdAt: time,
  updatedAt: time,
});
export type Person = Static<typeof personSchema>;

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
export const peopleContract = defineContract('people', {
  operations: {
    createPerson: operation({
      method: 'POST',
      path: '/people',
      summary: 'Create one',
      scope: 'people:write',
      input: Type.Object({
        name,
        quantity,
        newsId: id,
      }),
      output: personSchema,
      status: 201,
      errors: {
        blankName: 422,
        unknownNews: 422,
      },
      idempotent: true,
    }),
    getPerson: operation({
      method: 'GET',
      path: '/people/{id}',
      summary: 'Get one',
      scope: 'people:read',
      input: Type.Object({ id }),
      output: personSchema,
      errors: { notFound: 404 },
    }),
    listPeople: operation({
      method: 'GET',
      path: '/people',
      summary: 'List, newest first, a page at a time',
      scope: 'people:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        cursor: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      output: Type.Object({
        items: Type.Array(personSchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
      errors: { invalidCursor: 400 },
    }),
    updatePerson: operation({
      method: 'PATCH',
      path: '/people/{id}',
      summary: 'Change some fields',
      scope: 'people:write',
      input: Type.Object({ id, version, name: Type.Optional(name), quantity: Type.Optional(quantity) }),
      output: personSchema,
      errors: { notFound: 404, staleVersion: 412, blankName: 422 },
    }),
    deletePerson: operation({
      method: 'DELETE',
      path: '/people/{id}',
      summary: 'Delete one',
      scope: 'people:write',
      input: Type.Object({ id }),
      errors: { notFound: 404 },
    }),
    reservePerson: operation({
      method: 'PUT',
      path: '/people/{id}/reservations/{reservationId}',
      summary: 'Hold a quantity until it is confirmed or released; after 15 minutes it is released',
      scope: 'people:write',
      input: Type.Object({ id, reservationId: id, quantity }),
      output: reservation,
      errors: { notEnough: 409, reservationReleased: 409 },
    }),
    confirmPersonReservation: operation({
      method: 'PUT',
      path: '/people/{id}/reservations/{reservationId}/confirmation',
      summary: 'Keep what was reserved',
      scope: 'people:write',
      input: Type.Object({ id, reservationId: id }),
      output: reservation,
      errors: { notFound: 404, reservationReleased: 409 },
    }),
    releasePersonReservation: operation({
      method: 'DELETE',
      path: '/people/{id}/reservations/{reservationId}',
      summary: 'Give back what was reserved, confirmed or not',
      scope: 'people:write',
      input: Type.Object({ id, reservationId: id }),
    }),
    placePerson: operation({
      method: 'PUT',
      path: '/people/{id}/placement',
      summary: 'Reserve its quantity in every module that it refers to: in all of them or in none',
      scope: 'people:write',
      input: Type.Object({ id }),
      output: placement,
      status: 202,
      errors: { notFound: 404 },
    }),
    getPersonPlacement: operation({
      method: 'GET',
      path: '/people/{id}/placement',
      summary: 'How far its placement is',
      scope: 'people:read',
      input: Type.Object({ id }),
      output: placement,
      errors: { notFound: 404 },
    }),
    getPeopleActivity: operation({
      method: 'GET',
      path: '/activity',
      summary: 'How many events of each topic this module has processed',
      scope: 'people:read',
      input: Type.Object({}),
      output: Type.Object({ counts: Type.Record(Type.String(), Type.Integer()) }),
    }),
  },
  events: {
    personCreated: event({ version: 1, payload: change }),
    personUpdated: event({ version: 1, payload: change }),
    personDeleted: event({ version: 1, payload: Type.Object({ id }) }),
  },
});
