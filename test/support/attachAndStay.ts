import { connectToPid } from '../../src/node/inspector/connect';

/** A Heatlens of its own, for tests that kill it: attaches to the process of its argument and stays. */
connectToPid(Number(process.argv[2]), { onProgress: (message) => void process.send?.(message) }).then(
  (connection) => {
    connection.onWorker(() => undefined);
    process.send?.('attached');
  },
  (error: unknown) => {
    process.send?.(String(error));
  },
);
