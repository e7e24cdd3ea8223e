import { connectToPid } from '../../src/node/inspector/connect';
import { enterExactMode } from '../../src/node/instruments/exactMode';

/**
 * A Heatlens of its own, for tests that kill it: attaches to the process of its first argument and stays; in exact mode when
 * the second one says so.
 */
async function attach(): Promise<void> {
  const [, , pid, mode] = process.argv;
  const connection = await connectToPid(Number(pid), { onProgress: (message) => void process.send?.(message) });
  connection.onWorker(() => undefined);
  if (mode === 'exact') await enterExactMode(connection, [connection.main.channel]);
  process.send?.('attached');
}

attach().catch((error: unknown) => process.send?.(String(error)));
