import { badValue } from '../errors';
import { angle, EARTH_RADIUS, toPoint } from '../query/geo';
import { textScores } from '../storage/text';
import { valuesAt } from '../values/paths';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { indexOf, predicateOf } from './scans';
import { END, NEED_TIME, Stage } from './stage';
import type { Member, WorkResult } from './stage';

/** Joins the scans of the words of a text search: each document once, with the sum of its scores. */
export class TextOr extends Stage {
  docsExamined = 0;
  private current = 0;
  private readonly found = new Map<number, Member>();
  private output: Iterator<Member> | undefined;

  protected step(): WorkResult {
    if (this.output) {
      const next = this.output.next();
      return next.done ? END : next.value;
    }
    if (this.current >= this.children.length) {
      this.output = this.found.values();
      return NEED_TIME;
    }
    const member = this.children[this.current].work();
    if (member === END) this.current++;
    else if (member !== NEED_TIME) this.add(member);
    return NEED_TIME;
  }

  private add(member: Member): void {
    const score = Number(member.key?.values[1] ?? 0);
    const known = this.found.get(member.record);
    if (known) {
      known.score = (known.score ?? 0) + score;
      return;
    }
    const doc = this.context.collection.records.get(member.record);
    if (!doc) return;
    this.docsExamined++;
    this.found.set(member.record, { record: member.record, doc, score });
  }

  override counters(): Doc {
    return { docsExamined: this.docsExamined };
  }
}

/** Drops documents with an excluded word or without a phrase; `terms` are the excluded ones, each after a minus sign. */
export class TextMatch extends Stage {
  rejected = 0;

  protected step(): WorkResult {
    const member = this.children[0].work();
    if (member === NEED_TIME || member === END) return member;
    const { terms: excluded = [], phrases = [] } = this.node;
    if (member.doc && !phrases.every((phrase) => this.contains(member.doc ?? {}, phrase))) {
      this.rejected++;
      return NEED_TIME;
    }
    if (excluded.length > 0 && member.doc) {
      const present = textScores(member.doc, indexOf(this.node).weights);
      if (excluded.some((term) => present.has(term.slice(1)))) {
        this.rejected++;
        return NEED_TIME;
      }
    }
    return member;
  }

  private contains(doc: Doc, phrase: string): boolean {
    const fields = Object.keys(indexOf(this.node).weights);
    return fields.some((field) =>
      valuesAt(doc, field.split('.')).some(
        (value) => typeof value === 'string' && value.toLowerCase().includes(phrase),
      ),
    );
  }

  override counters(): Doc {
    return { docsRejected: this.rejected };
  }
}

interface Near {
  readonly centre: readonly [number, number];
  readonly least: number;
  readonly most: number;
  /** What an angle in radians is multiplied with: the radius of the earth for metres. */
  readonly unit: number;
}

function readNear(value: unknown, operator: string | undefined): Near {
  const condition = isDoc(value) ? value : {};
  const target = condition[operator ?? '$near'];
  const geometry = isDoc(target) && isDoc(target.$geometry) ? target.$geometry : target;
  const centre = toPoint(geometry);
  if (!centre) throw badValue('invalid point in geo near query');
  const settings = isDoc(target) && '$geometry' in target ? { ...condition, ...target } : condition;
  const metres = isDoc(geometry) && geometry.type === 'Point';
  return {
    centre,
    least: toNumber(settings.$minDistance) ?? 0,
    most: toNumber(settings.$maxDistance) ?? Infinity,
    unit: metres ? EARTH_RADIUS : 1,
  };
}

/** Gives documents by their distance from a point. */
export class GeoNear extends Stage {
  private readonly near = readNear(this.node.near?.value, this.node.near?.operator);
  private readonly path = (this.node.near?.path ?? '').split('.');
  private readonly test = predicateOf(this.node, this.context);
  private readonly held: Member[] = [];
  private output: Iterator<Member> | undefined;

  protected step(): WorkResult {
    if (this.output) {
      const next = this.output.next();
      return next.done ? END : next.value;
    }
    const member = this.children[0].work();
    if (member === NEED_TIME) return NEED_TIME;
    if (member === END) this.output = this.held.sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0)).values();
    else this.hold(member);
    return NEED_TIME;
  }

  private hold(member: Member): void {
    const doc = member.doc ?? {};
    const { centre, least, most, unit } = this.near;
    const distances = valuesAt(doc, this.path)
      .map(toPoint)
      .filter((point) => point !== undefined)
      .map((point) => angle(centre, point) * unit);
    const distance = Math.min(...distances);
    if (distances.length > 0 && distance >= least && distance <= most && (!this.test || this.test(doc)))
      this.held.push({ ...member, distance });
  }
}
