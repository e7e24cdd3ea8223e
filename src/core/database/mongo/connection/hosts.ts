/** MongoDB's port where none is written. */
const USUAL_PORT = 27017;
/** DNS allows a name of 253 characters. */
const LONGEST_NAME = 253;

/**
 * `host:port` in lower case, as hosts are compared; the path of a Unix socket as it is. Undefined for what is no host: an empty
 * text, a port out of range, or characters that no name and no address has.
 */
export function hostOf(text: string): string | undefined {
  if (/^\/[^\0]{1,200}\.sock$/i.test(text)) return text;
  const [, host, port] = /^(\[[\da-f:.%\w]{2,60}\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined || host.length > LONGEST_NAME) return undefined;
  const number = port === undefined ? USUAL_PORT : Number(port);
  return number > 0 && number < 65_536 ? `${host.toLowerCase()}:${number}` : undefined;
}

/** The host without its port. */
export function nameOfHost(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** Whether a host that DNS or a server names belongs to the domain of an SRV name: to that of its parent, as drivers check it. */
export function isInDomainOf(host: string, srvName: string): boolean {
  const plain = (name: string): string => name.replace(/\.$/, '').toLowerCase();
  const labels = plain(srvName).split('.');
  const domain = labels.length < 3 ? labels : labels.slice(1);
  return plain(nameOfHost(host)).endsWith(`.${domain.join('.')}`);
}
