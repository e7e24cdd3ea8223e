import assert from 'node:assert/strict';
import type { V8CpuProfile, V8HeapNode, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import type { Channel } from '../../../../src/node/channel';
import { until } from '../../../support/agentTarget';

/** Samples whose top frame has that name. */
export function hitsOf(profile: V8CpuProfile, functionName: string): number {
  return profile.nodes
    .filter((node) => node.callFrame.functionName === functionName)
    .reduce((sum, node) => sum + (node.hitCount ?? 0), 0);
}

/** Share of the samples in files of the fixtures, so that neither idle time nor collections nor profilers count; 0..1. */
export function shareOf(profile: V8CpuProfile, functionName: string): number {
  const ofFiles = profile.nodes.filter((node) => node.callFrame.url.endsWith('.cjs'));
  const all = ofFiles.reduce((sum, node) => sum + (node.hitCount ?? 0), 0);
  return hitsOf(profile, functionName) / all;
}

/** The fixtures' hot function has nearly all of their samples. */
export function assertHot(profile: V8CpuProfile): void {
  const names = new Set(profile.nodes.map(({ callFrame }) => callFrame.functionName));
  const listed = [...names].map((name) => `${name} ${hitsOf(profile, name)}`);
  assert.ok(
    hitsOf(profile, 'hotLoop') >= 10 && shareOf(profile, 'hotLoop') > 0.7,
    `samples by function: ${listed.join(', ')}`,
  );
}

/** URLs of the scripts in the profile, each once. */
export function urlsOf(profile: V8CpuProfile): string[] {
  return [...new Set(profile.nodes.map(({ callFrame }) => callFrame.url))];
}

/** Bytes of the nodes with that name. */
export function bytesOf(profile: V8HeapProfile, functionName: string): number {
  let bytes = 0;
  const pending: V8HeapNode[] = [profile.head];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.callFrame.functionName === functionName) bytes += node.selfSize;
    pending.push(...node.children);
  }
  return bytes;
}

export async function valueOf<T>(channel: Channel, expression: string): Promise<T> {
  const reply = await channel.send<{ result: { value: T } }>('Runtime.evaluate', {
    expression,
    includeCommandLineAPI: true,
    returnByValue: true,
  });
  return reply.result.value;
}

/** Waits for so many rounds of the fixtures' work, of some milliseconds each, however busy the machine is. */
export async function worked(channel: Channel, rounds: number): Promise<void> {
  const start = await valueOf<number>(channel, 'rounds');
  await until(
    async () => (await valueOf<number>(channel, 'rounds')) - start >= rounds,
    `${rounds} rounds of work`,
    30_000,
  );
}
