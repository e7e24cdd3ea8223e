import type { TextChange } from '../textChange';
import {
  beginsClass,
  beginsDeclaration,
  continues,
  isMemberBoundary,
  isStatementBoundary,
  regexMayStand,
} from './boundaries';
import { keptParts, sameFrom, type EarlierSplit, type PartStart } from './earlierSplit';
import { endOfComment, endOfRegex, endOfString, endOfTemplateText, isWord } from './scan';
import type { Slot } from '../slot';

export interface JavaScriptSplit {
  readonly slots: readonly Slot[];
  /** By slot; undefined where brackets do not match, and the next version has to be read from its start. */
  readonly starts: readonly PartStart[] | undefined;
}

/**
 * The parts of a JavaScript or TypeScript file: one or more statements of the top level, heads of classes, members of
 * classes. Told by brackets and lines alone, so that only parts that matter need to be parsed. A part never begins inside a
 * statement or a member; where it is not sure that one ends, the part goes on.
 *
 * Where brackets do not match, a part also ends where a line begins as parts begin in formatted code.
 *
 * With the split of the text before a change, only what the change may have to do with is read.
 */
export function splitJavaScript(text: string, before?: JavaScriptSplit, change?: TextChange): JavaScriptSplit {
  const strict = new Splitter(text, false);
  if (before?.starts && change) strict.goOnFrom({ slots: before.slots, starts: before.starts, change });
  if (strict.run()) return { slots: strict.slots, starts: strict.starts };
  const lenient = new Splitter(text, true);
  lenient.run();
  return { slots: lenient.slots, starts: undefined };
}

/** Looks to the end of a line or of the text for something that is not there. */
const MAX_VAIN_LOOKS = 8;
/** Characters. */
const LONG_PART = 8_000;
const NEW_LINE = 10;
const STAR = 42;
const SLASH = 47;
const SEMICOLON = 59;
const AT = 64;
const BACKTICK = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

class Splitter {
  readonly slots: Slot[] = [];
  readonly starts: PartStart[] = [];
  private earlier: EarlierSplit | undefined;
  /** The first slot of before that may begin where this one is. */
  private earlierIndex = 0;
  private at = 0;
  /** Open brackets of any kind; the body of a class is one. */
  private depth = 0;
  /** Depths at which the braces of a template's `${` stand. */
  private readonly templates: number[] = [];
  private lineStart = 0;
  private isFresh = true;
  /** Of the part that is being read; -1 between parts. */
  private start = -1;
  private startedWith: PartStart = { inClass: false, previous: 0, word: '' };
  private end = 0;
  /** Last character that counts, and the word that it ends. */
  private previous = 0;
  private word = '';
  private inClass = false;
  private memberColumn = -1;
  /** The part begins as a class: angle brackets that are open in its head, and whether the word itself was met. */
  private awaitsClass = false;
  private sawClass = false;
  private angles = 0;
  /** How often the end of a regular expression on this line, and of a template, was looked for in vain. */
  private openRegexes = 0;
  private openTemplates = 0;

  constructor(
    private readonly text: string,
    private readonly isLenient: boolean,
  ) {}

  /** Takes over the parts that stand before a change. */
  goOnFrom(earlier: EarlierSplit): void {
    const kept = keptParts(earlier);
    this.earlier = earlier;
    if (kept <= 0) return;
    const { slots, starts } = earlier;
    for (let index = 0; index < kept; index++) {
      this.slots.push(slots[index]);
      this.starts.push(starts[index]);
    }
    this.earlierIndex = kept;
    const { inClass, previous, word } = starts[kept];
    this.at = slots[kept].from;
    this.inClass = inClass;
    this.depth = inClass ? 1 : 0;
    this.previous = previous;
    this.word = word;
  }

  /** Behind the change a part begins as one did before: so do all that follow. */
  private takeOverRest(): boolean {
    const { earlier, at, inClass, previous, word } = this;
    if (!earlier || at < earlier.change.afterTo) return false;
    const moved = earlier.change.afterTo - earlier.change.beforeTo;
    while (this.earlierIndex < earlier.slots.length && earlier.slots[this.earlierIndex].from < at - moved)
      this.earlierIndex++;
    const index = this.earlierIndex;
    if (!sameFrom(earlier, index, at - moved, { inClass, previous, word })) return false;
    for (const { kind, from, to } of earlier.slots.slice(index))
      this.slots.push({ kind, from: from + moved, to: to + moved });
    for (const start of earlier.starts.slice(index)) this.starts.push(start);
    this.at = this.text.length;
    this.depth = 0;
    this.inClass = false;
    return true;
  }

  /** Whether all brackets match. */
  run(): boolean {
    const { text } = this;
    while (this.at < text.length) {
      const char = text.charCodeAt(this.at);
      if (char === NEW_LINE) {
        this.isFresh = true;
        this.openRegexes = 0;
        this.lineStart = ++this.at;
      } else if (char <= 32 || char === 0xfeff || char === 0xa0) this.at++;
      else if (char === SLASH && this.skipComment()) continue;
      // The end of a comment without a beginning.
      else if (char === STAR && text.charCodeAt(this.at + 1) === SLASH) this.at += 2;
      else if (!this.readToken(char)) return false;
    }
    const isWhole = this.depth === 0 && !this.inClass;
    this.finishPart();
    return isWhole;
  }

  private skipComment(): boolean {
    const { text, at } = this;
    const end = endOfComment(text, at);
    if (end === undefined) return false;
    this.at = end;
    // Looking back from the end would find a line far before the comment.
    const line = text.slice(at, end).lastIndexOf('\n');
    if (line >= 0) {
      this.isFresh = true;
      this.lineStart = at + line + 1;
    }
    return true;
  }

