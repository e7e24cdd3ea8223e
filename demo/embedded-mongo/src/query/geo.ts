import { badValue } from '../errors';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

type Point = readonly [longitude: number, latitude: number];

/** Metres; the radius that the server uses. */
export const EARTH_RADIUS = 6378100;

/** A GeoJSON point, a pair of numbers, or a document of two numbers. */
export function toPoint(value: unknown): Point | undefined {
  const list: unknown = isDoc(value) ? (value.type === 'Point' ? value.coordinates : Object.values(value)) : value;
  if (!Array.isArray(list)) return undefined;
  const [x, y] = list.map(toNumber);
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** The angle between two points of a sphere, in radians. */
export function angle([lonA, latA]: Point, [lonB, latB]: Point): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(a)));
}

function inRing([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function ringOf(value: unknown): Point[] {
  if (!Array.isArray(value)) throw badValue('Polygon coordinates must be an array of points');
  return value.map((item: unknown) => {
    const point = toPoint(item);
    if (!point) throw badValue('Point must only contain numeric elements');
    return point;
  });
}

/** Whether a stored point lies in the area of `$geoWithin` (or, for a point, `$geoIntersects`). Edges are straight lines in degrees. */
export function matchesGeo(item: unknown, condition: Doc): boolean {
  const area = condition.$geoWithin ?? condition.$within ?? condition.$geoIntersects;
  if (!isDoc(area)) throw badValue('geometry must be an object');
  const point = toPoint(item);
  if (!point) return false;
  if (isDoc(area.$geometry)) {
    const { type, coordinates } = area.$geometry;
    if (type === 'Point') return String(toPoint(area.$geometry)) === String(point);
    const polygons = (type === 'MultiPolygon' ? coordinates : [coordinates]) as unknown[][];
    return polygons.some(
      ([outer, ...holes]) => inRing(point, ringOf(outer)) && !holes.some((hole) => inRing(point, ringOf(hole))),
    );
  }
  if (Array.isArray(area.$centerSphere))
    return angle(point, toPoint(area.$centerSphere[0]) ?? [0, 0]) <= Number(area.$centerSphere[1]);
  if (Array.isArray(area.$center)) {
    const [x, y] = toPoint(area.$center[0]) ?? [0, 0];
    return Math.hypot(point[0] - x, point[1] - y) <= Number(area.$center[1]);
  }
  if (Array.isArray(area.$box)) {
    const [low, high] = ringOf(area.$box);
    return point[0] >= low[0] && point[0] <= high[0] && point[1] >= low[1] && point[1] <= high[1];
  }
  if (area.$polygon !== undefined) return inRing(point, ringOf(area.$polygon));
  throw badValue('unknown geo specifier');
}
