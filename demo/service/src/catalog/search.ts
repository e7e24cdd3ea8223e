import type { Product } from './catalog';

export interface SearchResult {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly score: number;
}

interface Entry {
  readonly product: Product;
  readonly words: readonly string[];
}

/** Finds products even when the words are misspelt. */
export class ProductSearch {
  private readonly entries: readonly Entry[];

  constructor(catalog: readonly Product[]) {
    this.entries = catalog.map((product) => ({ product, words: tokenize(product.name) }));
  }

  find(text: string, limit: number): SearchResult[] {
    const words = tokenize(text);
    const results: SearchResult[] = [];
    for (const { product, words: productWords } of this.entries) {
      const score = this.relevance(words, productWords);
      if (score > 0.6) results.push({ sku: product.sku, name: product.name, priceCents: product.priceCents, score });
    }
    return results.sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** 0..1: how well the best matching words of the product fit. */
  private relevance(words: readonly string[], productWords: readonly string[]): number {
    let sum = 0;
    for (const word of words) {
      let best = 0;
      for (const candidate of productWords) {
        const length = Math.max(word.length, candidate.length);
        best = Math.max(best, 1 - typingDistance(word, candidate) / length);
      }
      sum += best;
    }
    return words.length === 0 ? 0 : sum / words.length;
  }
}

const longest = 64;
let beforePrevious = new Float64Array(longest + 1);
let previous = new Float64Array(longest + 1);
let current = new Float64Array(longest + 1);

const keyboardRows = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/**
 * What it takes to make one word of the other: letters inserted or removed count 1, replaced ones 1 or, when their keys
 * are neighbours, 0.5; two neighbouring letters in the wrong order count 1.
 */
export function typingDistance(wordA: string, wordB: string): number {
  const a = wordA.length > longest ? wordA.slice(0, longest) : wordA;
  const b = wordB.length > longest ? wordB.slice(0, longest) : wordB;
  for (let column = 0; column <= b.length; column += 1) previous[column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    const letter = a[row - 1];
    current[0] = row;
    for (let column = 1; column <= b.length; column += 1) {
      const other = b[column - 1];
      let replace = 0;
      if (letter !== other) {
        replace = 1;
        for (const keys of keyboardRows) {
          const place = keys.indexOf(letter);
          if (place >= 0 && (keys[place - 1] === other || keys[place + 1] === other)) replace = 0.5;
        }
      }
      let best = previous[column - 1] + replace;
      if (previous[column] + 1 < best) best = previous[column] + 1;
      if (current[column - 1] + 1 < best) best = current[column - 1] + 1;
      if (row > 1 && column > 1 && letter === b[column - 2] && a[row - 2] === other) {
        best = Math.min(best, beforePrevious[column - 2] + 1);
      }
      current[column] = best;
    }
    const free = beforePrevious;
    beforePrevious = previous;
    previous = current;
    current = free;
  }
  return previous[b.length];
}

export function tokenize(text: string): string[] {
  return text.toLowerCase().split(/\W+/).filter(Boolean);
}
