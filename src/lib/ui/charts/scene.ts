/** A drawing as a list of marks, so that the page and a file show the same. Pure. */
import { formatValue } from '../format.ts';
import { markerPaths, type Marker, type RunStyle } from '../run-colours.ts';
import { escapeXml, niceTicks } from './svg.ts';

/** A colour as the page has it, which follows light and dark, and as a file has it, which is on white. */
export interface Ink {
	readonly page: string;
	readonly file: string;
}

export const inks = {
	text: { page: 'var(--text)', file: '#191919' },
	quiet: { page: 'var(--text-quiet)', file: '#575757' },
	grid: { page: 'var(--line)', file: '#dedede' },
	axis: { page: 'var(--line-strong)', file: '#808080' },
	accent: { page: 'var(--accent)', file: '#4338a8' },
} as const satisfies Readonly<Record<string, Ink>>;

export const inkOf = ({ colour, light }: RunStyle): Ink => ({ page: colour, file: light });

/** Places and lengths in pixels, y downwards. */
export type Mark = { readonly ink: Ink } & (
	| {
			readonly kind: 'line';
			readonly x1: number;
			readonly y1: number;
			readonly x2: number;
			readonly y2: number;
			readonly width?: number;
			readonly dash?: string;
	  }
	| {
			readonly kind: 'box';
			readonly x: number;
			readonly y: number;
			readonly width: number;
			readonly height: number;
			readonly opacity: number;
			readonly edged: boolean;
	  }
	| {
			readonly kind: 'dot';
			readonly x: number;
			readonly y: number;
			readonly marker: Marker;
			readonly radius: number;
			readonly opacity: number;
	  }
	| { readonly kind: 'ring'; readonly x: number; readonly y: number; readonly radius: number }
	| { readonly kind: 'label'; readonly x: number; readonly y: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end' }
);

export interface SceneSize {
	readonly width: number;
	readonly height: number;
}

/** The rectangle that the axes span. */
export interface Area {
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
}

/** Room for numbers on the left and for numbers and a name below. */
export function areaOf({ width, height }: SceneSize): Area {
	return { left: 52, right: width - 12, top: 24, bottom: height - 40 };
}

export interface Scale {
	readonly ticks: readonly number[];
	/** Value → pixels. */
	readonly at: (value: number) => number;
}

/** A straight scale between two places in pixels. Equal limits are widened by a half on both sides. */
export function scaleOf([low, high]: readonly [number, number], from: number, to: number, ticks = 5): Scale {
	const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high];
	return { ticks: niceTicks(first, last, ticks), at: (value) => from + ((value - first) / (last - first)) * (to - from) };
}

/** Tenths around the values: [0, 1] for none. */
export function tenthsAround(values: readonly number[]): readonly [number, number] {
	if (values.length === 0) return [0, 1];
	const low = Math.floor(Math.min(...values) * 10 + 1e-9) / 10;
	const high = Math.ceil(Math.max(...values) * 10 - 1e-9) / 10;
	return low === high ? [low - 0.1, high + 0.1] : [low, high];
}

export function yAxis({ ticks, at }: Scale, { left, right, top }: Area, name: string): readonly Mark[] {
	return [
		...ticks.flatMap((tick): Mark[] => [
			{ kind: 'line', x1: left, y1: at(tick), x2: right, y2: at(tick), ink: inks.grid },
			{ kind: 'label', x: left - 8, y: at(tick) + 4, text: formatValue(tick), anchor: 'end', ink: inks.quiet },
		]),
		{ kind: 'label', x: 4, y: top - 10, text: name, anchor: 'start', ink: inks.quiet },
	];
}

export function xAxis({ ticks, at }: Scale, { left, right, bottom }: Area, name: string): readonly Mark[] {
	return [
		...ticks.map((tick): Mark => ({
			kind: 'label',
			x: at(tick),
			y: bottom + 16,
			text: formatValue(tick),
			anchor: 'middle',
			ink: inks.quiet,
		})),
		{ kind: 'line', x1: left, y1: bottom, x2: right, y2: bottom, ink: inks.axis },
		{ kind: 'label', x: (left + right) / 2, y: bottom + 34, text: name, anchor: 'middle', ink: inks.quiet },
	];
}

/** A place that the pointer can find, for instance an image. */
export interface Spot {
	readonly id: string;
	readonly x: number;
	readonly y: number;
}

export interface Scene {
	readonly marks: readonly Mark[];
	readonly spots: readonly Spot[];
	/** How far from the pointer a spot is found, pixels. */
	readonly reach: number;
}

/** The spot nearest to a place within the scene's reach. */
export function nearestSpot({ spots, reach }: Pick<Scene, 'spots' | 'reach'>, x: number, y: number): Spot | null {
	let best: Spot | null = null;
	let least = reach;
	for (const spot of spots) {
		const distance = Math.hypot(spot.x - x, spot.y - y);
		if (distance <= least) [best, least] = [spot, distance];
	}
	return best;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

function markup(mark: Mark): string {
	const colour = mark.ink.file;
	switch (mark.kind) {
		case 'line': {
			const dash = mark.dash ? ` stroke-dasharray="${mark.dash}"` : '';
			return `<path d="M${round(mark.x1)} ${round(mark.y1)}L${round(mark.x2)} ${round(mark.y2)}" stroke="${colour}" stroke-width="${mark.width ?? 1}"${dash}/>`;
		}
		case 'box': {
			const edge = mark.edged ? ` stroke="${colour}"` : '';
			return `<rect x="${round(mark.x)}" y="${round(mark.y)}" width="${round(mark.width)}" height="${round(mark.height)}" fill="${colour}" fill-opacity="${round(mark.opacity)}"${edge}/>`;
		}
		case 'dot':
			return `<path d="${markerPaths[mark.marker]}" transform="translate(${round(mark.x)} ${round(mark.y)}) scale(${mark.radius})" fill="${colour}" fill-opacity="${mark.opacity}"/>`;
		case 'ring':
			return `<circle cx="${round(mark.x)}" cy="${round(mark.y)}" r="${mark.radius}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
		case 'label':
			return `<text x="${round(mark.x)}" y="${round(mark.y)}" text-anchor="${mark.anchor}" fill="${colour}">${escapeXml(mark.text)}</text>`;
		default:
			return mark satisfies never;
	}
}

const titleHeight = 28;

/** The scene as a complete SVG document under its title. */
export function sceneSvg(marks: readonly Mark[], { width, height }: SceneSize, title: string): string {
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + titleHeight}" viewBox="0 0 ${width} ${height + titleHeight}" font-family="Helvetica, Arial, sans-serif" font-size="12">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${width / 2}" y="20" text-anchor="middle" font-weight="600" fill="#191919">${escapeXml(title)}</text>
<g transform="translate(0 ${titleHeight})">
${marks.map(markup).join('\n')}
</g>
</svg>
`;
}
