import { t } from '@vscode/l10n';
import { HeatlensError } from '../core/errors';

export function noHeat(): HeatlensError {
  return new HeatlensError(
    'noHeat',
    t('There is no heat to show yet.'),
    t('Attach to a Node process that is doing work, or open a .cpuprofile or .heapprofile file.'),
  );
}

export function memoryOff(): HeatlensError {
  return new HeatlensError(
    'memoryOff',
    t('Bytes are not measured.'),
    t('Set heatlens.memory to something other than off.'),
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

/** `detail` says why, without a full stop. */
export function fileNotOpened(detail: string): HeatlensError {
  return new HeatlensError(
    'fileNotOpened',
    t('The source is not opened: {0}.', detail),
    t('Check the path, or map the folder with the setting heatlens.pathMappings.'),
  );
}

export function uriRefused(uri: string): HeatlensError {
  return new HeatlensError(
    'uriRefused',
    t('{0} is no file of this machine or of the workspace, and a command was told to open it.', uri.slice(0, 200)),
    t('Open its folder as a workspace, or run the command and choose the file.'),
  );
}
