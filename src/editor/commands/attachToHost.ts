import * as vscode from 'vscode';
import { errorText } from '../../core/errors';
import type { PathMapping } from '../../node/recording/recordingTypes';
import { localFolders } from '../workspace/folders';
import { confirm } from '../messages/confirm';
import { ask, pickOne } from '../messages/questions';
import { addressText, parseAddress } from '../processes/address';
import type { Address } from '../processes/address';
import { isLoopback } from '../../core/loopback';
import { requireTrust } from '../workspace/trust';
import type { Attacher } from './attach';

const ADDRESS_KEY = 'heatlens.lastAddress';
const MAPPINGS_KEY = 'heatlens.hostMappings';

/** Path mappings that were typed when attaching to a host; remembered per workspace. */
export function rememberedMappings(memento: vscode.Memento): PathMapping[] {
  return Object.values(memento.get<Record<string, PathMapping>>(MAPPINGS_KEY, {}));
}

/** For containers and SSH: asks for the address, then for the folder that the workspace has over there. */
export async function attachToHost(
  attacher: Attacher,
  memento: vscode.Memento,
  onMappings: () => Promise<void>,
): Promise<void> {
  requireTrust();
  const address = await askAddress(memento);
  if (!address) return;
  if (!isLoopback(address.host) && !(await confirmRemote(address))) return;
  if (!(await askMapping(address, memento))) return;
  await onMappings();
  await memento.update(ADDRESS_KEY, addressText(address));
  await attacher.attach([{ spec: { kind: 'host', ...address }, name: addressText(address) }]);
}

async function askAddress(memento: vscode.Memento): Promise<Address | undefined> {
  const text = await ask({
    title: vscode.l10n.t('Attach to Host and Port'),
    prompt: vscode.l10n.t('Where a Node inspector listens, as host:port'),
    value: memento.get<string>(ADDRESS_KEY, '127.0.0.1:9229'),
    ignoreFocusOut: true,
    problem: (value) => {
      try {
        parseAddress(value);
        return undefined;
      } catch (error) {
        return errorText(error);
      }
    },
  });
  return text === undefined ? undefined : parseAddress(text);
}

/** Whoever can reach an inspector's port can run code there, and the protocol is not encrypted. */
function confirmRemote(address: Address): Promise<boolean> {
  return confirm({
    question: vscode.l10n.t('{0} is not this machine.', addressText(address)),
    detail: vscode.l10n.t(
      'The inspector protocol is neither encrypted nor authenticated. Forwarding the port (ssh -L, kubectl port-forward) is safer.',
    ),
    go: vscode.l10n.t('Attach'),
  });
}

/** False when dismissed. An empty answer means that paths are the same on both sides. */
async function askMapping(address: Address, memento: vscode.Memento): Promise<boolean> {
  const folder = await askFolder();
  if (folder === 'dismissed') return false;
  if (!folder) return true;
  const known = memento.get<Record<string, PathMapping>>(MAPPINGS_KEY, {});
  const key = addressText(address);
  const remote = await ask({
    title: vscode.l10n.t('Attach to Host and Port'),
    prompt: vscode.l10n.t('Remote folder that corresponds to {0}; leave empty if the paths are the same', folder.path),
    placeHolder: '/app',
    value: known[key]?.local === folder.path ? known[key].remote : '',
    ignoreFocusOut: true,
  });
  if (remote === undefined) return false;
  const { [key]: _previous, ...others } = known;
  const path = remote.trim();
  await memento.update(MAPPINGS_KEY, path ? { ...others, [key]: { remote: path, local: folder.path } } : others);
  return true;
}

async function askFolder(): Promise<{ path: string } | undefined | 'dismissed'> {
  const folders = localFolders();
  if (folders.length < 2) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.path, folder }));
  const picked = await pickOne(items, {
    title: vscode.l10n.t('Folder that the process was built from'),
  });
  return picked?.folder ?? 'dismissed';
}
