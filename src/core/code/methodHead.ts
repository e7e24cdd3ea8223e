import type { Language } from './language';
import type { Member } from './syntax';

const METHOD =
  /^((?:(?:public|private|protected|static|override|abstract|async)\s+)*)(?:(get|set)\s+)?(?:\*\s*)?(#?[\w$]+)\s*(?:<[^()=;{}]*>\s*)?\(/;
const PYTHON_METHOD = /^((?:[ \t]*@[^\n]*\n)*)[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/;

/** What the first words of a member tell, where it is a method: its body need not be parsed to know of it. */
export function methodHead(
  text: string,
  language: Language,
): Pick<Member, 'name' | 'isStatic' | 'isGetter'> | undefined {
  if (language === 'python') {
    const [, decorators, name] = PYTHON_METHOD.exec(text.trimStart()) ?? [];
    if (name === undefined) return undefined;
    const isGetter = /@(?:functools\.)?(?:cached_)?property\b/.test(decorators);
    return { name: name === '__init__' ? 'constructor' : name, isStatic: false, isGetter };
  }
  const [, modifiers, accessor, name] = METHOD.exec(text.trimStart()) ?? [];
  return name === undefined
    ? undefined
    : { name, isStatic: /\bstatic\b/.test(modifiers), isGetter: accessor === 'get' };
}
