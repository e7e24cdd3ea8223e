/** 48211 → `48,211`: a whole number, grouped by commas whatever the locale, so that texts compare. */
export function inDigits(value: number): string {
  // eslint-disable-next-line regexp/no-super-linear-move -- a number has 22 characters at most
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 key`, `48,211 keys`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${inDigits(value)} ${Math.round(value) === 1 ? one : many}`;
}

/** 3.14159 → `3.1`, 4 → `4`: at most so many decimals, and none that is zero at the end. */
export function inDecimals(value: number, most = 1): string {
  return String(Number(value.toFixed(most)));
}

/** `2.5` below ten, `48,211` above: how many times, or how many for each. */
export function ratioText(ratio: number): string {
  return ratio < 10 ? inDecimals(ratio) : inDigits(ratio);
}
