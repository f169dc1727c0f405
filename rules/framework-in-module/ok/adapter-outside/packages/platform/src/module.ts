export const defineModule = (m: unknown) => m;
