import { expect, it } from 'vitest';
import { extractText } from './extract.ts';

/** Names are read where some recogniser may ask for them. */
const asking = { id: 'asking', version: 1, emits: [], when: { text: /^never$/ }, on: {} };
/** Names under which a text exports something, in order. */
const exported = (text: string, engine: 'lazy' | 'plain') =>
  extractText('a.ts', text, [asking], engine).names.flatMap((fact) => (fact.kind === 'export' ? [fact.name] : []));

it.each([
  ['export function one() {}', 'one'],
  ['export async function one<T>() {}', 'one'],
  ['export function* one() {}', 'one'],
  ['export declare function one(): void;', 'one'],
  ['export /* two */ function /* two */ one /* two */ () {}', 'one'],
  ['export function naïve() {}', 'naïve'],
  ['export function na\\u00efve() {}', 'naïve'],
  ['export class One extends Two {}', 'One'],
  ['export abstract class One {}', 'One'],
  ['@two export class One {}', 'One'],
  ['export @two class One {}', 'One'],
  ['export interface One { two: 2 }', 'One'],
  ['export const enum One { two }', 'One'],
  ['export type One = 1;', 'One'],
  ['export default class Two {}', 'default'],
  ['const two = 2; export { two as one };', 'one'],
  ['const two = 2; export { two as "o n e" };', 'o n e'],
  ['export const one = 1, two = () => 2;', 'one', 'two'],
  ['"ÄÖÜ"; export function one() {}', 'one'],
  ['export * as one from "./two";', 'one'],
])('%s exports %s', (text, ...names) => {
  expect(exported(text, 'plain')).toEqual(names);
  expect(exported(text, 'lazy')).toEqual(names);
});
