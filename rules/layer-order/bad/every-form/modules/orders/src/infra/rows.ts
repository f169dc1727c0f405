export interface Row {
  readonly id: string;
}
export const rows: readonly Row[] = [];
