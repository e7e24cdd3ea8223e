import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { someValue } from '../values/paths';

const STOP_WORDS = new Set(
  (
    'a about above after again against all am an and any are as at be because been before being below between both but by could did do does doing down during each few for from ' +
    'further had has have having he her here hers herself him himself his how i if in into is it its itself me more most my myself no nor not of off on once only or other ' +
    'ought our ours ourselves out over own same she should so some such than that the their theirs them themselves then there these they this those through to too under ' +
    'until up very was we were what when where which while who whom why with would you your yours yourself yourselves'
  ).split(' '),
);

/** The English stem of a word: plural and the commonest endings only. */
function stem(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  return word
    .replace(/sses$/, 'ss')
    .replace(/ies$/, 'i')
    .replace(/s$/, '')
    .replace(/(?<=[aeiouy].*)(?:ing|ed)$/, '')
    .replace(/(?<=[^aeiou]..*)e$/, '')
    .replace(/(?<=[aeiou].*)y$/, 'i');
}

/** The stems of a text in order, stop words left out. */
export function termsOf(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word)).map(stem);
}

/** Field -> weight of a text index. */
export function textWeights(spec: Doc): Record<string, number> {
  const given = isDoc(spec.weights) ? spec.weights : {};
  const fields = Object.entries(spec.key as Doc)
    .filter(([, type]) => type === 'text')
    .map(([field]) => field);
  return Object.fromEntries(fields.map((field) => [field, toNumber(given[field]) ?? 1]));
}

/** The score of each term of a document, by the formula of the server: frequency, share of the field, weight. */
export function textScores(doc: Doc, weights: Readonly<Record<string, number>>): Map<string, number> {
  const scores = new Map<string, number>();
  for (const [field, weight] of Object.entries(weights)) {
    someValue(doc, field.split('.'), 0, true, (value) => {
      if (typeof value === 'string') addScores(value, weight, scores);
      return false;
    });
  }
  return scores;
}

function addScores(text: string, weight: number, scores: Map<string, number>): void {
  const terms = termsOf(text);
  const counts = new Map<string, { count: number; frequency: number; exponent: number }>();
  for (const term of terms) {
    const data = counts.get(term) ?? { count: 0, frequency: 0, exponent: 0 };
    data.exponent = data.exponent === 0 ? 1 : data.exponent * 2;
    data.count++;
    data.frequency += 1 / data.exponent;
    counts.set(term, data);
  }
  for (const [term, { count, frequency }] of counts) {
    const share = (0.5 * count) / terms.length + 0.5;
    const whole = text.toLowerCase() === term ? 1.1 : 1;
    scores.set(term, (scores.get(term) ?? 0) + weight * frequency * share * whole);
  }
}

/** Index keys `[term, score]` of a document. */
export function textKeys(doc: Doc, weights: Readonly<Record<string, number>>): unknown[][] {
  return [...textScores(doc, weights)];
}
