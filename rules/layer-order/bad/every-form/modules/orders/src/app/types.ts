import type { Row } from '../infra/rows.ts';

export type Shown = Row;
