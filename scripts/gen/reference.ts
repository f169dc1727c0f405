import type { Generated } from './generated.ts';

export async function reference(_root: string): Promise<Generated[]> {
  return [];
}
