import {
  isEvaluationReply,
  isPropertiesReply,
  type EvaluationReply,
  type PropertiesReply,
} from '../../core/protocol/targetGuards';
import type { Channel } from '../channel';

/** Functions of Node's that close over its own `process`, on one version or another. A program may have replaced some. */
const CANDIDATES = [
  'queueMicrotask',
  'Buffer',
  'EventTarget',
  'Event',
  'BroadcastChannel',
  'WebSocket',
  'setTimeout',
  'crypto.randomUUID',
  "Object.getOwnPropertyDescriptor(globalThis, 'crypto').get",
];

/**
 * Node's own `process` in a target whose global of that name is something else and whose `require` leads nowhere: V8 shows
 * what functions close over, which no program can change. The object's id, or undefined.
 */
export async function findNodeProcess(
  channel: Channel,
  options: { timeoutMs?: number } = {},
): Promise<string | undefined> {
  const propertiesOf = (objectId: string): Promise<PropertiesReply> =>
    channel.send<PropertiesReply>(
      'Runtime.getProperties',
      { objectId, ownProperties: true },
      { ...options, answer: isPropertiesReply },
    );
  for (const expression of CANDIDATES) {
    const { result } = await channel.send<EvaluationReply>(
      'Runtime.evaluate',
      { expression, silent: true },
      { ...options, answer: isEvaluationReply },
    );
    if (!result?.objectId) continue;
    const scopes = (await propertiesOf(result.objectId)).internalProperties?.find(({ name }) => name === '[[Scopes]]');
    if (!scopes?.value?.objectId) continue;
    for (const scope of (await propertiesOf(scopes.value.objectId)).result ?? []) {
      if (!scope.value?.objectId || scope.value.description?.startsWith('Global')) continue;
      const { result: variables } = await propertiesOf(scope.value.objectId);
      const found = variables?.find(({ name }) => name === 'process')?.value?.objectId;
      if (found && (await isProcess(channel, found, options))) return found;
    }
  }
  return undefined;
}

async function isProcess(channel: Channel, objectId: string, options: { timeoutMs?: number }): Promise<boolean> {
  const functionDeclaration =
    'function () { return typeof this.pid === "number" && typeof this._debugEnd === "function"; }';
  const reply = await channel.send<EvaluationReply>(
    'Runtime.callFunctionOn',
    { objectId, functionDeclaration, returnByValue: true, silent: true },
    { ...options, answer: isEvaluationReply },
  );
  return reply.result?.value === true;
}
