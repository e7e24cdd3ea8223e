import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HeatlensApi } from '../../src/extension';
import { repositoryRoot } from '../support/nodeVersions';

export const extensionId = 'heatlens.heatlens';

/** The extension's exports, once it is active. */
export async function heatlens(): Promise<HeatlensApi> {
  const extension = vscode.extensions.getExtension<HeatlensApi>(extensionId);
  assert.ok(extension);
  return extension.activate();
}

export const workspaceFolder = join(repositoryRoot, 'test/fixtures/workspaces/shop');
export const pricingFile = join(workspaceFolder, 'src/pricing.ts');
export const pricingUri = vscode.Uri.file(pricingFile);

/** A service that was started without any flag. */
export interface Service {
  readonly pid: number;
  /** How many turns it has done; rejects when it no longer serves. */
  turns(): Promise<number>;
  stop(): Promise<void>;
}

export function startService(): Promise<Service> {
  const child = spawn('node', ['lib/service.js'], {
    cwd: workspaceFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: undefined },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the service ended with code ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const port = /listening on (\d+)/.exec(text)?.[1];
      if (port) resolve(serviceOf(child, Number(port)));
    });
    child.stderr.resume();
  });
}

function serviceOf(child: ChildProcess, port: number): Service {
  assert.ok(child.pid);
  return {
    pid: child.pid,
    async turns() {
      const reply = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
      return ((await reply.json()) as { turns: number }).turns;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Polls until `probe` gives something else than undefined or false; the last problem is part of the error. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (let problem: unknown; ; await sleep(100)) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > end)
      throw new Error(`waited ${ms / 1000} s in vain: ${what}${problem ? ` (${String(problem)})` : ''}`);
  }
}

type ProcessItem = vscode.QuickPickItem & { readonly process?: { readonly pid: number } };

/** Attaches as people do: the process is checked in the picker, and the picker accepted. */
export async function attachTo(pid: number): Promise<void> {
  const { createQuickPick } = vscode.window;
  const opened = new Promise<vscode.QuickPick<ProcessItem>>((resolve) => {
    const observed = (): vscode.QuickPick<ProcessItem> => {
      const pick = createQuickPick<ProcessItem>();
      resolve(pick);
      return pick;
    };
    Object.assign(vscode.window, { createQuickPick: observed });
  });
  try {
    const attached = vscode.commands.executeCommand('heatlens.attachToProcess');
    const pick = await Promise.race([opened, attached.then(() => assert.fail('no picker was shown'))]);
    const item = await waitFor(`${pid} in the picker`, () => pick.items.find(({ process }) => process?.pid === pid));
    pick.selectedItems = [item];
    // What is set reaches the window with the next tick.
    await sleep(100);
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await attached;
  } finally {
    Object.assign(vscode.window, { createQuickPick });
  }
}

export interface Lens {
  /** 1-based, as people count. */
  readonly line: number;
  readonly title: string;
}

/** Our lenses as the editor would show them, resolved. */
export async function lensesOf(uri: vscode.Uri): Promise<Lens[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return lenses
    .filter((lens) => lens.command?.command.startsWith('heatlens.'))
    .map((lens) => ({ line: lens.range.start.line + 1, title: lens.command?.title ?? '' }));
}

/** 1-based line of the first line of a file that contains the text. */
export function lineOf(text: string, file = pricingFile): number {
  const index = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  assert.ok(index >= 0, `${file} has no line with ${text}`);
  return index + 1;
}

/** Loopback ports that a process listens on, from /proc: proves that an inspector is open or closed again. */
export async function listeningPorts(pid: number): Promise<number[]> {
  const { readdir, readlink, readFile } = await import('node:fs/promises');
  const inodes = new Set<string>();
  for (const descriptor of await readdir(`/proc/${pid}/fd`)) {
    const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode) inodes.add(inode);
  }
  const rows = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).trim().split('\n').slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && inodes.has(columns[9]))
    .map((columns) => parseInt(columns[1].split(':')[1], 16));
}
