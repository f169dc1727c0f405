import { defineContract, event, operation, type Static, Type } from '@shop/platform/contract';

const id = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Counts the changes; over HTTP it begins the `ETag` of an answer and is the `If-Match` of an update. */
const version = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time' });

/** What other modules and HTTP clients see; how it is stored is private to this module. */
export const productSchema = Type.Object({
  id,
  name,
  quantity,
  /** When the background job indexed this version; null until then. */
  indexedAt: Type.Union([time, Type.Null()]),
  version,
  createdAt: time,
  updatedAt: time,
});
export type Product = Static<typeof productSchema>;

const change = Type.Object({ id, name, version });
const reservation = Type.Object({
  id,
  quantity,
  state: Type.Union([Type.Literal('held'), Type.Literal('confirmed'), Type.Literal('released')]),
});

/** The only public surface of this module: adding is compatible; removing or changing needs a new version. */
export const catalogContract = defineContract('catalog', {
  operations: {
    createProduct: operation({
      method: 'POST',
      path: '/products',
      summary: 'Create one',
      scope: 'catalog:write',
      input: Type.Object({
        name,
        quantity,
      }),
      output: productSchema,
      status: 201,
      errors: {
        blankName: 422,
      },
      idempotent: true,
    }),
    getProduct: operation({
      method: 'GET',
      path: '/products/{id}',
      summary: 'Get one',
      scope: 'catalog:read',
      input: Type.Object({ id }),
      output: productSchema,
      errors: { notFound: 404 },
    }),
    listProducts: operation({
      method: 'GET',
      path: '/products',
      summary: 'List, newest first, a page at a time',
      scope: 'catalog:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        cursor: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      output: Type.Object({
        items: Type.Array(productSchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
      errors: { invalidCursor: 400 },
    }),
    updateProduct: operation({
      method: 'PATCH',
      path: '/products/{id}',
      summary: 'Change some fields',
      scope: 'catalog:write',
      input: Type.Object({ id, version, name: Type.Optional(name), quantity: Type.Optional(quantity) }),
      output: productSchema,
      errors: { notFound: 404, staleVersion: 412, blankName: 422 },
    }),
    deleteProduct: operation({
      method: 'DELETE',
      path: '/products/{id}',
      summary: 'Delete one',
      scope: 'catalog:write',
      input: Type.Object({ id }),
      errors: { notFound: 404 },
    }),
    reserveProduct: operation({
      method: 'PUT',
      path: '/products/{id}/reservations/{reservationId}',
      summary: 'Hold a quantity until it is confirmed or released; after 15 minutes it is released',
      scope: 'catalog:write',
      input: Type.Object({ id, reservationId: id, quantity }),
      output: reservation,
      errors: { notEnough: 409, reservationReleased: 409 },
    }),
    confirmProductReservation: operation({
      method: 'PUT',
      path: '/products/{id}/reservations/{reservationId}/confirmation',
      summary: 'Keep what was reserved',
      scope: 'catalog:write',
      input: Type.Object({ id, reservationId: id }),
      output: reservation,
      errors: { notFound: 404, reservationReleased: 409 },
    }),
    releaseProductReservation: operation({
      method: 'DELETE',
      path: '/products/{id}/reservations/{reservationId}',
      summary: 'Give back what was reserved, confirmed or not',
      scope: 'catalog:write',
      input: Type.Object({ id, reservationId: id }),
    }),
    getCatalogActivity: operation({
      method: 'GET',
      path: '/activity',
      summary: 'How many events of each topic this module has processed',
      scope: 'catalog:read',
      input: Type.Object({}),
      output: Type.Object({ counts: Type.Record(Type.String(), Type.Integer()) }),
    }),
  },
  events: {
    productCreated: event({ version: 1, payload: change }),
    productUpdated: event({ version: 1, payload: change }),
    productDeleted: event({ version: 1, payload: Type.Object({ id }) }),
  },
});
