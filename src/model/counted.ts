/** `1 file`, `2 files`: a number of things that have a plural in -s. */
export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
