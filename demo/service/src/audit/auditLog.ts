export interface AuditEntry {
  readonly kind: string;
  readonly at: number;
  readonly text: string;
}

/** The last so many things that happened. */
export class AuditLog {
  private readonly entries: AuditEntry[] = [];

  constructor(private readonly limit: number) {}

  record(kind: string, details: object): void {
    const at = Date.now();
    this.entries.push({ kind, at, text: this.describe(kind, details, at) });
    if (this.entries.length > this.limit) this.entries.shift();
  }

  latest(count: number): readonly AuditEntry[] {
    return this.entries.slice(-count);
  }

  /** Names and values of everything in the details, nested ones with their path. */
  private describe(kind: string, details: object, at: number): string {
    let fields: Record<string, unknown> = { kind, at };
    for (const [path, value] of flatten('', details)) fields = { ...fields, [path]: value };
    return Object.entries(fields)
      .map(([path, value]) => `${path}=${String(value)}`)
      .join(' ');
  }
}

function flatten(prefix: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(prefix ? `${prefix}.${key}` : key, inner));
}
