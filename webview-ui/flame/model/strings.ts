import { flameTexts } from '../../../src/core/pageTexts/flame';
import { createTexts } from '../../common/texts';

export type StringKey = keyof typeof flameTexts;

export const { text, use: useStrings } = createTexts<StringKey>(flameTexts);

/** Keys or gestures, and what they do. */
export function helpRows(): readonly (readonly [readonly string[], string])[] {
  return [
    [['1', '…', '6'], text('key.views')],
    [[text('gesture.click')], text('key.select')],
    [['Enter', text('gesture.ctrlClick')], text('key.open')],
    [['Ctrl+Enter'], text('key.openToSide')],
    [[text('gesture.doubleClick'), 'Z', 'Space'], text('key.zoomBox')],
    [['↑', '↓', '←', '→'], text('key.walk')],
    [['W', 'S', '+', '−'], text('key.zoom')],
    [['A', 'D'], text('key.pan')],
    [[text('gesture.wheel')], text('key.scroll')],
    [[text('gesture.ctrlWheel'), text('gesture.pinch')], text('key.wheelZoom')],
    [[text('gesture.drag')], text('key.drag')],
    [['PageUp', 'PageDown'], text('key.scrollRows')],
    [['0', 'Esc'], text('key.reset')],
    [['/', 'Ctrl+F'], text('key.find')],
    [['F3', 'Shift+F3', 'N', 'P'], text('key.match')],
    [['?'], text('key.help')],
  ];
}
