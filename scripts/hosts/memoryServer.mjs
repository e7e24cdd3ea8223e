// The server of mongodb-memory-server, in a process of its own: node memoryServer.mjs PACKAGE. Prints READY and its URI, or
// FAILED and why.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './paths.mjs';

try {
  const { MongoMemoryServer } = createRequire(join(root, 'package.json'))(process.argv[2]);
  const server = await MongoMemoryServer.create();
  process.once('SIGTERM', () => void server.stop().finally(() => process.exit(0)));
  console.log(`READY ${server.getUri()}`);
} catch (error) {
  console.log(`FAILED ${error.message.replace(/\s+/g, ' ')}`);
  process.exit(1);
}
