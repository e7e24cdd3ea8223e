import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { MethodResolver, SourceMethod } from '../../../../src/core/heat/methodResolver';
import { frameCategory } from '../../../../src/core/profile/frame';
import type { Frame } from '../../../../src/core/profile/frame';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import type { V8CpuProfile } from '../../../../src/core/profile/v8/v8Profile';
import type { Channel } from '../../../../src/node/channel';
import { openCdpSocket } from '../../../../src/node/inspector/cdpSocket';

export interface ProfiledProgram {
  readonly channel: Channel;
  readonly startedAt: number;
  /** Source frames of a CPU profile of so many ms. */
  profile(ms?: number): Promise<Frame[]>;
}

/** Runs `use` with a Node program under its inspector, and ends the program afterwards. */
export async function withProgram<T>(
  node: string,
  args: readonly string[],
  cwd: string,
  use: (program: ProfiledProgram) => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  // Every marked method must have a frame: inlined functions have none, and neither has code that was compiled while
  // it ran (on-stack replacement) before the profiler started.
  const flags = ['--inspect=127.0.0.1:0', '--no-opt', '--no-maglev', '--no-sparkplug'];
  const child = spawn(node, [...flags, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const ended = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  let channel: Channel | undefined;
  try {
    const url = await waitFor(
      () => /ws:\/\/\S+/.exec(output)?.[0],
      () => output,
    );
    channel = await openCdpSocket(url, { what: 'the test program' });
    const open = channel;
    await open.send('Profiler.enable');
    await open.send('Profiler.setSamplingInterval', { interval: 200 });
    return await use({ channel: open, startedAt, profile: (ms = 700) => profile(open, ms, () => output) });
  } finally {
    channel?.close();
    child.kill('SIGKILL');
    await ended;
  }
}

async function profile(channel: Channel, ms: number, output: () => string): Promise<Frame[]> {
  let isRunning = false;
  for (const deadline = performance.now() + 45_000; performance.now() < deadline;) {
    await channel.send('Profiler.start');
    await delay(isRunning ? ms : 100);
    const { profile: raw } = await channel.send<{ profile: V8CpuProfile }>('Profiler.stop');
    const table = new FrameTable();
    for (const { callFrame } of raw.nodes) table.intern(callFrame);
    // The tools need a moment to compile before the program runs; the profile counts that begins after that.
    if (isRunning) return table.frames.filter((frame) => frameCategory(frame) === 'source');
    const own = table.frames.filter(({ url }) => url && !/^node:|node_modules/.test(url));
    isRunning = own.length >= 5 || own.some(({ functionName }) => functionName === 'burn');
  }
  throw new Error(`the program did not get going: ${output()}`);
}

async function waitFor<T>(find: () => T | undefined, output: () => string): Promise<T> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await delay(10)) {
    const found = find();
    if (found !== undefined) return found;
  }
  throw new Error(`no inspector: ${output()}`);
}

/** `name:line` (0-based) of every method that a fixture marks with a `// method NAME` comment. */
export function markedMethods(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .flatMap((text, line) => {
      const name = /\/\/ method (.+)$/.exec(text)?.[1];
      return name === undefined ? [] : [`${name}:${line}`];
    });
}

/**
 * Every marked method of `file` must be found, at its line; methods without a mark may be found as well, but no frame with
 * the name of a marked one may lead anywhere else.
 */
export function assertAllFound(resolver: MethodResolver, frames: readonly Frame[], file: string): void {
  const expected = markedMethods(file);
  assert.ok(expected.length > 0, `${file} has no marks`);
  const found = new Set<string>();
  for (const frame of frames) {
    const method = methodOf(resolver, frame);
    if (!method || method.file !== file) continue;
    found.add(placeName(method));
    const marked = expected.find((mark) => nameOfMark(mark) === bareName(frame.functionName));
    // Field initialisers bear the name of the class, as its constructor does.
    if (marked && method.method.kind !== 'fields')
      assert.equal(placeName(method), marked, `${frame.functionName} at ${frame.line}:${frame.column}`);
  }
  assert.deepEqual(
    expected.filter((mark) => !found.has(mark)),
    [],
    describeAll(resolver, frames),
  );
}

export function methodOf(resolver: MethodResolver, frame: Frame): SourceMethod | undefined {
  const resolution = resolver.resolveFrame(frame);
  return 'method' in resolution ? resolver.methods[resolution.method] : undefined;
}

export function placeName({ method }: SourceMethod): string {
  return `${method.name}:${method.nameStart.line}`;
}

function nameOfMark(mark: string): string {
  return mark.slice(0, mark.lastIndexOf(':'));
}

/** `get total` is `total`, `_Cart_secret` is `#secret`. */
function bareName(functionName: string): string {
  return functionName === 'Cart'
    ? 'constructor'
    : functionName.replace(/^get /, '').replace(/^(?:_Cart_)?secret$/, '#secret');
}

export function describeAll(resolver: MethodResolver, frames: readonly Frame[]): string {
  return frames
    .map((frame) => {
      const method = methodOf(resolver, frame);
      const result = method ? `${method.file} ${placeName(method)}` : JSON.stringify(resolver.resolveFrame(frame));
      return `${frame.url.slice(-40)} ${frame.functionName || '(anonymous)'} ${frame.line}:${frame.column} -> ${result}`;
    })
    .join('\n');
}
