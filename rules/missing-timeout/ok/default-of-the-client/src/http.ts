import axios from 'axios';

export const http = axios.create({ baseURL: process.env.API_URL, timeout: 2_000 });
export default http;
