export async function price(id: string) {
  const answer = await fetch(`${process.env.CATALOG_URL}/products/${id}`);
  return answer.json();
}
export const save = (body: string) => globalThis.fetch('https://a.example/x', { method: 'POST', body });
const get = fetch;
export const aliased = () => get('https://a.example/y', { signal: undefined });
