import { fetch as limited } from './limited.ts';
// fetch('https://a.example') in a comment
const text = "fetch('https://a.example')";
export function load(fetch: (url: string) => string) {
  return fetch('https://a.example');
}
export const own = { fetch: (url: string) => url };
export const c = own.fetch('x') + text + limited('y');
class Api {
  fetch(url: string) {
    return url;
  }
  run() {
    return this.fetch('z');
  }
}
export const api = new Api();
