export const price = async () => import('node:os');