  /** False where brackets do not match and that matters. */
  private readToken(char: number): boolean {
    if (this.isFresh && this.isLenient && this.depth > 0) this.resume(char);
    if (this.depth === (this.inClass ? 1 : 0)) {
      this.beginPart(char);
      if (this.at === this.text.length) return true;
    }
    this.isFresh = false;
    if (isWord(char)) this.readWord();
    else if (!this.readMark(char)) return false;
    this.end = this.at;
    return true;
  }

  /** Brackets that were left open are closed where a line begins as a part does. */
  private resume(char: number): void {
    const column = this.at - this.lineStart;
    const { text, at } = this;
    if (column === 0 && (beginsDeclaration(text, at) || (char === CLOSE_BRACE && this.inClass))) {
      this.templates.length = 0;
      this.depth = this.inClass ? 1 : 0;
      if (char === CLOSE_BRACE) return;
      this.finishPart();
      this.inClass = false;
      this.depth = 0;
    } else if (
      this.inClass &&
      this.depth > 1 &&
      column === this.memberColumn &&
      (isWord(char) || char === AT || char === 35) &&
      !continues(text, at)
    ) {
      this.templates.length = 0;
      this.depth = 1;
      this.finishPart();
    }
  }

  private finishPart(): void {
    if (this.start >= 0) this.addSlot(this.inClass ? 'member' : 'code', this.end);
    this.start = -1;
    this.awaitsClass = false;
  }

  private addSlot(kind: Slot['kind'], to: number): void {
    this.slots.push({ kind, from: this.start, to });
    this.starts.push(this.startedWith);
  }

  /** At the outer depth: whether a new part begins here. */
  private beginPart(char: number): void {
    if (char === CLOSE_BRACE && this.inClass) {
      this.finishPart();
      return;
    }
    if (this.start >= 0 && (this.isFresh ? this.isBoundary() : this.endsOnLine())) this.finishPart();
    if (this.start >= 0 || char === SEMICOLON || this.takeOverRest()) return;
    this.start = this.at;
    this.startedWith = { inClass: this.inClass, previous: this.previous, word: this.word };
    if (this.inClass) {
      if (this.memberColumn < 0) this.memberColumn = this.at - this.lineStart;
      return;
    }
    this.awaitsClass = beginsClass(this.text, this.at);
    this.sawClass = false;
    this.angles = 0;
  }

  private isBoundary(): boolean {
    const { text, at, previous, word, end } = this;
    if (this.inClass) return isMemberBoundary(text, at, { previous, word, end });
    return !this.awaitsClass && isStatementBoundary(text, at, { previous, word, end });
  }

  /** Code without lines is cut where a statement or member certainly ends, so that no part is as large as the file. */
  private endsOnLine(): boolean {
    const { text, at, previous, awaitsClass } = this;
    if (awaitsClass || (previous !== SEMICOLON && previous !== CLOSE_BRACE)) return false;
    if (!isWord(text.charCodeAt(at)) || continues(text, at)) return false;
    // Of a class each member is found by itself, also where several stand on a line.
    if (this.inClass) return true;
    return at - this.start >= LONG_PART && (previous === SEMICOLON || beginsDeclaration(text, at));
  }

  private readWord(): void {
    const { text } = this;
    const from = this.at;
    while (isWord(text.charCodeAt(++this.at)));
    this.word = text.slice(from, this.at);
    this.previous = 97;
    if (this.depth === 0 && this.word === 'class') this.sawClass = true;
  }

  private readMark(char: number): boolean {
    const { text, at } = this;
    this.at++;
    let isOk = true;
    switch (char) {
      case 34:
      case 39:
        this.at = endOfString(text, at);
        break;
      case BACKTICK:
        isOk = this.readTemplate();
        break;
      case SLASH:
        if (this.openRegexes < MAX_VAIN_LOOKS && regexMayStand(this.previous, this.word)) {
          this.at = endOfRegex(text, at);
          if (this.at === at + 1) this.openRegexes++;
        }
        // A regular expression ends an expression as a string does.
        if (this.at > at + 1) char = 34;
        break;
      case OPEN_BRACE:
        if (this.awaitsClass && this.sawClass && this.depth === 0 && this.angles === 0) {
          this.addSlot('class', at);
          this.start = -1;
          this.awaitsClass = false;
          this.inClass = true;
          this.memberColumn = -1;
        }
        this.depth++;
        break;
      case 40:
      case 91:
        this.depth++;
        break;
      case CLOSE_BRACE:
      case 41:
      case 93:
        isOk = this.closeBracket(char);
        break;
      case 60:
        if (this.awaitsClass && this.depth === 0) this.angles++;
        break;
      case 62:
        if (this.awaitsClass && this.depth === 0 && this.previous !== 61) this.angles--;
        break;
      default:
    }
    this.previous = char;
    this.word = '';
    return isOk;
  }

  private closeBracket(char: number): boolean {
    if (this.depth === 0) return this.isLenient;
    this.depth--;
    if (char === CLOSE_BRACE && this.templates.at(-1) === this.depth) {
      this.templates.pop();
      return this.readTemplate();
    }
    if (this.inClass && this.depth === 0) {
      this.inClass = false;
      this.start = -1;
    }
    return true;
  }

  /** The text of a template up to its end or its next `${`. */
  private readTemplate(): boolean {
    const { text } = this;
    const end = this.openTemplates < MAX_VAIN_LOOKS ? endOfTemplateText(text, this.at) : undefined;
    if (end !== undefined) {
      this.at = end;
      if (text.charCodeAt(end - 1) === OPEN_BRACE) this.templates.push(this.depth++);
      return true;
    }
    this.openTemplates++;
    if (!this.isLenient) return false;
    const line = text.indexOf('\n', this.at);
    this.at = line < 0 ? text.length : line;
    return true;
  }
}
