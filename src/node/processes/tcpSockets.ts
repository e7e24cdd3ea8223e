import { listenersOfLinux, clientsOfLinux, portHolderLinux, portOwnersLinux } from './linuxTcp';
import { clientsByCommand, listenersByCommand, portHolderByCommand, portOwnersByCommand } from './commandTcp';
import { isLoopback } from '../../core/loopback';

export interface TcpListener {
  /** `127.0.0.1`, `0.0.0.0`, `::1`, `::` … */
  readonly address: string;
  readonly port: number;
}

/** Listening TCP sockets of that process only; empty when it is gone or may not be looked into. */
export async function listenersOf(pid: number): Promise<TcpListener[]> {
  return process.platform === 'linux' ? listenersOfLinux(pid) : listenersByCommand(pid);
}

/** Number of connections that this process has accepted on the port and not closed yet. */
export async function clientCount(pid: number, port: number): Promise<number> {
  return process.platform === 'linux' ? clientsOfLinux(pid, port) : clientsByCommand(pid, port);
}

/**
 * Who keeps `pid` from listening on 127.0.0.1:port. `undefined` when nobody does; a holder without pid is a process that
 * may not be looked into.
 */
export async function portHolder(pid: number, port: number): Promise<{ readonly pid?: number } | undefined> {
  return process.platform === 'linux' ? portHolderLinux(pid, port) : portHolderByCommand(port);
}

/** A user and, where it can be told, a process of this machine. */
export interface PortOwner {
  readonly uid: number;
  readonly pid?: number;
}

/**
 * Who accepts connections to a loopback address of this machine. Empty where that cannot be told, as on Windows, and where
 * nobody does: then somebody behind a forwarding of the system's may answer.
 */
export async function portOwners(address: string, port: number): Promise<readonly PortOwner[]> {
  if (process.platform === 'linux') return portOwnersLinux(address, port);
  return process.platform === 'win32' ? [] : portOwnersByCommand(port);
}

/** Reachable from this machine by a loopback address. */
export function loopbackAddressOf(listener: TcpListener): string | undefined {
  switch (listener.address) {
    case '0.0.0.0':
      return '127.0.0.1';
    case '::':
      return '::1';
    default:
      return isLoopback(listener.address) ? listener.address : undefined;
  }
}
