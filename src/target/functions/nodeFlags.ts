import { nodeProcess } from '../builtin';

/** Whether the process was started with that flag, `--no-turbo-inlining` or `--inspect-port=0`, as one word. */
export function isFlagGiven(flag: string): boolean {
  const { execArgv, env } = nodeProcess()!;
  for (let index = 0; index < execArgv.length; index++) if (hasWord(execArgv[index], flag)) return true;
  return hasWord(env['NODE_OPTIONS'] ?? '', flag);
}

/** Between spaces; underscores and dashes are the same. */
function hasWord(text: string, word: string): boolean {
  let matched = 0; // characters of the word, or -1 in a word that is another one
  for (let index = 0; index <= text.length; index++) {
    const character = text[index] ?? ' ';
    if (character === ' ' || character === '\t' || character === '\n') {
      if (matched === word.length) return true;
      matched = 0;
    } else if (matched >= 0) {
      matched = (character === '_' ? '-' : character) === word[matched] ? matched + 1 : -1;
    }
  }
  return false;
}
