/** What is asked of a target by protocol, told by a name. */
export interface Request {
  readonly name: string;
  readonly id: number;
  /** Of the worker that is asked. */
  readonly sessionId?: string;
}

const REFUSAL = { code: -32000, message: 'An injected fault' };

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { sessionId?: string; message?: string; arguments?: { value?: unknown }[]; objectId?: string };
}

/** Of a message's text; undefined for what is no request. */
export function requestOf(text: string): Request | undefined {
  const { id, method, params } = JSON.parse(text) as Message;
  if (id === undefined || method === undefined) return undefined;
  if (method === 'NodeWorker.sendMessageToWorker') {
    const inner = requestOf(params?.message ?? '{}');
    return inner && { ...inner, name: `worker ${inner.name}`, sessionId: params?.sessionId };
  }
  // Of a function of ours, its own name.
  const called = method === 'Runtime.callFunctionOn' ? params?.arguments?.[0]?.value : undefined;
  return { id, name: typeof called === 'string' ? called : method };
}

export function isAnswerTo({ id, sessionId }: Request, text: string): boolean {
  const message = JSON.parse(text) as Message;
  if (sessionId === undefined) return message.id === id;
  const isFromIt = message.method === 'NodeWorker.receivedMessageFromWorker' && message.params?.sessionId === sessionId;
  return isFromIt && (JSON.parse(message.params?.message ?? '{}') as Message).id === id;
}

/** What the target sends when it refuses the request. */
export function refusalOf({ id, sessionId }: Request): string {
  const refusal = { id, error: REFUSAL };
  if (sessionId === undefined) return JSON.stringify(refusal);
  const params = { sessionId, message: JSON.stringify(refusal) };
  return JSON.stringify({ method: 'NodeWorker.receivedMessageFromWorker', params });
}
