import { explainTexts } from '../../../src/core/pageTexts/explain';
import { createTexts } from '../../common/texts';

export type StringKey = keyof typeof explainTexts;

export const { text, use: useStrings } = createTexts<StringKey>(explainTexts);

/** Keys, and what they do. */
export function helpRows(): readonly (readonly [readonly string[], string])[] {
  return [
    [['Ctrl+Enter'], text('key.run')],
    [['1', '…', '5'], text('key.panes')],
    [['F8', 'Shift+F8'], text('key.finding')],
    [['↑', '↓', 'PageUp', 'PageDown'], text('key.walk')],
    [['→', '←'], text('key.fold')],
    [['Home', 'End'], text('key.ends')],
    [[text('key.letters')], text('key.type')],
    [['*'], text('key.unfoldAll')],
    [['Enter', 'Esc'], text('key.details')],
    [['Ctrl+F'], text('key.search')],
    [['?'], text('key.help')],
  ];
}
