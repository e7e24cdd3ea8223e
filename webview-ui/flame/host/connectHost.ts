import type { FlameHostSide, FlamePageSide, FlameState } from '../../../src/core/protocol/flame';
import { flameHostGuards, flamePageGuards } from '../../../src/core/protocol/flameGuards';
import { connectEditor, type HostChannel } from '../../common/hostChannel';
import { embeddedProfile, reportChannel } from './report';

export type FlameHost = HostChannel<FlamePageSide, FlameHostSide, FlameState>;

export function connectHost(): FlameHost {
  const embedded = embeddedProfile();
  return embedded ? reportChannel(embedded) : connectEditor(flamePageGuards, flameHostGuards, 1);
}
