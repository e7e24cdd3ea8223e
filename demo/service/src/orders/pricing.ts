/** Share of the sum that a customer does not pay, 0..0.15. */
export function discountFor(customer: string, sumCents: number): number {
  const loyalty = customerHash(customer) % 5 === 0 ? 0.05 : 0;
  const volume = sumCents > 100_000 ? 0.1 : sumCents > 30_000 ? 0.04 : 0;
  return loyalty + volume;
}

function customerHash(customer: string): number {
  let hash = 7;
  for (let index = 0; index < customer.length; index += 1) hash = (hash * 31 + customer.charCodeAt(index)) >>> 0;
  return hash;
}
