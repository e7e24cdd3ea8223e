import type { Accuracy } from '../accuracy';

/** What inlining was told apart by is not in the file. */
type FileAccuracy = Exclude<Accuracy, 'calibrated'>;

/** What our own files say beside V8's fields, which other tools pass over. */
export interface ProfileNote {
  heatlens?: { accuracy?: FileAccuracy; measure?: 'live' | 'allocated'; windowMs?: number };
}

/** What a file says about itself. */
export interface OwnNote {
  readonly accuracy: FileAccuracy;
  readonly measure: 'live' | 'allocated';
  /** How long bytes were sampled, ms; 0 where the file does not say. */
  readonly windowMs: number;
}

/** A foreign file is approximate, and a foreign heap profile holds live bytes, which is what V8 records by default. */
export function ownNote({
  accuracy,
  measure,
  windowMs,
}: {
  accuracy?: string;
  measure?: string;
  windowMs?: number;
}): OwnNote {
  return {
    accuracy: accuracy === 'exact' ? 'exact' : 'approximate',
    measure: measure === 'allocated' ? 'allocated' : 'live',
    windowMs: Number.isSafeInteger(windowMs) ? Math.max(0, windowMs!) : 0,
  };
}
