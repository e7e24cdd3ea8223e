import * as vscode from 'vscode';
import type { ConnectionCandidate } from '../../../../node/database/mongo/connectionCandidates';
import { withQuietProgress } from '../../../messages/progress';
import { ask, pickOne, type Choice } from '../../../messages/questions';
import type { Notify } from '../../../messages/notify';
import type { ConnectionChoice, ConnectionState } from '../../connections/connection';
import type { OpenConnections } from './openConnections';
import type { SavedConnections } from './savedConnections';
import { folderName } from '../../connections/folderOf';

export interface PickServices {
  readonly saved: SavedConnections;
  readonly open: OpenConnections;
  readonly notify: Notify;
  /** Tests a string by connecting, then saves it. */
  add(uri: string, signal: AbortSignal): Promise<{ readonly id: string }>;
  candidates(folder: string): Promise<readonly ConnectionCandidate[]>;
}

interface ConnectionItem extends Choice {
  readonly id?: string;
  readonly candidate?: ConnectionCandidate;
  readonly adds?: boolean;
}

/** Asks for the connection of a folder: one that is saved, one that was found there, or a new one. */
export async function pickConnection(services: PickServices, folder: string): Promise<ConnectionChoice | undefined> {
  const { saved, open } = services;
  const known = new Set(await Promise.all(saved.list().map(({ id }) => saved.uri(id))));
  const found = (await services.candidates(folder)).filter(({ uri }) => !known.has(uri));
  const current = saved.choice(folder)?.id;
  const separator = (label: string): ConnectionItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: ConnectionItem[] = [
    ...open.list().map(({ id, name, state }) => ({
      id,
      icon: 'database',
      label: name,
      description: id === current ? vscode.l10n.t('used by this folder') : stateLabel(state),
    })),
    ...(found.length ? [separator(vscode.l10n.t('Found, not used yet'))] : []),
    ...found.map((candidate) => ({
      candidate,
      icon: 'key',
      label: candidate.label,
      description: [
        vscode.l10n.t('{0} in {1}', candidate.variable, candidate.origin),
        candidate.dropped ? vscode.l10n.t('without {0}', candidate.dropped.join(', ')) : '',
      ]
        .filter(Boolean)
        .join(' · '),
    })),
    separator(''),
    { adds: true, icon: 'add', label: vscode.l10n.t('Enter a connection string…') },
  ];
  const name = folderName(folder);
  const title =
    name === undefined ? vscode.l10n.t('MongoDB Connection') : vscode.l10n.t('MongoDB Connection of {0}', name);
  const picked =
    items.length === 2
      ? items[1]
      : await pickOne(items, {
          title,
          placeHolder: vscode.l10n.t('What to explain queries against'),
        });
  if (!picked) return undefined;
  const id = picked.adds
    ? await enterConnection(services)
    : picked.candidate
      ? await addTested(services, picked.candidate.uri)
      : picked.id;
  if (id === undefined) return undefined;
  const before = saved.choice(folder);
  const choice: ConnectionChoice = before?.id === id ? before : { id };
  await saved.choose(folder, choice);
  open.refresh();
  return choice;
}

/** Asks for a connection string until one connects, and saves that. Gives its id. */
export async function enterConnection(services: PickServices): Promise<string | undefined> {
  let value: string | undefined;
  for (;;) {
    value = await ask({
      title: vscode.l10n.t('Add MongoDB Connection'),
      prompt: vscode.l10n.t('Connection string; kept in the editor’s secret storage'),
      placeHolder: 'mongodb://localhost:27017/shop',
      value,
      password: true,
      ignoreFocusOut: true,
      problem: (text) =>
        /^\s*mongodb(?:\+srv)?:\/\/\S+\s*$/i.test(text)
          ? undefined
          : vscode.l10n.t('It begins with mongodb:// or mongodb+srv://'),
    });
    if (value === undefined) return undefined;
    value = value.trim();
    const id = await addTested(services, value);
    if (id !== undefined) return id;
  }
}

/** Undefined when it does not connect: that was said, and the user may correct it. */
async function addTested(services: PickServices, uri: string): Promise<string | undefined> {
  try {
    const { id } = await withQuietProgress(vscode.l10n.t('Connecting to MongoDB'), ({ signal }) =>
      services.add(uri, signal),
    );
    return id;
  } catch (error) {
    services.notify.error(error);
    return undefined;
  }
}

function stateLabel(state: ConnectionState): string {
  switch (state) {
    case 'connecting':
      return vscode.l10n.t('connecting');
    case 'connected':
      return vscode.l10n.t('connected');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'closed':
      return vscode.l10n.t('not connected');
  }
}

/** One of the saved connections; the only one without asking. */
export async function pickSaved(open: OpenConnections, placeHolder: string): Promise<string | undefined> {
  const all = open.list();
  if (all.length < 2) return all[0]?.id;
  const items = all.map(({ id, name, state }) => ({ id, label: name, description: stateLabel(state) }));
  return (await pickOne(items, { placeHolder }))?.id;
}

/** A database that the login may see, or a name that is typed. */
export async function pickDatabase(names: readonly string[], current: string | undefined): Promise<string | undefined> {
  const type = { icon: 'edit', label: vscode.l10n.t('Enter a name…'), types: true };
  const items = [
    ...names.map((label) => ({ label, types: false, description: label === current ? vscode.l10n.t('used now') : '' })),
    type,
  ];
  const picked = names.length ? await pickOne(items, { placeHolder: vscode.l10n.t('Database') }) : type;
  if (!picked?.types) return picked?.label;
  return ask({
    title: vscode.l10n.t('Database'),
    value: current,
    problem: (text) =>
      text && !/[\s/\\."$]/.test(text) ? undefined : vscode.l10n.t('A name without spaces and none of / \\ . " $'),
  });
}
