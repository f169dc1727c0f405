import { expect, it, vi } from 'vitest';
import { memoryBus } from './memory.ts';
import type { Envelope } from './port.ts';

const envelope: Envelope = { id: '1', topic: 'a.made', version: 1, occurredAt: '', payload: { list: [1] } };

it('gives each group its own copy of its topics, later, and resolves when all had their effect', async () => {
  const bus = memoryBus();
  const seen: unknown[] = [];
  const receive = async ({ payload }: Envelope) => {
    (payload as { list: number[] }).list.push(2);
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(payload);
  };
  const other = vi.fn();
  for (const group of ['x', 'y']) await bus.subscribe(group, ['a.made'], receive);
  await bus.subscribe('z', ['a.gone'], other);
  const published = bus.publish(envelope);
  expect(seen).toEqual([]);
  await published;
  expect(seen).toEqual([{ list: [1, 2] }, { list: [1, 2] }]);
  expect(envelope.payload).toEqual({ list: [1] });
  expect(other).not.toHaveBeenCalled();
});

it('rejects when one group fails, after the others had their effect', async () => {
  const bus = memoryBus();
  const receive = vi.fn(async () => {});
  await bus.subscribe('x', ['a.made'], () => Promise.reject(new Error('no')));
  await bus.subscribe('y', ['a.made'], receive);
  await expect(bus.publish(envelope)).rejects.toThrow('no');
  expect(receive).toHaveBeenCalledOnce();
});

it('refuses what it has no room for, and everything once it is closed', async () => {
  const bus = memoryBus({ maxInFlight: 1 });
  await bus.subscribe('x', ['a.made'], async () => {});
  const first = bus.publish(envelope);
  await expect(bus.publish(envelope)).rejects.toThrow('The bus is full');
  await Promise.all([first, bus.close()]);
  await expect(bus.publish(envelope)).rejects.toThrow('The bus is closed');
});
