import type { Collection, Db } from 'mongodb';

export interface StoredAudit {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly address: string;
}

export interface AuditQuery {
  readonly actor?: string;
  readonly from: Date;
  readonly to: Date;
  /** From 1. */
  readonly page: number;
}

const PAGE_SIZE = 50;

/** Who did what, for as long as the law wants it: the largest collection of the shop. */
export class AuditStore {
  private readonly audits: Collection<StoredAudit>;

  constructor(database: Db) {
    this.audits = database.collection<StoredAudit>('audits');
  }

  /** One page, newest first. */
  async list({ actor, from, to, page }: AuditQuery): Promise<StoredAudit[]> {
    const filter: Record<string, unknown> = { at: { $gte: from, $lt: to } };
    if (actor) filter.actor = actor;
    return this.audits
      .find(filter)
      .sort({ at: -1 })
      .skip((page - 1) * PAGE_SIZE)
      .limit(PAGE_SIZE)
      .toArray();
  }

  /** The page before that moment: how `list` could do it, given an index on actor and at. */
  async listBefore(actor: string, before: Date): Promise<StoredAudit[]> {
    return this.audits
      .find({ actor, at: { $lt: before } })
      .sort({ at: -1 })
      .limit(PAGE_SIZE)
      .toArray();
  }

  /** How often each action was done. */
  async actionsSince(from: Date): Promise<{ action: string; count: number }[]> {
    return this.audits
      .aggregate<{ action: string; count: number }>([
        { $match: { at: { $gte: from } } },
        { $group: { _id: '$action', count: { $sum: 1 } } },
        { $project: { _id: 0, action: '$_id', count: 1 } },
        { $sort: { count: -1 } },
      ])
      .toArray();
  }

  async record(audit: StoredAudit): Promise<void> {
    await this.audits.insertOne(audit);
  }
}
