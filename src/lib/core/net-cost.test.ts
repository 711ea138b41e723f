import { describe, expect, it } from 'vitest';
import type { NetSpec } from './experiment.ts';
import { netCost } from './net-cost.ts';

const net = (base: number, depth: number, up: NetSpec['up']): NetSpec => ({ base, depth, up, norm: 'none', dropout: 0 });

describe('netCost', () => {
	// The parameter counts that tf.layers gives for the same nets, and the arithmetic of a step at 256² × 4.
	it.each([
		['T', net(8, 2, 'nearest'), 64, 1, 1, 2, 29617, null],
		['S', net(16, 3, 'nearest'), 128, 1, 1, 4, 487009, 16],
		['A', net(8, 3, 'transposed'), 256, 1, 1, 4, 120681, 13.8],
		['B', net(16, 4, 'nearest-conv'), 256, 1, 1, 4, 2158417, 98.0],
		['C', net(32, 4, 'nearest-conv'), 256, 3, 3, 4, 8630563, 392],
	] as const)('counts net %s', (_name, spec, size, inputs, outputs, batch, parameters, gflop) => {
		const cost = netCost(spec, size, inputs, outputs, batch);
		expect(cost.parameters).toBe(parameters);
		if (gflop !== null) expect(Math.abs(cost.stepGflop / gflop - 1)).toBeLessThan(0.02);
	});

	it('adds a scale and a shift a filter under a norm, and no bias under batch norm', () => {
		const plain = netCost(net(8, 2, 'nearest'), 64, 1, 1, 2).parameters;
		// 10 normed convolutions with 8+8 + 16+16 + 32+32 + 16+16 + 8+8 = 160 filters: 2 · 160 more, 160 biases less.
		expect(netCost({ ...net(8, 2, 'nearest'), norm: 'batch' }, 64, 1, 1, 2).parameters).toBe(plain + 160);
	});

	it('knows the largest tensor, without which a net cannot be trained on WebGPU', () => {
		// B at the top: 4 images of 256², 32 channels up-sampled from the level below; floats of 4 bytes.
		expect(netCost(net(16, 4, 'nearest-conv'), 256, 1, 1, 4).largestTensorBytes).toBe(4 * 256 * 256 * 32 * 4);
		// At 8² the kernels of the deepest level outgrow it: 3 · 3 · 256 · 256.
		expect(netCost(net(16, 4, 'nearest-conv'), 8, 1, 1, 1).largestTensorBytes).toBe(9 * 256 * 256 * 4);
	});
});
