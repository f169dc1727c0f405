export interface Product { readonly id: string }
export const catalogContract = { name: 'catalog' };
