import type { Value } from '../model/facts.ts';
import { collector } from './collect.ts';
import { emitSuppressions, hashComments } from './comments.ts';
import { unusual } from './guard.ts';
import { interpolate } from './interpolate.ts';
import type { Language } from './language.ts';
import { textOf } from './workspace/text.ts';

const claimed = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|env\.(?:example|sample|template))$/;
const entry =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;

/** `.env` files as dotenv and compose read them. Every variable's scope is the file itself. */
export const envFile: Language = {
  id: 'env-file',
  version: 1,
  claims: (path) => claimed.test(path),
  risk: unusual,
  extract({ path, bytes }) {
    const out = collector(path);
    const text = textOf(bytes);
    emitSuppressions(text, out.emit, () => hashComments(text));
    for (const found of text.matchAll(entry)) {
      const [whole, name = '', double, single, tick, bare] = found;
      const start = found.index + whole.search(/\S/);
      out.emit('env-set', [start, found.index + whole.trimEnd().length], {
        name,
        value: meaningOf({ double, raw: single ?? tick, bare }),
        scope: path,
      });
    }
    return out.finish();
  },
};

/** Single quotes and backticks mean the text as it is; a comment may follow a bare value after a space. */
function meaningOf(written: { double: string | undefined; raw: string | undefined; bare: string | undefined }): Value {
  if (written.raw !== undefined) return { k: 'lit', v: written.raw };
  if (written.double !== undefined) return interpolate(written.double.replaceAll('\\n', '\n').replaceAll('\\"', '"'));
  return interpolate((written.bare ?? '').replace(/(?:^|\s)#.*$/, '').trim());
}
