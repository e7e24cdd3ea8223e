import { errorText } from '../../../core/errors';
import { readShellValue } from '../../../core/database/mongo/shell/readShellValue';
import type { Hole } from '../../../core/database/statement';
import { ejsonText } from '../../../core/ejson/ejsonText';

type HoleType = Hole['type'];

/** A value of a hole as canonical EJSON, or why the text is none. */
export type HoleReading = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads what a person typed for a hole: JSON, EJSON, or as the shell writes it (`ObjectId('…')`, `ISODate('…')`, `/x/i`).
 * Text needs no quotes where text is asked for. Nothing is ever run.
 */
export function readHole(typed: string, type: HoleType): HoleReading {
  const text = typed.trim();
  switch (type) {
    case 'string':
      return /^["'`]/.test(text) || /^(?:null|undefined)$/.test(text) || /^\{\s*["']?\$/.test(text)
        ? literal(text)
        : { value: typed };
    case 'number': {
      const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
      if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(plain)) return literal(plain.replace(/^\+/, ''));
      return checked(literal(text), isNumber, 'This is not a number.');
    }
    case 'boolean':
      return checked(literal(text), (value) => typeof value === 'boolean', 'Give true or false.');
    case 'date': {
      const plain = text.replace(/^["']|["']$/g, '');
      const millis = Date.parse(plain);
      if (/^\d{4}-/.test(plain)) {
        return Number.isFinite(millis)
          ? { value: { $date: { $numberLong: String(millis) } } }
          : { problem: `There is no such date: ${plain}.` };
      }
      return checked(
        literal(text),
        (value) => isKind(value, '$date'),
        'Give a date such as 2024-05-31 or 2024-05-31T10:00:00Z.',
      );
    }
    case 'objectId': {
      const plain = text.replace(/^["']|["']$/g, '');
      if (/^[\da-f]{24}$/i.test(plain)) return { value: { $oid: plain.toLowerCase() } };
      // Identifiers may be of any type: what is no ObjectId is taken as it is written.
      return literal(text);
    }
    case 'regex':
      if (/^\/.+\/[a-z]*$/s.test(text) || /^(?:\{|(?:new\s+)?RegExp\()/.test(text))
        return checked(
          literal(text),
          (value) => isKind(value, '$regularExpression'),
          'Give a pattern such as /^shoe/.',
        );
      return { value: { $regularExpression: { pattern: typed, options: '' } } };
    case 'array':
      return checked(literal(text), Array.isArray, 'Give a list: ["a", "b"].');
    case 'document':
      return checked(
        literal(text),
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        'Give a document: { field: 1 }.',
      );
    case 'unknown':
      return literal(text);
  }
}

/** The text that `readHole` makes the same value of. */
export function holeText(value: unknown, type: HoleType): string {
  if (type === 'string' && typeof value === 'string') {
    const reading = readHole(value, type);
    return 'value' in reading && reading.value === value && value.trim() === value && value !== ''
      ? value
      : ejsonText(value);
  }
  return ejsonText(value);
}

function literal(text: string): HoleReading {
  try {
    return { value: readShellValue(text) };
  } catch (error) {
    return { problem: errorText(error) };
  }
}

function checked(reading: HoleReading, test: (value: unknown) => boolean, problem: string): HoleReading {
  if ('problem' in reading) return { problem };
  return test(reading.value) || reading.value === null ? reading : { problem };
}

function isNumber(value: unknown): boolean {
  return ['$numberInt', '$numberLong', '$numberDouble', '$numberDecimal'].some((kind) => isKind(value, kind));
}

function isKind(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, kind);
}
