import { explainTexts } from '../../../core/pageTexts/explain';
import type { ExplainHostSide, ExplainPageSide, ExplainWork } from '../../../core/protocol/explain';
import { explainHostGuards, explainPageGuards } from '../../../core/protocol/explainGuards';
import type { ContentPage, ContentPageKind, PageContent } from '../../webview/contentPage';
import type { OwnEvent } from '../../webview/pageHost';

/** What a plan view shows: a statement of a file, or a saved plan. */
export type ExplainContent = PageContent<ExplainHostSide, ExplainPageSide>;
export type ExplainPage = ContentPage<ExplainHostSide, ExplainPageSide, ExplainContent>;
/** What the user does on the page. */
export type ExplainPageEvent = OwnEvent<ExplainHostSide>;

const WORKS: readonly ExplainWork[] = ['explain', 'trial', 'scale'];

export const explainPageKind: ContentPageKind<ExplainHostSide, ExplainPageSide> = {
  name: 'explain',
  texts: explainTexts,
  hostGuards: explainHostGuards,
  pageGuards: explainPageGuards,
  slotOf: (message) =>
    message.type === 'progress' || message.type === 'failure' ? `${message.type} ${message.of}` : message.type,
  emptied: (slot) => {
    const of = WORKS.find((work) => slot === `progress ${work}`);
    return of && { type: 'progress', of, text: undefined };
  },
};
