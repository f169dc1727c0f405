import type { SystemNode } from './system.ts';

/** Whether what a file imports is judged: in production, generated or not, and in a view. */
export const isJudged = ({ roles }: Pick<SystemNode, 'roles'>): boolean =>
  roles.includes('production') || roles.includes('generated') || roles.includes('view');
