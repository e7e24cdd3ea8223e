// The imports by folder as text, and the circles among them.
import { folderGraph, groupsOf, shortestCircles, valueGraph } from './importGraph.mjs';

/** Who comes first in the list: nobody imports what comes after. */
const LAYERS = ['src/core', 'src/target', 'src/node', 'src/editor', 'src/cli', 'src', 'webview-ui'];
const WIDTH = 118;
const MARKS = ['<!-- imports: npm run imports -- --write -->', '<!-- /imports -->'];

function layerOf(folder) {
  const at = LAYERS.findIndex((layer) => folder === layer || folder.startsWith(`${layer}/`));
  return at < 0 ? LAYERS.length : at;
}

/** `src/` is said by the place of the list. */
function shortName(folder) {
  return folder.replace(/^src\//, '');
}

/** One line a folder (more when it is long), each below all that it imports. */
export function folderLines(imports) {
  const graph = folderGraph(imports);
  const folders = [...graph.keys()].sort((a, b) => layerOf(a) - layerOf(b) || (a < b ? -1 : 1));
  return groupsOf(graph, folders)
    .flat()
    .flatMap((folder) => wrap(shortName(folder), grouped([...graph.get(folder).keys()].map(shortName).sort())));
}

/** Names with the same layer in braces, `core, core/{heat, method}`, in pieces between which a line may end. */
function grouped(names) {
  const byLayer = new Map();
  for (const name of names) {
    const layer = name.split('/', 1)[0];
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), name]);
  }
  return [...byLayer].flatMap(([layer, all]) => {
    const inside = all.filter((name) => name !== layer);
    return [...all.filter((name) => name === layer), ...(inside.length > 1 ? braced(layer, inside) : inside)];
  });
}

function braced(layer, names) {
  const pieces = names.map((name) => name.slice(layer.length + 1));
  pieces[0] = `${layer}/{${pieces[0]}`;
  pieces[pieces.length - 1] += '}';
  return pieces;
}

function wrap(folder, pieces) {
  if (!pieces.length) return [folder];
  const lines = [`${folder} -> ${pieces[0]}`];
  for (const piece of pieces.slice(1)) {
    const last = lines.length - 1;
    if (lines[last].length + piece.length + 3 > WIDTH) {
      lines[last] += ',';
      lines.push(`    ${piece}`);
    } else lines[last] += `, ${piece}`;
  }
  return lines;
}

/** A document with these lines between its marks; undefined when it has no marks. */
export function replaceBlock(text, lines) {
  const [from, to] = MARKS.map((mark) => text.indexOf(mark));
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from)}${MARKS[0]}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n${text.slice(to)}`;
}

/** One text for each group of files, then of folders, that import each other in a circle. */
export function circlesIn(imports) {
  const files = valueGraph(imports);
  const folders = folderGraph(imports);
  return [
    ...groupsOf(files)
      .filter((group) => group.length > 1)
      .map((group) => describe('files, by imports of values', files, group, () => [])),
    ...groupsOf(folders)
      .filter((group) => group.length > 1)
      .map((group) => describe('folders', folders, group, (way) => weakestArrow(folders, way))),
  ];
}

function describe(what, graph, group, details) {
  const circles = shortestCircles(graph, group).flatMap((way) => [`  ${way.join(' -> ')}`, ...details(way)]);
  return [`A circle of ${group.length} ${what}:`, ...circles].join('\n');
}

/** The arrow of a way round that fewest imports make: the one to look at first. */
function weakestArrow(graph, way) {
  const arrows = way.slice(1).map((to, i) => [...graph.get(way[i]).get(to)].sort());
  const imports = arrows.reduce((fewest, arrow) => (arrow.length < fewest.length ? arrow : fewest));
  const shown = imports.slice(0, 5).map((line) => `      ${line}`);
  return imports.length > shown.length ? [...shown, `      and ${imports.length - shown.length} more`] : shown;
}
