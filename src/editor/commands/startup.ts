import { isAbsolute, join } from 'node:path';
import type { AttachOnStartup } from '../contributions';
import type { LaunchChoice } from '../launch/launchPlan';
import type { NamedTarget } from './attach';
import { isLoopback } from '../../core/loopback';

/** What the setting `heatlens.attachOnStartup` asks for; undefined when it is empty or makes no sense. */
export function startupAction(
  setting: AttachOnStartup | null | undefined,
  folder: string | undefined,
): { readonly target: NamedTarget } | { readonly launch: LaunchChoice } | undefined {
  const { pid, host, port, script } = setting ?? {};
  if (typeof pid === 'number' && Number.isInteger(pid) && pid > 0) {
    return { target: { spec: { kind: 'pid', pid }, name: `pid ${pid}` } };
  }
  // Another machine needs the user's word each time, which a setting cannot give.
  if (typeof port === 'number' && isLoopback(host ?? '127.0.0.1')) {
    const address = { host: host ?? '127.0.0.1', port };
    return { target: { spec: { kind: 'host', ...address }, name: `${address.host}:${port}` } };
  }
  if (typeof script === 'string' && script && (isAbsolute(script) || folder !== undefined)) {
    const path = isAbsolute(script) ? script : join(folder ?? '', script);
    return { launch: { kind: 'script', path, args: [] } };
  }
  return undefined;
}
