export interface BudgetLimits {
  readonly files: number;
  readonly bytes: number;
}

/** What may still be read for one thing. */
export interface ReadBudget {
  readonly limits: BudgetLimits;
  /** False when a file of this size is too many; only `takeBytes` counts its bytes. */
  takeFile(size: number): boolean;
  /** False when these bytes, which were read, are too many. */
  takeBytes(bytes: number): boolean;
}

/** More than the largest programs have, less than fills a machine's memory. */
const USUAL_LIMITS: BudgetLimits = { files: 20_000, bytes: 1024 ** 3 };

export function createReadBudget(limits: BudgetLimits = USUAL_LIMITS): ReadBudget {
  let files = 0;
  let bytes = 0;
  return {
    limits,
    takeFile(size) {
      if (files >= limits.files || bytes + size > limits.bytes) return false;
      files++;
      return true;
    },
    takeBytes(more) {
      bytes += more;
      return bytes <= limits.bytes;
    },
  };
}
