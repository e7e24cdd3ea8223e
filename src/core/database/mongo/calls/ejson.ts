import type { TypedLiteral, Value } from '../../../evaluate/value';

/** A value of a type of BSON, by its canonical EJSON. */
export function bsonLiteral(ejson: Readonly<Record<string, unknown>>): Value {
  return { kind: 'typed', value: { type: 'library', value: ejson } };
}

/** Canonical EJSON of a value that is written out. */
export function ejsonOf(value: TypedLiteral): unknown {
  switch (value.type) {
    case 'date':
      return { $date: { $numberLong: String(value.millis) } };
    case 'regex':
      return { $regularExpression: { pattern: value.pattern, options: value.options } };
    case 'library':
      return value.value;
  }
}
