import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nodeNotFound } from './launchErrors';
import type { NodeFacts } from './launchPlan';

const run = promisify(execFile);

/** Asks the Node that will run the script. Throws `nodeNotFound`. */
export async function nodeFacts(node: string, cwd: string, signal: AbortSignal): Promise<NodeFacts> {
  // NODE_OPTIONS may preload something slow, or an inspector; ELECTRON_RUN_AS_NODE is the editor's own.
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _electron, ...env } = process.env;
  const script = 'JSON.stringify({ version: process.versions.node, typescript: process.features.typescript || false })';
  try {
    const { stdout } = await run(node, ['-p', script], { cwd, env, signal, timeout: 10_000 });
    return JSON.parse(stdout) as NodeFacts;
  } catch (error) {
    if (signal.aborted) throw error;
    throw nodeNotFound(node, error);
  }
}
