import { t } from '@vscode/l10n';
import { asNumber } from '../../../core/mongo/plan/values';
import type { MongoConnection } from '../../../node/mongo/mongoConnection';

export interface ProfilerLevel {
  /** 0 off, 1 slow operations, 2 all */
  readonly level: number;
  readonly slowMs: number;
}

export async function statusOf(connection: MongoConnection, database: string): Promise<ProfilerLevel> {
  const { was, slowms } = await connection.run(database, { profile: -1 }, { readPreference: 'primary' });
  return { level: asNumber(was) ?? 0, slowMs: asNumber(slowms) ?? 100 };
}

export async function setLevel(connection: MongoConnection, database: string, { level, slowMs }: ProfilerLevel): Promise<void> {
  await connection.run(database, { profile: level, slowms: slowMs }, { readPreference: 'primary' });
}

export function levelText({ level, slowMs }: ProfilerLevel): string {
  if (level === 0) return t('Off');
  return level === 1 ? t('Records operations slower than {0} ms', slowMs) : t('Records all operations');
}
