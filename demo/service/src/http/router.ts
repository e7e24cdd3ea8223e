import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Request {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
}

export type Handler = (request: Request, response: ServerResponse) => void | Promise<void>;

/** An answer that is not 200, with its reason. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class Router {
  private readonly routes = new Map<string, Handler>();

  get(path: string, handler: Handler): void {
    this.routes.set(`GET ${path}`, handler);
  }

  post(path: string, handler: Handler): void {
    this.routes.set(`POST ${path}`, handler);
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://shop.local');
    const handler = this.routes.get(`${message.method} ${url.pathname}`);
    if (!handler) return sendJson(response, 404, { error: `no route for ${message.method} ${url.pathname}` });
    try {
      await handler({ message, query: url.searchParams }, response);
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 400;
      sendJson(response, status, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export async function readJson<T>(message: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}
