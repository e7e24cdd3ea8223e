import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';

export function profilerOnRouter(connection: string): HeatlensError {
  return new HeatlensError(
    'profilerOnRouter',
    t('{0} is a router of a sharded cluster, and routers have no profiler: each shard has its own.', connection),
    t('Connect to a member of a shard (directConnection=true) to profile what that shard does.'),
  );
}

export function profilerReadOnly(connection: string): HeatlensError {
  return new HeatlensError(
    'profilerReadOnly',
    t('{0} is read-only, so its profiler cannot be changed.', connection),
    t('Change it on a server that takes writes; what system.profile holds already can be read.'),
  );
}

export function profilerNotAllowed(database: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'profilerNotAllowed',
    t('The login may not use the profiler of the database {0}.', database),
    t('Use a login with the role dbAdmin on {0}; hosted databases may allow it to nobody.', database),
    { cause },
  );
}

export function profilerIgnored(database: string): HeatlensError {
  return new HeatlensError(
    'profilerIgnored',
    t('The server accepted the profiling level of {0} and did not take it over.', database),
    t('Use the profiler of the hosting provider, or a server of your own.'),
  );
}
