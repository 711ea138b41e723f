/** The vessel tree of a retina: trunks that leave the optic disc, arch around the fovea, taper, bend and branch. */
import type { Draws } from './draws.ts';
import type { Stroke } from './shapes.ts';

type VesselKind = 'artery' | 'vein';

/** One vessel from where it starts to where it ends: strokes end to end, frame pixels. */
export interface Vessel {
	readonly kind: VesselKind;
	readonly strokes: readonly Stroke[];
}

/** Landmarks of a retina, frame pixels. */
export interface Retina {
	readonly centre: { readonly x: number; readonly y: number };
	/** Radius of the round field that the camera sees. */
	readonly radius: number;
	readonly disc: { readonly x: number; readonly y: number; readonly radius: number };
	readonly fovea: { readonly x: number; readonly y: number };
	/** +1 when the fovea lies to the right of the disc, −1 to the left. */
	readonly side: 1 | -1;
}

interface Bud {
	readonly kind: VesselKind;
	readonly x: number;
	readonly y: number;
	/** Direction of growth, radians. */
	readonly heading: number;
	readonly width: number;
	/** Radians turned a step, before noise. */
	readonly bend: number;
	/** Radians after which a trunk stops bending and runs on almost straight. */
	readonly straightAfter: number;
	/** 0 for trunks, then one more at each branching. */
	readonly order: number;
}

const stepLength = 1.5;

/** An artery and a vein for each of the four quadrants; the temporal ones arch around the fovea, the nasal ones run out almost straight. */
export function trunksOf(retina: Retina, draws: Draws, widthFactor: number): Bud[] {
	const buds: Bud[] = [];
	for (const up of [-1, 1]) {
		for (const temporal of [true, false]) {
			const steepness = temporal ? draws.between(1.2, 1.5) : draws.between(1.95, 2.5);
			const bend = temporal ? draws.between(0.03, 0.04) : draws.normal(0, 0.008);
			const veinOutside = draws.chance(0.5) ? 1 : -1;
			for (const kind of ['artery', 'vein'] as const) {
				const angle = steepness + (kind === 'vein' ? 0.17 : -0.17) * veinOutside;
				const heading = retina.side > 0 ? up * angle : Math.PI - up * angle;
				buds.push({
					kind,
					x: retina.disc.x + 0.08 * retina.disc.radius * Math.cos(heading),
					y: retina.disc.y + 0.08 * retina.disc.radius * Math.sin(heading),
					heading,
					width: widthFactor * (kind === 'vein' ? draws.between(2.9, 3.5) : draws.between(2.1, 2.6)) * (temporal ? 1 : 0.85),
					bend: -up * retina.side * bend * draws.between(0.9, 1.1),
					straightAfter: steepness - draws.between(0.1, 0.35),
					order: 0,
				});
			}
		}
	}
	return buds;
}

const insideField = (retina: Retina, x: number, y: number): boolean =>
	Math.hypot(x - retina.centre.x, y - retina.centre.y) < retina.radius + 2;

/** A side branch where the parent is: it leaves at 35–70° and takes about two thirds of the width (near Murray's law). */
function branchOf(parent: Bud, x: number, y: number, heading: number, width: number, turn: number, draws: Draws): Bud {
	return {
		kind: parent.kind,
		x,
		y,
		heading: heading + turn * draws.between(0.6, 1.2),
		width: width * draws.between(0.58, 0.78),
		bend: -turn * draws.between(0, 0.03),
		straightAfter: Infinity,
		order: parent.order + 1,
	};
}

/** Grows one vessel from its bud to its end, and lists the buds of its branches. */
export function grow(bud: Bud, retina: Retina, thinnest: number, draws: Draws): { vessel: Vessel; branches: Bud[] } {
	const strokes: Stroke[] = [];
	const branches: Bud[] = [];
	let { x, y, width, heading: course } = bud;
	let sway = 0;
	let turned = 0;
	let untilBranch = bud.order === 0 ? draws.between(7, 13) : draws.between(4, 9);
	let turn = draws.chance(0.5) ? 1 : -1;
	const steps = bud.order === 0 ? 90 : Math.round(draws.between(14, 34) / (0.6 + 0.4 * bud.order));
	for (let step = 0; step < steps && insideField(retina, x, y); step++) {
		// Sway leans the vessel to and fro about its course, so that it winds without losing its way.
		sway = 0.9 * sway + draws.normal(0, bud.order === 0 ? 0.06 : 0.13);
		const eased = bud.bend * Math.exp(-9 * Math.max(0, turned - bud.straightAfter));
		course += eased;
		turned += Math.abs(eased);
		const heading = course + sway;
		const [nextX, nextY] = [x + stepLength * Math.cos(heading), y + stepLength * Math.sin(heading)];
		if (Math.hypot(nextX - retina.fovea.x, nextY - retina.fovea.y) < 8) break;
		const nextWidth = Math.max(thinnest, width * (bud.order === 0 ? 0.9925 : 0.985));
		strokes.push({ x0: x, y0: y, x1: nextX, y1: nextY, width0: width, width1: nextWidth });
		[x, y, width] = [nextX, nextY, nextWidth];
		if (--untilBranch > 0 || Math.hypot(x - retina.disc.x, y - retina.disc.y) < 1.3 * retina.disc.radius) continue;
		branches.push(branchOf(bud, x, y, heading, width, turn, draws));
		width = Math.max(thinnest, width * 0.94);
		turn = draws.chance(0.75) ? -turn : turn;
		untilBranch = draws.between(6, 13);
	}
	return { vessel: { kind: bud.kind, strokes }, branches };
}
