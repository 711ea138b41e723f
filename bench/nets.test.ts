import { describe, expect, it } from 'vitest';
import { discs, forwardOperations, gpuNets, images, parametersOf } from './nets.mjs';

describe('operations of a net', () => {
	// One level down (2 filters at 4²), bottom (4 filters at 2²), one level up, head; one image. Each 3×3 layer: 2·9·pixels·in·out.
	// down 18·16·(1·2 + 2·2) = 1728, bottom 18·4·(2·4 + 4·4) = 1728, head 2·16·2 = 64.
	const shape = { size: 4, batch: 1, channels: 1, base: 2, depth: 1 };
	const rest = 1728 + 1728 + 64;

	it.each([
		['nearest', 18 * 16 * ((2 + 4) * 2 + 2 * 2)],
		['nearest-conv', 18 * 16 * (4 * 2 + (2 + 2) * 2 + 2 * 2)],
		// 2·2 weights of 4 · 2 channels for each of the 2² pixels that go in.
		['transposed', 2 * 4 * 4 * 4 * 2 + 18 * 16 * ((2 + 2) * 2 + 2 * 2)],
	] as const)('counts %s layer by layer', (up, way) => {
		expect(forwardOperations({ ...shape, up })).toBe(rest + way);
	});
});

it.each([
	['A', 120_681],
	['B', 2_158_417],
	['C', 8_630_563],
] as const)('gives %s %i parameters', (name, parameters) => {
	expect(parametersOf(gpuNets[name])).toBe(parameters);
});

it('draws a disc of half the width into every image', () => {
	// Nearer than 1 to the middle of 4 × 4 pixels, which is pixel (2, 2): that pixel alone. Two images, then three channels.
	expect([...discs({ size: 4, batch: 2, channels: 1 })].flatMap((value, at) => (value === 1 ? [at] : []))).toEqual([10, 26]);
	const [outside, inside] = [
		discs({ size: 4, batch: 1, channels: 3 }).slice(0, 3),
		discs({ size: 4, batch: 1, channels: 3 }).slice(30, 33),
	];
	expect([[...outside], [...inside]]).toEqual([
		[1, 0, 0],
		[0, 1, 0],
	]);
	// Half of it, and at pixel 0 no noise, because the sine of 0 is 0.
	expect(images({ size: 4, batch: 1, channels: 3 })[0]).toBe(0.5);
});
