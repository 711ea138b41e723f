import { expect, it } from 'vitest';
import { checkBuffers } from './memory-limit.ts';
import { tinySpec } from './testing/experiments.ts';

it('refuses a net with a tensor that is larger than a buffer may be', () => {
	const base = tinySpec();
	const spec = tinySpec({
		net: { ...base.net, base: 16, depth: 4, up: 'nearest-conv' },
		prepare: { ...base.prepare, size: 256 },
		training: { ...base.training, batchSize: 4 },
	});
	// 4 images of 256² with 32 channels of 4 bytes.
	const needed = 4 * 256 * 256 * 32 * 4;
	expect(() => checkBuffers(spec, 1, needed)).not.toThrow();
	expect(() => checkBuffers(spec, 1, needed - 1)).toThrow('out-of-memory');
});
