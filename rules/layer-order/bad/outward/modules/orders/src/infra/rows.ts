export const rows: readonly number[] = [];
