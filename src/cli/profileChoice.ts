import { basename, resolve } from 'node:path';
import type { MeasureKind, ProfileColumns } from '../core/profile/profileColumns';
import { readColumns } from '../node/profiles/readColumns';
import { note } from './output';
import { wholeNumber } from './usage';
import { noSuchProfile, noSuchMeasure, usageError } from './cliErrors';

/** The measures that options name. */
const measureNames = { cpu: 'CPU time', allocated: 'allocated bytes', live: 'live bytes' } as const satisfies Partial<
  Record<MeasureKind, string>
>;
export type MeasureName = keyof typeof measureNames;

export function measureName(value: string | undefined): MeasureName | undefined {
  if (value === undefined || Object.hasOwn(measureNames, value)) return value as MeasureName | undefined;
  throw usageError(`--measure takes cpu, allocated or live, not "${value}"`);
}

/** The profile of a file that `--profile` names (counted from 1), the first one without it; which one it is goes to stderr. */
export async function chosenProfile(file: string, option: string | undefined): Promise<ProfileColumns> {
  const wanted = option === undefined ? undefined : wholeNumber('--profile', option, 1);
  const profiles = await readColumns(resolve(file));
  const index = (wanted ?? 1) - 1;
  if (index >= profiles.length) {
    throw noSuchProfile(basename(file), profiles.length, wanted);
  }
  const profile = profiles[index];
  if (profiles.length > 1 && wanted === undefined) {
    note(
      `${basename(file)} holds ${profiles.length} profiles; this is the first, ${JSON.stringify(profile.title)} (--profile N takes another)`,
    );
  }
  for (const problem of profile.problems) note(`${basename(file)}: ${problem}`);
  return profile;
}

/** Index of the measure of a kind. */
export function measureIndex({ title, measures }: ProfileColumns, kind: MeasureName): number {
  const index = measures.findIndex((measure) => measure.kind === kind);
  if (index >= 0) return index;
  throw noSuchMeasure(
    title,
    measureNames[kind],
    measures.map(({ label }) => label),
  );
}
