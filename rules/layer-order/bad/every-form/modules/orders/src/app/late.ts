export const late = async () => (await import('../infra/rows.ts')).rows;
