export type Row = { id: string };
export const products = new Map<string, Row>();
