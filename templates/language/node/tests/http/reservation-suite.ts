import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type System, system } from '../system.ts';
import type { Resource } from './resource-suite.ts';

/** What every resource promises to those who reserve a part of its quantity. */
export function reservationSuite({ collection, input }: Pick<Resource, 'collection' | 'input'>): void {
  let at: System;
  const create = async () => (await at.api.post(collection, await input(at.api))).body;
  const left = async (id: string) => (await at.api.get(`${collection}/${id}`)).body.quantity;
  const path = (id: string, reservation: string) => `${collection}/${id}/reservations/${reservation}`;

  beforeAll(async () => {
    at = await system();
  });

  describe('reservations', () => {
    it('takes a quantity once, however often it is asked, and keeps it when it is confirmed', async () => {
      const { id, quantity } = await create();
      const reservation = path(id, randomUUID());
      const answers = [];
      for (let time = 0; time < 2; time += 1) answers.push((await at.api.put(reservation, { quantity: 2 })).body);
      expect(answers).toEqual([answers[0], answers[0]]);
      expect(answers[0]).toMatchObject({ quantity: 2, state: 'held' });
      expect(await left(id)).toBe(quantity - 2);
      expect((await at.api.put(`${reservation}/confirmation`, {})).body.state).toBe('confirmed');
      expect(await left(id)).toBe(quantity - 2);
    });

    it('gives back once what is released', async () => {
      const { id, quantity } = await create();
      const reservation = path(id, randomUUID());
      await at.api.put(reservation, { quantity: 1 });
      for (let time = 0; time < 2; time += 1) expect((await at.api.delete(reservation)).status).toBe(204);
      expect(await left(id)).toBe(quantity);
      expect((await at.api.put(`${reservation}/confirmation`, {})).status).toBe(409);
    });

    it('refuses a reservation that comes after its release', async () => {
      const { id, quantity } = await create();
      const reservation = path(id, randomUUID());
      expect((await at.api.delete(reservation)).status).toBe(204);
      expect((await at.api.put(reservation, { quantity: 1 })).status).toBe(409);
      expect(await left(id)).toBe(quantity);
    });

    it('never gives more than there is', async () => {
      const { id, quantity } = await create();
      const many = Array.from({ length: quantity + 3 }, () => at.api.put(path(id, randomUUID()), { quantity: 1 }));
      const statuses = (await Promise.all(many)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(quantity);
      expect(statuses.filter((status) => status === 409)).toHaveLength(3);
      expect(await left(id)).toBe(0);
    });
  });
}
