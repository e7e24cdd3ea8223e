import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import type { SyntheticProfile } from './syntheticProfile';

const START_US = 1_000_000;

/** What reading the synthetic profile's file gives, without the file. */
export function syntheticColumns(
  { functions, nodeFunctions, parents, samples, deltas }: SyntheticProfile,
  title = 'synthetic',
): ProfileColumns {
  const startsUs = new Float64Array(samples.length);
  const self = new Float64Array(parents.length);
  let now = START_US;
  for (let sample = 0; sample < samples.length; sample++) {
    now += deltas[sample];
    startsUs[sample] = now;
    const lasts = sample + 1 < samples.length ? deltas[sample + 1] : 500;
    if (samples[sample] > 0) self[samples[sample]] += lasts;
  }
  return {
    title,
    frames: functions.map(({ name, scriptId, url, line, column }) => ({
      functionName: name,
      scriptId: String(scriptId),
      url,
      line,
      column,
    })),
    parents,
    nodeFrames: nodeFunctions,
    measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self }],
    timeline: { measure: 0, nodes: samples, startsUs, endUs: now + 500 },
    problems: [],
  };
}
