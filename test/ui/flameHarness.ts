import type { Browser } from 'playwright-core';
import type { FromFlamePage, FlameState, ToFlamePage } from '../../src/core/protocol/flame';
import { encodeColumns } from '../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../src/core/profile/profileColumns';
import { openBuiltPage, type HarnessOptions, type PageHarness } from './pageHarness';

export interface FlameHarness extends PageHarness<ToFlamePage, FromFlamePage> {
  sendProfile(
    columns: ProfileColumns,
    more?: { live?: boolean; titles?: readonly string[]; active?: number; state?: FlameState },
  ): Promise<void>;
  sendComparison(columns: ProfileColumns): Promise<void>;
}

/** The flame graph page; profiles cross as their bytes. */
export async function openFlamePage(browser: Browser, options: HarnessOptions = {}): Promise<FlameHarness> {
  const harness = await openBuiltPage<ToFlamePage, FromFlamePage>(browser, 'flame', options);
  const bytesOf = (columns: ProfileColumns): Buffer => Buffer.from(encodeColumns(columns));
  return {
    ...harness,
    sendProfile: (columns, { live = false, titles = [columns.title], active = 0, state } = {}) =>
      harness.post(bytesOf(columns), { type: 'profile', live, titles, active, state }),
    sendComparison: (columns) => harness.post(bytesOf(columns), { type: 'comparison' }),
  };
}
