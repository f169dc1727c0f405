import { Scalar, YAMLSeq } from 'yaml';

/** CloudFormation's functions in their short form, as people write them. */
const tagged = (tag: string, text: string): Scalar<string> => {
  const scalar = new Scalar(text);
  scalar.tag = tag;
  return scalar;
};
export const ref = (id: string) => tagged('!Ref', id);
export const att = (id: string, attribute: string) => tagged('!GetAtt', `${id}.${attribute}`);
/** `${Name}` in the text is filled in. */
export const sub = (text: string) => tagged('!Sub', text);
export const nothing = ref('AWS::NoValue');

export function when(condition: string, value: unknown, otherwise: unknown = nothing): YAMLSeq {
  const list = new YAMLSeq();
  list.tag = '!If';
  list.items = [condition, value, otherwise];
  return list;
}
