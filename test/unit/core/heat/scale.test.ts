import assert from 'node:assert/strict';
import type { HeatTheme } from '../../../../src/core/heat/scale';
import {
  bucketCount,
  BUCKET_FLOORS,
  gutterSvg,
  heatBucket,
  heatColor,
  heatGround,
  HEAT_THEMES,
} from '../../../../src/core/heat/scale';

const buckets = BUCKET_FLOORS.map((_, i) => i + 1);
const background: Record<HeatTheme, string> = {
  dark: '#1f1f1f',
  light: '#ffffff',
  highContrast: '#000000',
  highContrastLight: '#ffffff',
};

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** How a deuteranope sees a colour (Viénot 1999, on linear RGB): red and green fall together. */
function blueYellow(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return b - (0.29 * r + 0.71 * g);
}

describe('heat scale', () => {
  it('puts shares into buckets by their lower bounds', () => {
    const check = (share: number, expected: number): void => assert.equal(heatBucket(share), expected, String(share));
    check(0, 1);
    check(0.0199, 1);
    check(0.02, 2);
    check(0.3999, 5);
    check(0.4, 6);
    check(1, 6);
  });

  for (const theme of HEAT_THEMES) {
    it(`can be read as text on ${theme}`, () => {
      for (const bucket of buckets) {
        const ratio = contrast(heatColor(theme, bucket), background[theme]);
        assert.ok(ratio >= 4.5, `bucket ${bucket}: ${ratio.toFixed(2)}`);
      }
    });

    it(`goes from blue to yellow in every step on ${theme}, which colour-blind readers can tell`, () => {
      const hues = buckets.map((bucket) => blueYellow(heatColor(theme, bucket)));
      for (let i = 1; i < hues.length; i++) assert.ok(hues[i] < hues[i - 1], `bucket ${i + 1}`);
    });

    it(`grounds grow stronger with heat on ${theme}`, () => {
      const alphas = buckets.map((bucket) => parseInt(heatGround(theme, bucket).slice(7), 16));
      assert.deepEqual(
        alphas,
        [...alphas].sort((a, b) => a - b),
      );
      assert.equal(new Set(alphas).size, bucketCount);
    });
  }

  it('says heat by the width of the gutter bar as well', () => {
    const widths = buckets.map((bucket) => Number(/<rect [^>]*width="(\d+)"/.exec(gutterSvg('dark', bucket))![1]));
    for (let i = 1; i < widths.length; i++) assert.ok(widths[i] > widths[i - 1]);
    assert.ok(widths.at(-1)! <= 16);
  });
});
