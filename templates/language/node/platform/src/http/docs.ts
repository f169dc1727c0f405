import { hash } from 'node:crypto';
import type { Contract, Operation } from '../contract.ts';
import type { Endpoint } from './app.ts';
import { inputParts, openapi } from './openapi.ts';

/**
 * What describes operations: OpenAPI for programs, and one page without scripts or assets from elsewhere for people; `csp` lets
 * that page have its own style and nothing else.
 */
export const documentation = (title: string, contracts: readonly Contract[]) => ({
  openapi: JSON.stringify(openapi(title, contracts)),
  page: html(title, contracts),
  csp: `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; frame-ancestors 'none'`,
});

/** `/openapi.json` and `/docs`. */
export function documents(title: string, contracts: readonly Contract[]): Endpoint[] {
  const described = documentation(title, contracts);
  const page = (path: `/${string}`, headers: Record<string, string>, body: string): Endpoint => {
    return { method: 'GET', path, name: path.slice(1), quiet: true, handle: () => ({ status: 200, headers, body }) };
  };
  const { csp } = described;
  return [
    page('/openapi.json', { 'content-type': 'application/json' }, described.openapi),
    page('/docs', { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp }, described.page),
  ];
}

function html(title: string, contracts: readonly Contract[]): string {
  const sections = contracts.map(({ name, operations }) => {
    return `<h2>${name}</h2>${Object.values(operations).map(details).join('')}`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style>
<h1>${title}</h1><p>Machine-readable: <a href="/openapi.json">/openapi.json</a></p>${sections.join('')}</html>`;
}

function details(operation: Operation): string {
  const { method, route, summary, scope, status, output, errors } = operation;
  const { parameters, body } = inputParts(operation);
  const problems = Object.entries(errors).map(([name, code]) => `${code} ${name}`);
  const block = (heading: string, content: unknown) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    return text ? `<h4>${heading}</h4><pre>${escaped(text)}</pre>` : '';
  };
  return `<details><summary><b>${method}</b> <code>${escaped(route)}</code> ${escaped(summary)}</summary>
${block('Scope', scope)}${parameters.length > 0 ? block('Parameters', parameters) : ''}${body ? block('Body', body) : ''}
${block(`Answer ${status}`, output)}${block('Problems', problems.join('\n'))}</details>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] as string);
const style = `body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
details{border-bottom:1px solid #8884;padding:.5rem 0}summary{cursor:pointer}pre{overflow:auto;background:#8882;padding:.75rem}`;
