import { startEmbeddedMongo } from './server';

const USAGE = 'Usage: demo:mongo [--port N] [--host LOOPBACK]';

function readOptions(args: readonly string[]): { port?: number; host?: string } {
  const options: { port?: number; host?: string } = {};
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split('=', 2);
    const value = inline ?? args[++i];
    if (name === '--port' && /^\d{1,5}$/.test(value ?? '') && Number(value) < 65536) options.port = Number(value);
    else if (name === '--host' && value) options.host = value;
    else throw new Error(`Unknown or incomplete option ${name}. ${USAGE}`);
  }
  return options;
}

async function main(): Promise<void> {
  const server = await startEmbeddedMongo(readOptions(process.argv.slice(2)));
  console.log(`The embedded demo database of Heatlens (not MongoDB; in memory, empty) listens on ${server.uri}`);
  console.log('Ctrl-C ends it.');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  const busy = (error as { code?: unknown }).code === 'EADDRINUSE';
  console.error(
    busy ? 'The port is taken. Give another one with --port.' : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
