export const total = async () => (await import('../infra/store.ts')).store;
