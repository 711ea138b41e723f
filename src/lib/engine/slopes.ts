/** The gradient of losses on a prediction that is stored already: no net is needed. */
import type { LossChoice } from '#lib/core/loss-choice.ts';
import { ignoredClass } from '#lib/core/sample.ts';
import type { SlopeMap, SlopeRequest, SlopeShares } from '#lib/core/slopes.ts';
import { LossProbe } from './loss-probe.ts';

/** How near the other class a pixel of the border is, pixels along rows and columns together. */
const borderReach = 2;

type Image = Pick<SlopeRequest, 'width' | 'height' | 'classes'>;

/** True where a pixel of the other class is near. */
function isBorder({ width, height, classes }: Image, x: number, y: number): boolean {
	const here = classes[y * width + x];
	for (let dy = -borderReach; dy <= borderReach; dy++) {
		const reach = borderReach - Math.abs(dy);
		for (let dx = -reach; dx <= reach; dx++) {
			const [column, row] = [x + dx, y + dy];
			if (column < 0 || row < 0 || column >= width || row >= height) continue;
			const there = classes[row * width + column];
			if (there !== here && there !== ignoredClass) return true;
		}
	}
	return false;
}

/** Where the mass of the gradient lies. */
export function sharesOf(image: Image, slopes: Float32Array): SlopeShares | null {
	const sums = { border: 0, foreground: 0, background: 0 };
	slopes.forEach((slope, at) => {
		if (image.classes[at] === ignoredClass) return;
		const border = isBorder(image, at % image.width, Math.floor(at / image.width));
		sums[border ? 'border' : image.classes[at] === 0 ? 'background' : 'foreground'] += Math.abs(slope);
	});
	const total = sums.border + sums.foreground + sums.background;
	if (!(total > 0) || !Number.isFinite(total)) return null;
	return { border: sums.border / total, foreground: sums.foreground / total, background: sums.background / total };
}

/** The image in the upper left of a square whose rest is ignored: targets are prepared for squares. */
function squared<T extends Uint8Array | Float32Array>({ width, height }: Image, size: number, from: T, to: T): T {
	for (let y = 0; y < height; y++) to.set(from.subarray(y * width, (y + 1) * width), y * size);
	return to;
}

async function slopesOf(request: SlopeRequest, choice: LossChoice): Promise<SlopeMap> {
	const { width, height, levels, classes, progress } = request;
	const size = Math.max(width, height);
	const truth = squared(request, size, classes, new Uint8Array(size * size).fill(ignoredClass));
	// The middle of the level: ⌊256·p⌋ is all that is stored.
	const logits = Float32Array.from(levels, (level) => Math.log((level + 0.5) / (255.5 - level)));
	using probe = new LossProbe(choice, size, truth);
	const { value, slopes: whole } = await probe.at(squared(request, size, logits, new Float32Array(size * size)), progress);
	const slopes = Float32Array.from({ length: width * height }, (_, at) => whole[Math.floor(at / width) * size + (at % width)] ?? 0);
	const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
	return { key: choice.key, value, slopes, largest, shares: sharesOf(request, slopes) };
}

/** One map a loss, in their order. Graphs of own losses must be recorded for one image of the longer side. */
export async function slopeMaps(request: SlopeRequest): Promise<SlopeMap[]> {
	const maps: SlopeMap[] = [];
	for (const choice of request.losses) maps.push(await slopesOf(request, choice));
	return maps;
}
