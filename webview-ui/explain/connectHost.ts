import type { ExplainHostSide, ExplainPageSide, ExplainPageState } from '../../src/core/protocol/explain';
import { explainHostGuards, explainPageGuards } from '../../src/core/protocol/explainGuards';
import { connectEditor, type HostChannel } from '../common/hostChannel';

export type ExplainHost = HostChannel<ExplainPageSide, ExplainHostSide, ExplainPageState>;

export function connectHost(): ExplainHost {
  return connectEditor(explainPageGuards, explainHostGuards, 1);
}
