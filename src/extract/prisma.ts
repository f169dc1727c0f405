import type { Span, Value } from '../model/facts.ts';
import { collector } from './collect.ts';
import { unusual } from './guard.ts';
import type { Language } from './language.ts';
import { textOf } from './workspace/text.ts';

const block = /^[ \t]*(datasource|model)[ \t]+(\w+)[ \t]*\{([^}]*)\}/gm;

/** Prisma schemas: the datasource is a connection, each model a mapped table. */
export const prisma: Language = {
  id: 'prisma',
  version: 1,
  claims: (path) => path.endsWith('.prisma'),
  risk: unusual,
  extract({ path, bytes }) {
    const out = collector(path);
    const text = textOf(bytes).replace(/"(?:\\.|[^"\\\n])*"|\/\/.*$/gm, (part) =>
      part.startsWith('/') ? ' '.repeat(part.length) : part,
    );
    for (const found of text.matchAll(block)) {
      const [whole, kind, name = '', body = ''] = found;
      const span: Span = [found.index + whole.search(/\S/), found.index + whole.length];
      const attribute = (key: string) => new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(.+?)[ \\t]*$`, 'm').exec(body)?.[1];
      if (kind === 'datasource') {
        const engine = /^"(\w+)"/.exec(attribute('provider') ?? '')?.[1];
        if (engine)
          out.emit('connection', span, {
            engine: engine === 'postgresql' ? 'postgres' : engine,
            url: urlOf(attribute('url')),
          });
      } else {
        const mapped = /@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(body)?.[1];
        const schema = /@@schema\(\s*"([^"]+)"/.exec(body)?.[1];
        out.emit('table', span, {
          name: { k: 'lit', v: mapped ?? name },
          ...(schema && { schema: { k: 'lit', v: schema } }),
          op: 'map',
        });
      }
    }
    return out.finish();
  },
};

function urlOf(written: string | undefined): Value {
  const env = /^env\(\s*"([^"]+)"\s*\)$/.exec(written ?? '')?.[1];
  if (env) return { k: 'env', name: env };
  const text = /^"([^"]*)"$/.exec(written ?? '')?.[1];
  return text === undefined ? { k: 'unknown' } : { k: 'lit', v: text };
}
