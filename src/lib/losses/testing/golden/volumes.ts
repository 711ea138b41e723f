/** Distance maps of volumes, which the app does not have: by looking at every pair of voxels. */
import type { PlainTruth } from './recipe.ts';
import { sizeOf } from './types.ts';

/** Places of the voxels of one channel on this side of the mask. */
function places(mask: readonly boolean[], [depth, height, width]: readonly [number, number, number], side: boolean): number[][] {
	return Array.from({ length: depth * height * width }, (_, i) => i)
		.filter((i) => mask[i] === side)
		.map((i) => [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]);
}

const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, axis) => x - (b[axis] ?? 0)));

/** For each voxel of one channel the distance to the other side, negative inside; 0 where a side is missing. */
function signed(mask: readonly boolean[], size: readonly [number, number, number]): number[] {
	const [inside, outside] = [places(mask, size, true), places(mask, size, false)];
	if (inside.length === 0 || outside.length === 0) return mask.map(() => 0);
	const [, height, width] = size;
	return mask.map((isInside, i) => {
		const at = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
		const nearest = Math.min(...(isInside ? outside : inside).map((other) => apart(at, other)));
		return isInside ? -nearest : nearest;
	});
}

/** The target `signedDistance` of a volume [B, D, H, W, C], or undefined for an image. */
export function volumeDistances({ caseShape, yTrue }: PlainTruth): { readonly signedDistance: number[] } | undefined {
	if (caseShape.length !== 5) return undefined;
	const [batch = 1, depth = 1, height = 1, width = 1, channels = 1] = caseShape;
	const voxels = depth * height * width;
	const map = new Array<number>(sizeOf(caseShape));
	for (let n = 0; n < batch; n++) {
		for (let c = 0; c < channels; c++) {
			const at = (i: number): number => (n * voxels + i) * channels + c;
			const mask = Array.from({ length: voxels }, (_, i) => yTrue[at(i)]! > 0.5);
			signed(mask, [depth, height, width]).forEach((value, i) => (map[at(i)] = value));
		}
	}
	return { signedDistance: map };
}
