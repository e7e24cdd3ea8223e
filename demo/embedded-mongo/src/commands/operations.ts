import { hostname } from 'node:os';
import type { Turns } from '../execution/turns';
import type { Doc } from '../values/types';

/** A command at work. */
export interface Operation {
  readonly id: number;
  readonly began: number;
  readonly connection: number;
  readonly namespace: string;
  readonly name: string;
  readonly command: Doc;
  readonly turns: Turns;
}

/** The commands at work, for `currentOp` and `killOp`. */
export class Operations {
  private readonly running = new Map<number, Operation>();
  private nextId = 1;

  begin(operation: Omit<Operation, 'id' | 'began'>): Operation {
    const begun = { ...operation, id: this.nextId++, began: performance.now() };
    this.running.set(begun.id, begun);
    return begun;
  }

  end({ id }: Operation): void {
    this.running.delete(id);
  }

  /** Lets a command end at its next pause. */
  kill(id: number): void {
    this.running.get(id)?.turns.stop();
  }

  /** Ends what a connection that is gone has asked for. */
  killAll(connection: number): void {
    for (const operation of this.running.values()) if (operation.connection === connection) operation.turns.stop();
  }

  list(): Doc[] {
    return [...this.running.values()].map(({ id, began, connection, namespace, name, command }) => {
      const millis = performance.now() - began;
      return {
        type: 'op',
        host: hostname(),
        desc: `conn${connection}`,
        connectionId: connection,
        client: '127.0.0.1',
        active: true,
        opid: id,
        secs_running: Math.floor(millis / 1000),
        microsecs_running: Math.round(millis * 1000),
        op: OPS[name] ?? 'command',
        ns: namespace,
        command,
      };
    });
  }
}

const OPS: Readonly<Record<string, string>> = {
  find: 'query',
  getMore: 'getmore',
  insert: 'insert',
  update: 'update',
  delete: 'remove',
};
