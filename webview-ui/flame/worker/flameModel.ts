import {
  compareProfiles,
  comparedViews,
  type ComparedProfiles,
} from '../../../src/core/flame/comparison/compareProfiles';
import { createView } from '../../../src/core/flame/view/createView';
import { isBig, leastVisible, thinTimeline } from '../../../src/core/flame/layouts/draft';
import { frameDetails } from '../../../src/core/flame/frameDetails';
import { createHeatMap } from '../../../src/core/flame/heatMap';
import { layoutDifference } from '../../../src/core/flame/layouts/layoutDifference';
import { layoutInverted } from '../../../src/core/flame/layouts/layoutInverted';
import { layoutLeftHeavy } from '../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutSandwich } from '../../../src/core/flame/layouts/layoutSandwich';
import { layoutTimeOrder } from '../../../src/core/flame/layouts/layoutTimeOrder';
import type { ProfileView, ViewFrame } from '../../../src/core/flame/view/profileView';
import { searchFrames } from '../../../src/core/flame/search/searchFrames';
import { frameKey, othersFrame } from '../../../src/core/flame/view/viewFrames';
import type { ViewOptions } from '../../../src/core/flame/view/viewOptions';
import { decodeColumns } from '../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../src/core/profile/profileColumns';
import type { ProfileFacts, ViewBase, ViewRequest, ViewResult, WorkerRequests } from '../model/workerProtocol';
import { noProfile, noComparison, frameNotShown } from './workerErrors';

type Handlers = {
  readonly [Kind in keyof WorkerRequests]: (params: WorkerRequests[Kind]['params']) => WorkerRequests[Kind]['result'];
};

/** A view, and for a difference the same one of what was before. */
interface Views {
  readonly view: ProfileView;
  readonly before?: ProfileView;
}

/** What is on the page: the views, with the frames that were told to it. */
interface Shown extends Views {
  readonly frames: readonly ViewFrame[];
}

/** One profile, what it is compared with, and the last view, which most requests ask for again. Handlers throw HeatlensErrors. */
export function createFlameModel(): Handlers {
  let profile: ProfileColumns | undefined;
  let comparison: ProfileColumns | undefined;
  let compared: ComparedProfiles | undefined;
  let ranges: WorkerRequests['compareRanges']['params'];
  let cached: (Views & { readonly key: string }) | undefined;
  let shown: Shown | undefined;

  const loaded = (): ProfileColumns => {
    if (profile) return profile;
    throw noProfile();
  };

  const forget = (): void => {
    compared = cached = undefined;
  };

  const viewsOf = ({ view, options }: ViewRequest): Views => {
    const isDifference = view === 'difference';
    const key = JSON.stringify([isDifference, options]);
    if (cached?.key !== key)
      cached = { key, ...(isDifference ? differenceOf(options) : { view: createView(loaded(), options) }) };
    return cached;
  };

  const differenceOf = (options: ViewOptions): Views => {
    const after = loaded();
    if (ranges) {
      return {
        before: createView(after, { ...options, range: ranges.before }),
        view: createView(after, { ...options, range: ranges.after }),
      };
    }
    if (!comparison) {
      throw noComparison();
    }
    compared ??= compareProfiles(comparison, after);
    const views = comparedViews(compared, options);
    return { before: views.before, view: views.after };
  };

  return {
    load({ data }) {
      profile = decodeColumns(data);
      forget();
      return factsOf(profile);
    },
    compareWith({ data }) {
      comparison = data && decodeColumns(data);
      forget();
      return comparison && factsOf(comparison);
    },
    compareRanges(both) {
      ranges = both;
      forget();
      return undefined;
    },
    view(request) {
      const views = viewsOf(request);
      const hasOthers = request.view === 'inverted' || request.view === 'sandwich';
      const now = { ...views, frames: hasOthers ? [...views.view.frames, othersFrame] : views.view.frames };
      const result = answerView(request, now);
      // Only what the page gets to see: after an error it still shows what was before.
      shown = now;
      return result;
    },
    search(query) {
      if (!shown) loaded();
      if (!shown) return { matches: new Uint8Array(0), matchedFrames: 0, matchedValue: 0 };
      return searchFrames({ ...shown.view, frames: shown.frames }, query);
    },
    heatMap({ columns, rows, options }) {
      return createHeatMap(loaded(), options.measure, columns, rows);
    },
    frameDetails({ frame }) {
      return shown ? frameDetails(shown.view, frame) : { callers: [], callees: [] };
    },
  };
}

