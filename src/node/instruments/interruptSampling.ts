import type { Interval } from '../../core/interval';
import { isAbsolutePath, pathToFileUrl } from '../../core/source/paths';
import type { Frame } from '../../core/profile/frame';
import type { TargetCallSite } from '../../core/protocol/targetFunctions';
import { parseCallSites } from '../../core/protocol/callSiteText';
import { callTarget } from '../inspector/callTarget';
import { isHeatlensError } from '../../core/errors';
import { createInterruptBudget } from './interruptBudget';
import type { CreateInstrument } from './instrument';
import { PATIENT_MS } from './samplingBackend';

/** Stacks of running JavaScript with all their inlined frames, innermost first. A frame stands where it was interrupted. */
export interface InterruptWindow extends Interval {
  readonly stacks: readonly (readonly Frame[])[];
}

/** Frames of each stack: a function and what V8 inlines into it are a few, and what is above them the profile tells. */
const DEPTH = 24;
/** Mean ms between looks at a thread that is busy, and at one that has been seen idle for a while. */
const BUSY_PAUSE_MS = 4;
const IDLE_PAUSE_MS = 12;
const IDLE_AFTER_LOOKS = 10;
/** An answer that took longer was held up by a native call, and shows what came after it. */
const LATE_MS = 40;
/** Stacks of one window, at most. */
const MOST_STACKS = 20_000;

/**
 * Messages to the inspector interrupt JavaScript at its next stack check, where all inlined frames can be seen: what the
 * CPU profiler of V8 13 and before cannot tell of the innermost frame. They are sent only while the thread runs, at random
 * times, within a budget of CPU.
 */
export const interruptSampling: CreateInstrument<InterruptWindow> = (context, deliver) => {
  const { channel, thread } = context;
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;
  let isOn = false;
  let idleLooks = 0;
  let stacks: (readonly Frame[])[] = [];
  let startMs = 0;
  let sampled = 0;
  const budget = createInterruptBudget(thread);

  const ask = async (): Promise<void> => {
    const askedAt = performance.now();
    try {
      const text = await callTarget(channel, 'callSites', [DEPTH], { timeoutMs: PATIENT_MS });
      const sites = text === null ? undefined : parseCallSites(text);
      if (!sites) return turnOff(); // It cannot be had there without the program noticing.
      budget.spend(sites.length > 0);
      if (sites.length === 0 || performance.now() - askedAt > LATE_MS || stacks.length >= MOST_STACKS) return;
      sampled++;
      stacks.push(sites.map(frameOf));
    } catch (error) {
      // What the program has made of its globals does not get better.
      if (isHeatlensError(error, 'targetRefused', 'wrongAnswer')) turnOff();
    }
  };
  const look = (): void => {
    if (!isOn) return;
    if (!asking) {
      const runs = budget.isRunning();
      idleLooks = runs ? 0 : idleLooks + 1;
      if (runs && budget.allows()) {
        asking = ask().finally(() => {
          asking = undefined;
        });
      }
    }
    const meanMs = idleLooks > IDLE_AFTER_LOOKS ? IDLE_PAUSE_MS : BUSY_PAUSE_MS;
    // At random, so that no rhythm of the program's own can hide from it.
    timer = setTimeout(look, meanMs * (0.5 + Math.random())).unref();
  };
  const turnOff = (): void => {
    isOn = false;
    clearTimeout(timer);
  };
  const turnOn = (share: number): void => {
    turnOff();
    if (!thread || share <= 0) return;
    budget.begin(share);
    startMs = Date.now();
    isOn = true;
    look();
  };
  const hand = (): void => {
    const endMs = Date.now();
    if (stacks.length) deliver({ stacks, startMs, endMs });
    stacks = [];
    startMs = endMs;
  };

  void channel.closed.then(turnOff);
  return {
    start(options) {
      turnOn(options.interruptBudget);
      return Promise.resolve();
    },
    dueAt: () => Infinity,
    async tend() {
      await budget.tend(channel);
      hand();
    },
    refresh() {
      hand();
      return Promise.resolve();
    },
    async turn(options) {
      turnOff();
      await asking;
      hand();
      turnOn(options.interruptBudget);
    },
    async stop() {
      turnOff();
      await asking;
      hand();
    },
    get cost() {
      return thread && budget.share() > 0 ? { interruptShare: budget.share(), interruptSamples: sampled } : {};
    },
  };
};

/** V8 counts lines and columns of a call site from 1, and those of a profile's frames from 0; CommonJS has paths here and URLs there. */
function frameOf({ name, url, scriptId, line, column }: TargetCallSite): Frame {
  return {
    functionName: name,
    url: isAbsolutePath(url) ? pathToFileUrl(url) : url,
    scriptId,
    line: line - 1,
    column: column - 1,
  };
}
