import { HeatlensError } from '../core/errors';

export function noHeat(): HeatlensError {
  return new HeatlensError(
    'noHeat',
    'There is no heat to show yet.',
    'Attach to a Node process that is doing work, or open a .cpuprofile or .heapprofile file.',
  );
}

export function workspaceNotTrusted(): HeatlensError {
  return new HeatlensError(
    'workspaceNotTrusted',
    'Attaching and launching are off in a workspace that is not trusted.',
    'Trust the workspace (Workspaces: Manage Workspace Trust), or open a saved profile, which needs no trust.',
  );
}

export function badAddress(text: string): HeatlensError {
  return new HeatlensError(
    'badAddress',
    `"${text}" is not a host and a port.`,
    'Write it as 127.0.0.1:9229, [::1]:9229, or as the address that "Debugger listening on" shows.',
  );
}
