import { t } from '@vscode/l10n';
import { HeatlensError } from '../core/errors';

export function noHeat(): HeatlensError {
  return new HeatlensError(
    'noHeat',
    t('There is no heat to show yet.'),
    t('Attach to a Node process that is doing work, or open a .cpuprofile or .heapprofile file.'),
  );
}

export function workspaceNotTrusted(): HeatlensError {
  return new HeatlensError(
    'workspaceNotTrusted',
    t('Attaching and launching are off in a workspace that is not trusted.'),
    t('Trust the workspace (Workspaces: Manage Workspace Trust), or open a saved profile, which needs no trust.'),
  );
}

export function badAddress(text: string): HeatlensError {
  return new HeatlensError(
    'badAddress',
    t('"{0}" is not a host and a port.', text),
    t('Write it as 127.0.0.1:9229, [::1]:9229, or as the address that "Debugger listening on" shows.'),
  );
}
