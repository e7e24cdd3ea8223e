/**
 * Nothing that is sent to such a host leaves the machine: `localhost` in any case and with the dot of a full name,
 * 127.0.0.0/8, `::1`, and IPv4 loopback mapped into IPv6, with or without brackets. A short or otherwise unusual form
 * of an address is a name for a resolver, so it is not one of these.
 */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (/^localhost\.?$/.test(name) || isLoopbackV4(name)) return true;
  if (name === '::1' || /^(?:0{1,4}:){7}0{0,3}1$/.test(name)) return true;
  const mapped = /^(?:::|(?:0{1,4}:){5})ffff:(.+)$/.exec(name)?.[1] ?? '';
  return isLoopbackV4(mapped) || /^7f[\da-f]{2}:[\da-f]{1,4}$/.test(mapped);
}

function isLoopbackV4(address: string): boolean {
  return /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(address);
}
