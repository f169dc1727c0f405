const url =
  /^(?:https?|wss?|grpcs?|amqps?|rediss?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|kafka|nats|tcp|ftps?):\/\/[^\s/?#{}<>%]+(?=[/?#]|$)/i;
const address = /^(?:\d{1,3}\.){3}\d{1,3}:\d{2,5}(?:\/|$)/;

/** The network address that a string starts with: a URL with a host (not a placeholder for one), or an IPv4 address with a port. */
export function endpointIn(text: string): string | undefined {
  const found = url.exec(text) ?? address.exec(text);
  return found ? text : undefined;
}
/** A cheap test over a whole file, before any string of it is looked at: a quote with an address right after it. */
endpointIn.possible = (text: string): boolean =>
  (text.includes('://') && /["'`]\s*[a-z]+(?:\+srv)?:\/\//i.test(text)) || /["'`]\d{1,3}(?:\.\d{1,3}){3}:\d/.test(text);
