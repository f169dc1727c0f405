export const baseUrl = 'http://10.0.0.7:8080';
