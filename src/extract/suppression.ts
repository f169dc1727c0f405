import type { FactMap, Span } from '../model/facts.ts';

export const SUPPRESSION = 'scalable-backend-ignore';
const form = /^[\s*]*scalable-backend-ignore\s+([a-z][a-z0-9-]*)\s*:?\s*(.*?)\s*$/s;

/**
 * Reads `scalable-backend-ignore <rule>: reason (owner) until 2027-01-31` from a comment's text. Owner and date are
 * optional; an empty reason is kept, so that settle can say that one is required, and so is what was meant as a date.
 */
export function suppressionIn(comment: string, span: Span, text: string): FactMap['suppression'] | undefined {
  if (!comment.includes(SUPPRESSION)) return undefined;
  const found = form.exec(comment);
  if (!found) return undefined;
  let rest = found[2]!.replace(/\s*-->$/, '');
  const until = /\s*\buntil:?\s+(\d{4}-\d{2}-\d{2})\s*\.?$/i.exec(rest) ?? almost.exec(rest);
  if (until) rest = rest.slice(0, until.index) + rest.slice(until.index + until[0].length);
  const owner = /\s*\(([^()]+)\)\s*$/.exec(rest);
  if (owner) rest = rest.slice(0, owner.index);
  return {
    rule: found[1]!,
    reason: rest.trim(),
    ...(owner && { owner: owner[1]! }),
    ...(until && { until: until[1]! }),
    covers: covered(span, text),
  };
}

/** An end that is not said as one: elsewhere in the words, in brackets, or as another country writes dates. */
const almost = /[\s(]*\buntil:?\s+((?:\d{1,2}[./-]){0,2}20\d\d(?:[./-]\d{1,2}){0,2}|\d{4}-\d\d-\d\d)\b\)?/i;

/** Whether an end is a day of the calendar. */
export const isDay = (until: string): boolean => {
  const day = new Date(`${until}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
};

/** A comment behind code covers its line; one that stands alone covers the next line that is not blank. */
function covered([start, end]: Span, text: string): Span {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = endOfLine(text, end);
  if (
    text
      .slice(line, start)
      .replace(/^\uFEFF/, '')
      .trim() !== ''
  )
    return [line, lineEnd];
  let next = lineEnd;
  let stop = next;
  while (next < text.length) {
    stop = endOfLine(text, next + 1);
    if (text.slice(next, stop).trim() !== '') break;
    next = stop;
  }
  return [next + 1, stop];
}
const endOfLine = (text: string, from: number): number => {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
};
