import assert from 'node:assert/strict';
import { accuracyText, methodAccuracyText } from '../../../../src/core/heat/accuracyWording';

describe('wording of accuracy', () => {
  it('says what a method’s badge means, with its bound', () => {
    const text = methodAccuracyText({ accuracy: 'calibrated', bound: 0.0213 });
    assert.match(text, /^Calibrated: told apart .* within ± 2\.1 points, 95 times in 100\.$/);
    assert.match(methodAccuracyText({ accuracy: 'calibrated', bound: 0.0061 }), /within ± 0\.6 points/);
    assert.doesNotMatch(methodAccuracyText({ accuracy: 'calibrated', bound: undefined }), /±/);
    assert.match(
      methodAccuracyText({ accuracy: 'approximate', bound: undefined }),
      /^Approximate: .*too few samples.* apart\.$/,
    );
    assert.match(methodAccuracyText({ accuracy: 'approximate', bound: 0.12 }), /^Approximate: .* within ± 12 points/);
  });

  it('says that exact numbers are of another program', () => {
    assert.match(methodAccuracyText({ accuracy: 'exact', bound: 0.01 }), /^Exact: .*inlined nothing.*another program/);
  });

  it('says of calibrated heat that some of it may not be', () => {
    assert.match(accuracyText('calibrated'), /^Calibrated: .*those with ≈ are not/);
    assert.match(accuracyText('approximate'), /^Approximate: /);
    assert.match(accuracyText('exact'), /^Exact: /);
  });
});
