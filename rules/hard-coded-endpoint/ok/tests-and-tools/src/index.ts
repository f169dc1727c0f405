export const link = 'https://a.example/';
