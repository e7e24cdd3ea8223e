import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { repositoryRoot } from '../support/nodeVersions';

export interface MongoServer {
  readonly uri: string;
  readonly client: MongoClient;
  stop(): Promise<void>;
}

/** The embedded demo database as a process of its own, with products that only a full scan finds. */
export async function startMongo(): Promise<MongoServer> {
  const child = spawn(
    process.execPath,
    [
      join(repositoryRoot, 'node_modules/tsx/dist/cli.mjs'),
      join(repositoryRoot, 'demo/embedded-mongo/src/main.ts'),
      '--port',
      '0',
    ],
    {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
    },
  );
  const uri = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (text: string): void => {
      said += text;
      const found = /mongodb:\/\/[\w.:]+/.exec(said)?.[0];
      if (found) resolve(`${found}/shop`);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the embedded database ended with code ${code}: ${said}`)));
  });
  const client = await new MongoClient(uri).connect();
  return {
    uri,
    client,
    async stop() {
      await client.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
