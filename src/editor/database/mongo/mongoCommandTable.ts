import * as vscode from 'vscode';
import { createIndexText } from '../../../core/database/mongo/indexes/createIndex';
import type { CommandTable, MongoCommandName } from '../../contributions';
import { tell, toClipboard } from '../../messages/tell';
import type { StatementModel } from '../statements/statementModel';
import type { MongoConnections } from './connections/mongoConnections';
import { findShapeStatements } from './profiler/findShapeStatements';
import type { ProfilerControl } from './profiler/profilerControl';
import { setProfilingLevel, showProfiler } from './profiler/setProfilingLevel';
import type { MongoTree } from './tree/mongoTree';
import type { MongoNode } from './tree/mongoTreeModel';
import { showCollection } from './tree/showCollection';

export interface MongoCommandServices {
  readonly connections: MongoConnections;
  readonly profiler: ProfilerControl;
  readonly tree: MongoTree;
  readonly statements: StatementModel;
}

export function mongoCommandTable(services: MongoCommandServices): CommandTable<MongoCommandName> {
  const { connections, tree } = services;
  const nodeOf = (given: unknown): Partial<MongoNode> => (tree.isRow(given) ? given : {});
  /** Other extensions may name one by its id where that changes nothing. */
  const connectionOf = (given: unknown): string | undefined => {
    const { connection } = (given ?? {}) as { connection?: unknown };
    return typeof connection === 'string' && connections.saved.find(connection) ? connection : undefined;
  };
  return {
    addMongoConnection: async (given) => (await connections.add(given))?.id,
    pickMongoConnection: () => connections.pickFor(),
    pickMongoDatabase: (node) => {
      const { connection, database } = nodeOf(node);
      return connections.pickDatabaseFor(undefined, connection, database);
    },
    renameMongoConnection: (node) => connections.rename(nodeOf(node).connection),
    removeMongoConnection: (node) => connections.remove(nodeOf(node).connection),
    testMongoConnection: async (node) => {
      const tested = await connections.test(connectionOf(node));
      if (tested) tell(vscode.l10n.t('{0} answered in {1} ms', tested.name, Math.round(tested.millis)), 6000);
      return tested;
    },
    disconnectMongo: (node) => connections.disconnect(connectionOf(node)),
    refreshMongo: () => connections.open.forgetFailures(),
    showCollectionFacts: (node) => showCollection(services, nodeOf(node)),
    copyMongoIndex: async (node) => {
      const { collection, index } = nodeOf(node);
      if (collection === undefined || !index) return;
      await toClipboard(createIndexText({ collection, key: index.columns, options: index.options }));
    },
    showMongoProfiler: (node) => showProfiler(services, nodeOf(node)),
    setMongoProfilingLevel: (node) => setProfilingLevel(services, nodeOf(node)),
    findShapeStatements: (node) => findShapeStatements(nodeOf(node).shape),
  };
}
