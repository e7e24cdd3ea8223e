import type { PageActions } from '../model/actions';
import { choose, refresh, type ActionContext } from './context';

export interface ComparisonActions extends Pick<PageActions, 'compareRanges' | 'endComparison' | 'chooseComparison'> {
  /** A profile that was before is there now. */
  compareWithProfile(): void;
  forgetRanges(): Promise<void>;
}

/** What the profile is compared with: another one, or two ranges of it with each other. */
export function comparisonActions(context: ActionContext): ComparisonActions {
  const { model, host, flow } = context;
  let hasOtherProfile = false;

  async function forgetRanges(): Promise<void> {
    model.comparison = hasOtherProfile ? { kind: 'profile' } : undefined;
    await flow.compareRanges();
  }

  return {
    compareRanges: (before, after) => {
      model.comparison = { kind: 'ranges', before, after };
      choose(context, { view: 'difference' });
      context.forgetPlace();
      void flow.compareRanges().then(() => refresh(context));
    },
    endComparison: () => {
      void forgetRanges().then(() => {
        choose(context, { view: 'timeOrder', options: { ...model.choices.options, range: undefined } });
        context.forgetPlace();
        return refresh(context);
      });
    },
    chooseComparison: () => host.post({ type: 'askComparison' }),
    compareWithProfile: () => {
      hasOtherProfile = true;
      model.comparison = { kind: 'profile' };
      context.update();
    },
    forgetRanges,
  };
}
