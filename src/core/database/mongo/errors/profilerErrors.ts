import { HeatlensError } from '../../../errors';

export function profilerOnRouter(connection: string): HeatlensError {
  return new HeatlensError(
    'profilerOnRouter',
    `${connection} is a router of a sharded cluster, and routers have no profiler: each shard has its own.`,
    'Connect to a member of a shard (directConnection=true) to profile what that shard does.',
  );
}

export function profilerReadOnly(connection: string): HeatlensError {
  return new HeatlensError(
    'profilerReadOnly',
    `${connection} is read-only, so its profiler cannot be changed.`,
    'Change it on a server that takes writes; what system.profile holds already can be read.',
  );
}

export function profilerNotAllowed(database: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'profilerNotAllowed',
    `The login may not use the profiler of the database ${database}.`,
    `Use a login with the role dbAdmin on ${database}; hosted databases may allow it to nobody.`,
    { cause },
  );
}

export function profilerIgnored(database: string): HeatlensError {
  return new HeatlensError(
    'profilerIgnored',
    `The server accepted the profiling level of ${database} and did not take it over.`,
    'Use the profiler of the hosting provider, or a server of your own.',
  );
}
