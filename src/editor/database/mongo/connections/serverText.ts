import { t } from '@vscode/l10n';
import type { DatabaseServer } from '../../connections/connection';

/** `MongoDB 7.0.4, replica set`. */
export function serverText({ product, version, topology }: DatabaseServer): string {
  const products: Readonly<Record<string, string>> = {
    mongodb: 'MongoDB',
    embedded: t('embedded demo database'),
    documentdb: 'Azure DocumentDB',
    'amazon-documentdb': 'Amazon DocumentDB',
    cosmos: 'Azure Cosmos DB',
    ferretdb: 'FerretDB',
  };
  const topologies: Readonly<Record<string, string>> = {
    replicaSet: t('replica set'),
    sharded: t('sharded'),
    loadBalanced: t('load balanced'),
  };
  const name = `${products[product] ?? t('unknown server')} ${version}`.trim();
  return Object.hasOwn(topologies, topology) ? `${name}, ${topologies[topology]}` : name;
}
