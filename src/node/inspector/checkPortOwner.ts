import { readProcStatus } from '../processes/linuxProc';
import { isLoopback } from '../../core/loopback';
import { portOwners, type PortOwner } from '../processes/tcpSockets';
import { userNames } from '../processes/userNames';
import { otherUsersPort } from './inspectorErrors';
import { hostAndPort } from './inspectorHttp';

/**
 * Throws `otherUsersPort` when somebody else than this user and root, who can do anything anyway, listens on a loopback port:
 * whoever was first there would be told what we mean for our own process, and answer in its name. An address of another
 * machine is the user's to choose.
 */
export async function checkPortOwner(address: string, port: number): Promise<void> {
  const uid = process.geteuid?.();
  if (uid === undefined || !isLoopback(address)) return;
  const stranger = (await portOwners(address, port)).find((owner) => owner.uid !== uid && owner.uid !== 0);
  if (stranger) throw otherUsersPort(hostAndPort(address, port), nameOf(stranger));
}

/** Whether a process may be spoken to for the sake of another one: as root, too, only if it is the same user's or our own. */
export function isSameUser(pid: number, other: number): boolean {
  if (process.platform !== 'linux') return true; // of other users' processes nothing is known there
  const uid = readProcStatus(pid)?.uid;
  return uid !== undefined && (uid === readProcStatus(other)?.uid || uid === process.geteuid?.());
}

/** Of the user that a process runs as; undefined where it cannot be told. */
export function userOf(pid: number): string | undefined {
  const uid = process.platform === 'linux' ? readProcStatus(pid)?.uid : undefined;
  return uid === undefined ? undefined : (userNames().get(uid) ?? String(uid));
}

function nameOf({ uid, pid }: PortOwner): string {
  const user = userNames().get(uid) ?? String(uid);
  return pid === undefined ? user : `process ${pid} of ${user}`;
}
