/** Glands of a mucosa cut across: an outline, the lumen inside it, and the nuclei that line its base. */
import type { Draws } from './draws.ts';
import { mix } from './field.ts';
import { fill, frameSize, scaled } from './occupancy.ts';
import { type Blob, radiusAt, visitBlob, wobbleOf } from './shapes.ts';

export interface Gland {
	/** The lumen ends at least this far inside the outline, pixels. */
	readonly leastWall: number;
	readonly outline: Blob;
	readonly lumen: Blob;
	readonly nuclei: readonly Blob[];
	/** Pale droplets of mucus between the nuclei and the lumen. */
	readonly goblets: readonly Blob[];
}

/** Half axes, frame pixels: a nucleus stands on the base of the epithelium, its long axis towards the lumen. */
function nucleusAt(outline: Blob, theta: number, draws: Draws): Blob {
	const depth = draws.between(2.3, 3.9);
	const r = radiusAt(outline, theta) - depth;
	return {
		x: outline.x + r * Math.cos(theta),
		y: outline.y + r * Math.sin(theta),
		a: draws.between(1.6, 2.3),
		b: draws.between(0.85, 1.25),
		angle: theta + draws.normal(0, 0.2),
		wobble: wobbleOf(draws, 0.06, 2),
	};
}

function gobletAt(outline: Blob, lumen: Blob, theta: number, draws: Draws): Blob {
	const [outer, inner] = [radiusAt(outline, theta) - 5, radiusAt(lumen, theta)];
	const r = mix(inner, outer, draws.between(0.35, 0.75));
	return {
		x: outline.x + r * Math.cos(theta),
		y: outline.y + r * Math.sin(theta),
		a: draws.between(1.7, 2.9),
		b: draws.between(1.2, 1.7),
		angle: theta + draws.normal(0, 0.15),
		wobble: wobbleOf(draws, 0.05, 2),
	};
}

/** Points around an outline about `spacing` frame pixels apart, as directions from its centre. */
function around(outline: Blob, spacing: number, draws: Draws): number[] {
	const directions: number[] = [];
	for (let theta = 0; theta < 2 * Math.PI; theta += (spacing * draws.between(0.75, 1.3)) / Math.max(4, radiusAt(outline, theta) - 3)) {
		directions.push(theta);
	}
	return directions;
}

function furnished(outline: Blob, draws: Draws): Gland {
	const wall = draws.between(8, 10.5);
	const open = draws.between(0.6, 1.05);
	const lumen = {
		...outline,
		x: outline.x + draws.normal(0, 0.8),
		y: outline.y + draws.normal(0, 0.8),
		a: Math.max(1.6, (outline.a - wall) * open),
		b: Math.max(1.2, (outline.b - wall) * open),
		wobble: outline.wobble.map(([amplitude, phase]) => [amplitude * 1.4 + draws.normal(0, 0.06), phase] as const),
	};
	const secretes = draws.between(0.05, 0.75);
	return {
		leastWall: 5.6,
		outline,
		lumen,
		nuclei: around(outline, 2.5, draws).map((theta) => nucleusAt(outline, theta, draws)),
		goblets: around(outline, 4.6, draws)
			.filter(() => draws.chance(secretes))
			.map((theta) => gobletAt(outline, lumen, theta, draws)),
	};
}

/** Glands that together take `share` of the frame, large ones first, none touching another. */
export function glandsOf(share: number, draws: Draws): Gland[] {
	const outlines = fill(
		{
			share,
			tries: 500,
			overlap: 0,
			gap: 2.5,
			propose: (from, progress) => {
				const radius = mix(from.between(17, 26), from.between(10, 14), Math.min(1, 1.4 * progress));
				const stretch = Math.sqrt(from.between(1, 1.75));
				return {
					x: from.between(-8, frameSize + 8),
					y: from.between(-8, frameSize + 8),
					a: radius * stretch,
					b: radius / stretch,
					angle: from.between(0, Math.PI),
					wobble: wobbleOf(from, 0.07),
				};
			},
		},
		draws,
	);
	return outlines.map((outline) => furnished(outline, draws));
}

/** A gland of the frame, scaled to an image. */
export function scaledGland(gland: Gland, scale: number): Gland {
	const all = (blobs: readonly Blob[]): Blob[] => blobs.map((blob) => scaled(blob, scale));
	return {
		leastWall: gland.leastWall * scale,
		outline: scaled(gland.outline, scale),
		lumen: scaled(gland.lumen, scale),
		nuclei: all(gland.nuclei),
		goblets: all(gland.goblets),
	};
}

/** Visits the pixels within `margin` of a gland with the distances to its outline and to its lumen (negative inside). */
export function visitGland(
	gland: Gland,
	size: number,
	margin: number,
	visit: (index: number, distance: number, lumenDistance: number) => void,
): void {
	const { lumen, leastWall } = gland;
	visitBlob(gland.outline, size, margin, (index, distance) => {
		const dx = (index % size) - lumen.x;
		const dy = Math.floor(index / size) - lumen.y;
		const away = distance > -leastWall ? leastWall + distance : Math.sqrt(dx * dx + dy * dy) - radiusAt(lumen, Math.atan2(dy, dx));
		visit(index, distance, Math.max(away, leastWall + distance));
	});
}
