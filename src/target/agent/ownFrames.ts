import { pathToFileURL } from 'node:url';
import type { AgentCpuProfile, AgentHeapProfile } from '../../core/protocol/agentProtocol';

const bundleUrl = pathToFileURL(__filename).href;

/** What the agent itself costs counts as the runtime's, and not as a file of the application. */
const OWN_URL = 'node:heatlens/agent';

/** Renames the agent's frames in place. */
export function renameInCpuProfile(profile: AgentCpuProfile): AgentCpuProfile {
  for (const { callFrame } of profile.nodes) if (callFrame.url === bundleUrl) callFrame.url = OWN_URL;
  return profile;
}

/** Renames the agent's frames in place. */
export function renameInHeapProfile(profile: AgentHeapProfile): AgentHeapProfile {
  const pending = [profile.head];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.callFrame.url === bundleUrl) node.callFrame.url = OWN_URL;
    for (const child of node.children) pending.push(child);
  }
  return profile;
}
