import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './nodeVersions';

export const profileFixtures = join(repositoryRoot, 'test/fixtures/profiles');

/** Text of a profile that a real V8 recorded; `test/fixtures/profiles/record.cjs` says how. */
export function readFixtureText(name: string): string {
  return readFileSync(join(profileFixtures, name), 'utf8');
}

export function readFixture(name: string): unknown {
  return JSON.parse(readFixtureText(name));
}
