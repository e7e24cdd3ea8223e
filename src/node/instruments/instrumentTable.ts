import { cpuSampling } from './cpuSampling';
import { heapSampling } from './heapSampling';
import type { CreateInstrument, Instrument, InstrumentContext } from './instrument';

/** Every instrument of an isolate, in the order in which they are started and asked. */
const INSTRUMENTS = {
  cpu: cpuSampling,
  heap: heapSampling,
};

type Table = typeof INSTRUMENTS;

/** By instrument: what it delivers. */
export type Windows = { readonly [K in keyof Table]: Table[K] extends CreateInstrument<infer Window> ? Window : never };

/** By instrument: who takes what it delivers. */
export type WindowSink = { readonly [K in keyof Windows]: (window: Windows[K]) => void };

export function createInstruments(context: InstrumentContext, sink: WindowSink): Instrument[] {
  const create = <K extends keyof Windows>(name: K): Instrument => {
    const table: { readonly [N in keyof Windows]: CreateInstrument<Windows[N]> } = INSTRUMENTS;
    return table[name](context, sink[name]);
  };
  return (Object.keys(INSTRUMENTS) as (keyof Windows)[]).map(create);
}
