import { t } from '@vscode/l10n';
import { formatBytes } from '../../../../core/words/bytes';
import { inDigits } from '../../../../core/words/numbers';
import type { ExistingIndex } from '../../../../core/database/indexes';
import { ejsonText } from '../../../../core/ejson/ejsonText';
import type { QueryShape } from '../../../../core/database/mongo/shapes/queryShape';
import type { CollectionDetails, CollectionEntry } from '../../../../node/database/mongo/collectionList';
import type { ConnectionStatus } from '../../connections/connection';
import { serverText } from '../connections/serverText';

/** A row of the MongoDB view. */
export interface MongoNode {
  readonly id: string;
  readonly kind: 'connection' | 'database' | 'collection' | 'index' | 'fact' | 'profiler' | 'shape' | 'message';
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  /** For `when` clauses of menus. */
  readonly context?: string;
  readonly expandable: boolean;
  readonly parent?: MongoNode;
  /** Id of the connection. */
  readonly connection: string;
  readonly database?: string;
  readonly collection?: string;
  readonly entry?: CollectionEntry;
  readonly index?: ExistingIndex;
  /** Counted down to, ms since 1970. */
  readonly until?: number;
  /** Of a shape: what finds its statements. */
  readonly shape?: QueryShape;
}

/** `session` is of this window: after a reload nothing is unfolded, because unfolding a connection opens it. */
export function connectionRow(status: ConnectionStatus, used: boolean, session: string): MongoNode {
  const { id, name, state, connection, failure, closed } = status;
  const parts = [stateText(status), used ? t('used by this folder') : ''].filter(Boolean);
  const icons = {
    connecting: 'loading~spin',
    connected: 'database',
    failed: 'warning',
    closed: 'circle-outline',
  } as const;
  return {
    id: `${session}:${id}:${closed}`,
    kind: 'connection',
    label: name,
    description: parts.join(' · '),
    ...(failure === undefined ? {} : { tooltip: failure }),
    icon: icons[state],
    context: connection ? 'mongoConnected' : 'mongoClosed',
    expandable: true,
    connection: id,
  };
}

function stateText({ state, connection }: ConnectionStatus): string {
  switch (state) {
    case 'connecting':
      return t('connecting…');
    case 'failed':
      return t('failed');
    case 'closed':
      return t('not connected');
    case 'connected':
      return connection ? serverText(connection.server) : t('connected');
  }
}

export function databaseRow(parent: MongoNode, name: string, used: boolean): MongoNode {
  const description = used ? { description: t('used by this folder') } : {};
  return {
    id: `${parent.id}/${name}`,
    kind: 'database',
    label: name,
    ...description,
    icon: 'folder-library',
    context: 'mongoDatabase',
    expandable: true,
    parent,
    connection: parent.connection,
    database: name,
  };
}

export function collectionRow(parent: MongoNode, entry: CollectionEntry): MongoNode {
  const { id, connection, database } = parent;
  const { name, type } = entry;
  const description = type === 'collection' ? {} : { description: kindText(type) };
  const icon = type === 'view' ? 'eye' : 'table';
  return {
    id: `${id}/${name}`,
    kind: 'collection',
    label: name,
    ...description,
    icon,
    context: 'mongoCollection',
    expandable: true,
    parent,
    connection,
    database,
    collection: name,
    entry,
  };
}

/** What is known of a collection, then its indexes. */
export function collectionRows(
  parent: MongoNode,
  entry: CollectionEntry,
  details: CollectionDetails | undefined,
): MongoNode[] {
  const rows: MongoNode[] = [];
  const fact = (label: string, description: string | undefined, tooltip?: string): void => {
    if (description === undefined) return;
    rows.push({
      ...inside(parent, label),
      kind: 'fact',
      label,
      description,
      ...(tooltip === undefined ? {} : { tooltip }),
      expandable: false,
    });
  };
  const bytes = (count: number | undefined): string | undefined =>
    count === undefined ? undefined : formatBytes(count);
  const { facts, storageBytes, totalIndexBytes } = details ?? {};
  fact(t('Kind'), entry.viewOn === undefined ? kindText(entry.type) : t('view of {0}', entry.viewOn));
  fact(t('Documents'), facts?.rows === undefined ? undefined : inDigits(facts.rows));
  fact(t('Average size'), bytes(facts?.averageBytes));
  fact(t('On disk'), bytes(storageBytes));
  fact(t('Size of indexes'), bytes(totalIndexBytes));
  const { validation } = entry;
  if (validation) {
    const text = `${oneLine(ejsonText(validation.validator))} · ${validation.level}, ${validation.action}`;
    fact(t('Schema validation'), text, JSON.stringify(validation.validator, undefined, 2));
  } else if (entry.type === 'collection') fact(t('Schema validation'), t('none'));
  return details ? [...rows, ...(facts?.indexes ?? []).map((index) => indexRow(parent, index, details))] : rows;
}

/** Of the options of an index, those that say nothing about it. */
const COMMON_OPTIONS = ['v', 'key', 'name', 'ns', 'background'];

function indexRow(
  parent: MongoNode,
  index: ExistingIndex,
  { indexBytes, unused, redundant }: CollectionDetails,
): MongoNode {
  const key = ejsonText(index.columns);
  const options = Object.keys(index.options).filter(
    (name) => !COMMON_OPTIONS.includes(name) && index.options[name] !== false,
  );
  const { usage } = index;
  const used =
    usage &&
    (usage.operations
      ? t('{0} uses since {1}', inDigits(usage.operations), day(usage.since))
      : t('not used since {0}', day(usage.since)));
  const wider = redundant.find(({ name }) => name === index.name)?.by;
  const size = Object.hasOwn(indexBytes, index.name) ? formatBytes(indexBytes[index.name]) : '';
  const isUnused = unused.includes(index.name);
  const parts = [
    key,
    size,
    ...options,
    used ?? '',
    isUnused ? t('unused') : '',
    wider === undefined ? '' : t('redundant'),
  ];
  const advice = [
    isUnused
      ? t('Unused on this node for a week or longer. Check the other nodes too, then hide it before you drop it.')
      : '',
    wider === undefined ? '' : t('{0} starts with all of its fields. Hide it, wait and see, then drop it.', wider),
  ];
  return {
    ...inside(parent, `index ${index.name}`),
    kind: 'index',
    label: index.name,
    description: parts.filter(Boolean).join(' · '),
    tooltip: [`${index.name} ${key}`, ...advice.filter(Boolean)].join('\n'),
    icon: isUnused || wider !== undefined ? 'warning' : 'list-tree',
    context: 'mongoIndex',
    expandable: false,
    index,
  };
}

export function messageRow(parent: MongoNode, text: string, tooltip = text): MongoNode {
  return {
    ...inside(parent, `message ${text}`),
    kind: 'message',
    label: text,
    tooltip,
    icon: 'info',
    expandable: false,
  };
}

/** What every row below another has. */
export function inside(
  parent: MongoNode,
  name: string,
): Pick<MongoNode, 'id' | 'parent' | 'connection' | 'database' | 'collection'> {
  const { id, connection, database, collection } = parent;
  return {
    id: `${id}#${name}`,
    parent,
    connection,
    ...(database === undefined ? {} : { database }),
    ...(collection === undefined ? {} : { collection }),
  };
}

function kindText(kind: CollectionEntry['type']): string {
  switch (kind) {
    case 'view':
      return t('view');
    case 'timeseries':
      return t('time series');
    case 'capped':
      return t('capped collection');
    case 'collection':
      return t('collection');
  }
}

function day(since: string): string {
  return since.slice(0, 10);
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
}
