/** How the generated queries are arranged: a class for every five, all in one class, or functions of the file. */
export type SourceStyle = 'classes' | 'oneClass' | 'functions' | 'python';

/** As `classes`, with code between that has nothing to do with a database: 50 lines per statement. */
export function ordinarySource(statements: number): string {
  let functions = 0;
  const plain = (): string => Array.from({ length: 13 }, () => plainFunction(functions++)).join('');
  return mongoSource(statements, 'classes')
    .split(/(?=^interface Item\d)/m)
    .map((part) => part + plain())
    .join('');
}

function plainFunction(n: number): string {
  return `
/** Weighs what is given, each kind by itself. */
export function weighKind${n}(values: readonly number[], factor: number): number {
  let sum = 0;
  const seen = new Map<string, number>();
  for (const [at, value] of values.entries()) {
    const key = \`\${at % 7}-\${value}\`;
    if (at % 2 === 0) sum += value * factor;
    else sum -= Math.min(value, factor);
    seen.set(key, (seen.get(key) ?? 0) + sum);
  }
  const best = [...seen.entries()].filter(([, total]) => total > 0).map(([key]) => key);
  return best.length ? sum / best.length : 0;
}
`;
}

/** A source of about ten lines per statement, as people write them: conditions, pipelines in variables, helpers, code between. */
export function mongoSource(statements: number, style: SourceStyle): string {
  const groups = Math.ceil(statements / 5);
  if (style === 'python') return PYTHON_HEAD + Array.from({ length: groups }, (_, n) => pythonGroup(n)).join('\n');
  const parts = Array.from({ length: groups }, (_, n) => group(n, style));
  if (style === 'oneClass') return `${HEAD}${storeHead('All')}\n${parts.join('\n')}}\n`;
  return HEAD + parts.join('\n');
}

const HEAD = `import { MongoClient, ObjectId, type Collection, type Db, type Filter } from 'mongodb';
import { logger } from './logger';

const client = new MongoClient(process.env.MONGODB_URI ?? 'mongodb://localhost');
const PAGE_SIZE = 20;
const OPEN = { status: { $in: ['open', 'paid'] } };

interface Search {
  text?: string;
  brand?: string;
  page: number;
  newest: boolean;
}

function paging(search: Search) {
  return [{ $skip: (search.page - 1) * PAGE_SIZE }, { $limit: PAGE_SIZE }];
}

`;

function storeHead(name: string): string {
  return `export class ${name}Store {
  private readonly items: Collection;

  constructor(private readonly database: Db) {
    this.items = database.collection('items');
  }
`;
}

function group(n: number, style: SourceStyle): string {
  const inClass = style !== 'functions';
  const items =
    style === 'classes' || style === 'oneClass' ? 'this.items' : `client.db('shop').collection('items${n}')`;
  const method = (name: string): string => (inClass ? `  async ${name}${n}` : `export async function ${name}${n}`);
  const body = `
  /** The page that was asked for. */
${method('search')}(search: Search) {
    const filter: Filter<Item${n}> = { active: true };
    if (search.text) filter.name = { $regex: search.text, $options: 'i' };
    if (search.brand) filter.brand = search.brand;
    const sort = search.newest ? { createdAt: -1 as const } : { name: 1 as const };
    const found = await ${items}.find(filter, { projection: { name: 1, price: 1 } }).sort(sort).skip((search.page - 1) * PAGE_SIZE).limit(PAGE_SIZE).toArray();
    logger.debug(\`found \${found.length} of page \${search.page}\`, { n: ${n}, text: search.text });
    return found.map((item) => ({ ...item, label: \`\${item.name} (\${item.price.toFixed(2)})\` }));
  }

${method('report')}(since: Date, category: string, search: Search) {
    const pipeline: object[] = [{ $match: { category, createdAt: { $gte: since } } }];
    pipeline.push({ $group: { _id: '$brand', total: { $sum: { $multiply: ['$price', '$stock'] } }, n: { $sum: 1 } } });
    if (search.newest) pipeline.push({ $sort: { total: -1 } });
    return ${items}.aggregate([...pipeline, ...paging(search)]).toArray();
  }

${method('rename')}(id: string, name: string, price = ${n}) {
    const changed = new Date();
    const result = await ${items}.updateOne({ _id: new ObjectId(id) }, { $set: { name, price, changed }, $inc: { version: 1 } });
    if (result.modifiedCount === 0) throw new Error(\`no item \${id}\`);
  }

${inClass ? '  private' : ''} ${inClass ? `weigh${n}` : `function weigh${n}`}(values: readonly number[], factor: number): number {
    let sum = 0;
    for (const [at, value] of values.entries()) {
      if (at % 2 === 0) sum += value * factor;
      else sum -= Math.min(value, factor);
    }
    return values.length ? sum / values.length : 0;
  }

${method('open')}(customer: ObjectId) {
    const n = await ${items}.countDocuments({ ...OPEN, customer });
    return n > 0 ? ${items}.distinct('city', { customer, total: { $gt: ${n} } }) : [];
  }
`;
  const type = `interface Item${n} {\n  name: string;\n  brand?: string;\n  price: number;\n}\n`;
  if (style === 'classes') return `${type}\n${storeHead(`Item${n}`)}${body}}\n`;
  return style === 'functions' ? type + body : body.replace(`Filter<Item${n}>`, 'Filter<Document>');
}

const PYTHON_HEAD = `from datetime import datetime
from bson import ObjectId
from pymongo import MongoClient

client = MongoClient("mongodb://localhost")
db = client.shop
PAGE_SIZE = 20
OPEN = {"status": {"$in": ["open", "paid"]}}


def paging(page: int):
    return [{"$skip": (page - 1) * PAGE_SIZE}, {"$limit": PAGE_SIZE}]

`;

function pythonGroup(n: number): string {
  return `
class Item${n}Store:
    """Items of kind ${n}."""

    def __init__(self, database):
        self.items = database["items${n}"]
        self.seen = {}

    def search(self, text: str | None, brand: str | None, page: int = 1):
        query = {"active": True}
        if text:
            query["name"] = {"$regex": f"^{text}", "$options": "i"}
        if brand:
            query["brand"] = brand
        found = list(self.items.find(query, {"name": 1}).sort("createdAt", -1).skip((page - 1) * PAGE_SIZE).limit(PAGE_SIZE))
        return [{**item, "label": f"{item['name']} of {page}"} for item in found]

    def report(self, since: datetime, category: str, newest: bool, page: int):
        pipeline = [{"$match": {"category": category, "createdAt": {"$gte": since}}}]
        pipeline.append({"$group": {"_id": "$brand", "n": {"$sum": 1}}})
        if newest:
            pipeline.append({"$sort": {"n": -1}})
        return list(self.items.aggregate(pipeline + paging(page)))

    def rename(self, item_id: str, name: str):
        result = self.items.update_one({"_id": ObjectId(item_id)}, {"$set": {"name": name}, "$inc": {"version": 1}})
        if result.modified_count == 0:
            raise KeyError(item_id)

    def weigh(self, values, factor):
        total = 0
        for at, value in enumerate(values):
            if at % 2 == 0:
                total += value * factor
            else:
                total -= min(value, factor)
        return total / len(values) if values else 0

    def open(self, customer):
        if db.items${n}.count_documents({**OPEN, "customer": customer}) > 0:
            return self.items.distinct("city", {"customer": customer, "total": {"$gt": ${n}}})
        return []
`;
}
