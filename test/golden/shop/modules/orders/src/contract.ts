import { defineContract, event, operation, type Static, Type } from '@shop/platform/contract';

const id = Type.String({ format: 'uuid' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
/** Counts the changes; over HTTP it begins the `ETag` of an answer and is the `If-Match` of an update. */
const version = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time' });

/** What other modules and HTTP clients see; how it is stored is private to this module. */
export const orderSchema = Type.Object({
  id,
  name,
  quantity,
  productId: id,
  /** When the background job indexed this version; null until then. */
  indexedAt: Type.Union([time, Type.Null()]),
  version,
  createdAt: time,
  updatedAt: time,
});
export type Order = Static<typeof orderSchema>;

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
export const ordersContract = defineContract('orders', {
  operations: {
    createOrder: operation({
      method: 'POST',
      path: '/orders',
      summary: 'Create one',
      scope: 'orders:write',
      input: Type.Object({
        name,
        quantity,
        productId: id,
      }),
      output: orderSchema,
      status: 201,
      errors: {
        blankName: 422,
        unknownProduct: 422,
      },
      idempotent: true,
    }),
    getOrder: operation({
      method: 'GET',
      path: '/orders/{id}',
      summary: 'Get one',
      scope: 'orders:read',
      input: Type.Object({ id }),
      output: orderSchema,
      errors: { notFound: 404 },
    }),
    listOrders: operation({
      method: 'GET',
      path: '/orders',
      summary: 'List, newest first, a page at a time',
      scope: 'orders:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        cursor: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      output: Type.Object({
        items: Type.Array(orderSchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
      errors: { invalidCursor: 400 },
    }),
    updateOrder: operation({
      method: 'PATCH',
      path: '/orders/{id}',
      summary: 'Change some fields',
      scope: 'orders:write',
      input: Type.Object({ id, version, name: Type.Optional(name), quantity: Type.Optional(quantity) }),
      output: orderSchema,
      errors: { notFound: 404, staleVersion: 412, blankName: 422 },
    }),
    deleteOrder: operation({
      method: 'DELETE',
      path: '/orders/{id}',
      summary: 'Delete one',
      scope: 'orders:write',
      input: Type.Object({ id }),
      errors: { notFound: 404 },
    }),
    reserveOrder: operation({
      method: 'PUT',
      path: '/orders/{id}/reservations/{reservationId}',
      summary: 'Hold a quantity until it is confirmed or released; after 15 minutes it is released',
      scope: 'orders:write',
      input: Type.Object({ id, reservationId: id, quantity }),
      output: reservation,
      errors: { notEnough: 409, reservationReleased: 409 },
    }),
    confirmOrderReservation: operation({
      method: 'PUT',
      path: '/orders/{id}/reservations/{reservationId}/confirmation',
      summary: 'Keep what was reserved',
      scope: 'orders:write',
      input: Type.Object({ id, reservationId: id }),
      output: reservation,
      errors: { notFound: 404, reservationReleased: 409 },
    }),
    releaseOrderReservation: operation({
      method: 'DELETE',
      path: '/orders/{id}/reservations/{reservationId}',
      summary: 'Give back what was reserved, confirmed or not',
      scope: 'orders:write',
      input: Type.Object({ id, reservationId: id }),
    }),
    placeOrder: operation({
      method: 'PUT',
      path: '/orders/{id}/placement',
      summary: 'Reserve its quantity in every module that it refers to: in all of them or in none',
      scope: 'orders:write',
      input: Type.Object({ id }),
      output: placement,
      status: 202,
      errors: { notFound: 404 },
    }),
    getOrderPlacement: operation({
      method: 'GET',
      path: '/orders/{id}/placement',
      summary: 'How far its placement is',
      scope: 'orders:read',
      input: Type.Object({ id }),
      output: placement,
      errors: { notFound: 404 },
    }),
    getOrdersActivity: operation({
      method: 'GET',
      path: '/activity',
      summary: 'How many events of each topic this module has processed',
      scope: 'orders:read',
      input: Type.Object({}),
      output: Type.Object({ counts: Type.Record(Type.String(), Type.Integer()) }),
    }),
  },
  events: {
    orderCreated: event({ version: 1, payload: change }),
    orderUpdated: event({ version: 1, payload: change }),
    orderDeleted: event({ version: 1, payload: Type.Object({ id }) }),
  },
});
