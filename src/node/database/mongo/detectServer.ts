import { asDocument, asText, type EjsonDocument } from '../../../core/ejson/documents';
import { readConnectionString } from '../../../core/database/mongo/connection/connectionString';
import type { ServerInfo } from './mongoConnection';

/** Who answers, from the replies to `hello` and `buildInfo` (empty where they were refused) and the hosts' names. */
export function serverInfo(hello: EjsonDocument, buildInfo: EjsonDocument, uri: string, balanced: boolean): ServerInfo {
  return {
    version: asText(buildInfo.version) ?? 'unknown',
    product: productOf(hello, buildInfo, uri),
    topology: topologyOf(hello, balanced),
  };
}

const HOSTED: readonly (readonly [RegExp, ServerInfo['product']])[] = [
  [/\.mongocluster\.cosmos\.azure\.com$/i, 'documentdb'],
  [/\.(mongo\.cosmos\.azure|documents\.azure|mongo\.cosmos\.(?:windows|azure))\.(com|us|cn|net)$/i, 'cosmos'],
  [/\.docdb(-elastic)?(\.[\w-]+)*\.amazonaws\.com(\.cn)?$/i, 'amazon-documentdb'],
];

function productOf(hello: EjsonDocument, buildInfo: EjsonDocument, uri: string): ServerInfo['product'] {
  if (asDocument(buildInfo.heatlens)?.embedded === true) return 'embedded';
  // FerretDB 2 runs on the DocumentDB extension, so it is asked about first.
  if (Object.keys(buildInfo).some((key) => /^ferretdb/i.test(key))) return 'ferretdb';
  if (
    asDocument(buildInfo.internal)?.documentdb_versions ??
    asDocument(hello.internal)?.documentdb_versions ??
    buildInfo.documentdb_versions
  )
    return 'documentdb';
  const hosts = (readConnectionString(uri)?.hosts ?? '').split(',').map((host) => host.replace(/:\d+$/, ''));
  for (const [pattern, product] of HOSTED) if (hosts.some((host) => pattern.test(host))) return product;
  if (hello.setName === 'globaldb' || '_t' in buildInfo) return 'cosmos';
  // Only MongoDB tells which revision of its sources it was built from.
  if (Array.isArray(buildInfo.storageEngines) || asText(buildInfo.gitVersion) !== undefined) return 'mongodb';
  return 'unknown';
}

function topologyOf(hello: EjsonDocument, balanced: boolean): ServerInfo['topology'] {
  if (balanced) return 'loadBalanced';
  if (hello.msg === 'isdbgrid') return 'sharded';
  return asText(hello.setName) === undefined ? 'single' : 'replicaSet';
}
