import { cpuSampling } from './cpuSampling';
import { heapSampling } from './heapSampling';
import { interruptSampling } from './interruptSampling';
import type { CreateInstrument, Instrument, InstrumentContext, Parts } from './instrument';

/** Every instrument of an isolate, in the order in which they are started and asked. */
const INSTRUMENTS = {
  // First: stacks have whole names of scripts, and profiles do not.
  interrupts: interruptSampling,
  cpu: cpuSampling,
  heap: heapSampling,
};

/** Those that belong to the measuring of memory; all others belong to that of time. */
const OF_HEAP: ReadonlySet<string> = new Set<keyof typeof INSTRUMENTS>(['heap']);

/** An instrument, and with what of an isolate it is switched on and off. */
export interface TableInstrument {
  readonly part: keyof Parts;
  readonly instrument: Instrument;
}

type Table = typeof INSTRUMENTS;

/** By instrument: what it delivers. */
export type Windows = { readonly [K in keyof Table]: Table[K] extends CreateInstrument<infer Window> ? Window : never };

/** By instrument: who takes what it delivers. */
export type WindowSink = { readonly [K in keyof Windows]: (window: Windows[K]) => void };

export function createInstruments(context: InstrumentContext, sink: WindowSink): TableInstrument[] {
  const create = <K extends keyof Windows>(name: K): TableInstrument => {
    const table: { readonly [N in keyof Windows]: CreateInstrument<Windows[N]> } = INSTRUMENTS;
    return { part: OF_HEAP.has(name) ? 'heap' : 'cpu', instrument: table[name](context, sink[name]) };
  };
  return (Object.keys(INSTRUMENTS) as (keyof Windows)[]).map(create);
}
