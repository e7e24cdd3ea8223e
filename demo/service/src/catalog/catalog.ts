export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly priceCents: number;
  readonly stock: number;
}

const materials = ['oak', 'steel', 'linen', 'ceramic', 'walnut', 'copper', 'cotton', 'marble', 'bamboo', 'leather'];
const things = [
  'table',
  'chair',
  'lamp',
  'shelf',
  'kettle',
  'blanket',
  'mirror',
  'basket',
  'teapot',
  'bench',
  'carpet',
  'clock',
];
const moods = ['quiet', 'bright', 'classic', 'modern', 'rustic', 'slim', 'heavy', 'folding'];

/** The same products on every start, so that measurements can be compared. */
export function createCatalog(size: number): readonly Product[] {
  const products: Product[] = [];
  for (let index = 0; index < size; index += 1) {
    const material = materials[index % materials.length];
    const thing = things[Math.floor(index / materials.length) % things.length];
    const mood = moods[Math.floor(index / 120) % moods.length];
    products.push({
      sku: `SKU-${String(index).padStart(5, '0')}`,
      name: `${mood} ${material} ${thing}`,
      description: `A ${mood} ${thing} made of ${material}, number ${index} of our collection.`,
      priceCents: 990 + ((index * 7919) % 40_000),
      stock: (index * 31) % 97,
    });
  }
  return products;
}
