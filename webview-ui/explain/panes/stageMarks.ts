import { inBytes } from '../../../src/core/words/bytes';
import { displayText, element } from '../../common/dom';
import type { Branch } from '../model/planRows';
import type { Badge } from '../model/stageFacts';
import { text } from '../model/strings';

/** A word about a stage that must not be overlooked. */
export function badgeElement({ kind, bad, bytes, limit }: Badge): HTMLElement {
  const size = bytes === undefined ? '' : ` ${inBytes(bytes)}`;
  const most = limit === undefined ? '' : text('badge.ofLimit', inBytes(limit));
  return element(
    'span',
    { class: `badge${bad ? ' bad' : ''}`, title: `${text(`badge.${kind}.hint`)}${size}${most}` },
    `${text(`badge.${kind}`)}${size}`,
  );
}

/** What the tree below a stage is of. */
export function branchElement(branch: Branch): HTMLElement {
  const words =
    branch.kind === 'input' ? text('branch.input') : text(`branch.${branch.kind}`, displayText(branch.name, 60));
  return element('span', { class: `branch ${branch.kind}` }, words);
}