function answerView(request: ViewRequest, { view, before, frames }: Shown): ViewResult {
  const base = baseOf(view, frames);
  const isDraft = request.isDraft === true && isBig(view);
  switch (request.view) {
    case 'timeOrder': {
      const timeline = isDraft && view.timeline ? thinTimeline(view.timeline) : view.timeline;
      return { ...base, isDraft, view: 'timeOrder', layout: layoutTimeOrder({ ...view, timeline }) };
    }
    case 'leftHeavy':
      return {
        ...base,
        isDraft,
        view: 'leftHeavy',
        layout: layoutLeftHeavy(view, view.frames, isDraft ? leastVisible(view) : 0),
      };
    case 'inverted':
      return { ...base, view: 'inverted', layout: layoutInverted(view) };
    case 'sandwich': {
      const frame = request.frameKey === undefined ? hottestFrame(view) : base.frameKeys.indexOf(request.frameKey);
      if (frame < 0 || frame >= view.frames.length) {
        throw frameNotShown();
      }
      return { ...base, view: 'sandwich', frame, ...layoutSandwich(view, frame) };
    }
    case 'table':
      return { ...base, view: 'table' };
    case 'difference': {
      // `viewsOf` made both.
      const earlier = before ?? view;
      return {
        ...base,
        frameSelfsBefore: earlier.frameSelfs.slice(),
        frameTotalsBefore: earlier.frameTotals.slice(),
        view: 'difference',
        layout: layoutDifference(earlier, view, request.normalised ?? false),
        totalBefore: earlier.totals[0],
        totalAfter: view.totals[0],
      };
    }
  }
}

/** Copies, as the page gets them for good. */
function baseOf({ measure, frameSelfs, frameTotals, totals }: ProfileView, frames: readonly ViewFrame[]): ViewBase {
  const column = (values: Float64Array): Float64Array => {
    const result = new Float64Array(frames.length);
    result.set(values);
    return result;
  };
  return {
    measure,
    frames,
    frameKeys: frames.map(frameKey),
    frameSelfs: column(frameSelfs),
    frameTotals: column(frameTotals),
    total: totals[0],
  };
}

/** By self value, methods before V8's own; -1 where there is no frame but the root. */
function hottestFrame({ frames, frameSelfs }: ProfileView): number {
  let hottest = -1;
  const isMethod = (frame: number): boolean => frames[frame].category === 'source';
  for (let frame = 1; frame < frames.length; frame++) {
    if (
      hottest < 0 ||
      Number(isMethod(frame)) - Number(isMethod(hottest)) > 0 ||
      (isMethod(frame) === isMethod(hottest) && frameSelfs[frame] > frameSelfs[hottest])
    ) {
      hottest = frame;
    }
  }
  return hottest;
}

function factsOf({ title, measures, timeline, parents, problems }: ProfileColumns): ProfileFacts {
  return {
    title,
    measures: measures.map(({ kind, label, unit }) => ({ kind, label, unit })),
    timeline: timeline && {
      measure: timeline.measure,
      startUs: timeline.startsUs.length ? timeline.startsUs[0] : timeline.endUs,
      endUs: timeline.endUs,
      samples: timeline.nodes.length,
    },
    nodeCount: parents.length,
    problems,
  };
}
