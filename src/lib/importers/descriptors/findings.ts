/** What a reader of annotation files finds, collected: samples, what was left out, and what went wrong, each counted and named. */
import type { ImportProblem } from '../opened-file.ts';
import type { DescribedClass, Description, DrawnSample, ListedSample } from './descriptor.ts';
import type { PictureNames } from './picture-names.ts';
import type { DrawnObject } from './shapes.ts';

/** Width and height that the description states; absent ones are not checked. */
interface StatedSize {
	readonly width?: number | null | undefined;
	readonly height?: number | null | undefined;
}

/** An image named twice, for instance with and without its extension, carries the objects of both entries. */
function joinedByImage(samples: readonly DrawnSample[]): DrawnSample[] {
	const images = new Map<string, DrawnObject[]>();
	for (const { imagePath, objects } of samples) images.set(imagePath, [...(images.get(imagePath) ?? []), ...objects]);
	return [...images].map(([imagePath, objects]) => ({ imagePath, objects }));
}

/** One problem an image, the first. */
function firstOfEach(problems: readonly ImportProblem[]): ImportProblem[] {
	return [...new Map(problems.toReversed().map((problem) => [problem.paths.join('\n'), problem])).values()].reverse();
}

export class Findings {
	readonly drawn: DrawnSample[] = [];
	readonly listed: ListedSample[] = [];
	readonly problems: ImportProblem[] = [];
	readonly missing: string[] = [];
	readonly alsoRead: string[] = [];
	readonly notes: string[] = [];
	readonly #leftOut = new Map<string, number>();
	readonly #counted = new Map<string, number>();

	/** Counts a shape that has no area, by its kind. */
	leaveOut(kind: string): void {
		this.#leftOut.set(kind, (this.#leftOut.get(kind) ?? 0) + 1);
	}

	/** Counts a thing that could not be used: `3 annotations <what>`. */
	note(what: string, thing: string): void {
		const key = `${thing}|${what}`;
		this.#counted.set(key, (this.#counted.get(key) ?? 0) + 1);
	}

	/** Adds an image with its objects, unless the image has another size than the description says. */
	draw(imagePath: string, objects: readonly DrawnObject[], pictures: PictureNames, path: string, stated: StatedSize = {}): void {
		const size = pictures.size(imagePath);
		const width = stated.width || size?.width;
		const height = stated.height || size?.height;
		if (size === null || (size.width === width && size.height === height)) {
			this.drawn.push({ imagePath, objects });
			return;
		}
		const exchanged = size.width === height && size.height === width ? 1 : 0;
		const facts = { imageWidth: size.width, imageHeight: size.height, maskWidth: width ?? 0, maskHeight: height ?? 0, exchanged };
		this.problems.push({ paths: [imagePath], code: 'mask-size-differs', facts: { path: imagePath, description: path, ...facts } });
	}

	description(classes: readonly DescribedClass[]): Description {
		const { listed, missing, alsoRead } = this;
		const problems = firstOfEach(this.problems);
		const spoilt = new Set(problems.flatMap(({ paths }) => paths));
		const drawn = joinedByImage(this.drawn).filter(({ imagePath }) => !spoilt.has(imagePath));
		const counted = [...this.#counted].map(([key, count]) => {
			const [thing = '', what = ''] = key.split('|');
			return `${count} ${thing}${count === 1 ? '' : 's'} ${what}.`;
		});
		return {
			drawn,
			listed,
			classes,
			labelMap: null,
			scheme: null,
			missing,
			problems,
			leftOut: [...this.#leftOut],
			alsoRead,
			notes: [...this.notes, ...counted],
		};
	}
}

/** The opened picture that a description names; null, and a finding, when there is none or more than one. */
export function findPicture(
	findings: Findings,
	pictures: PictureNames,
	name: string,
	near: string,
	accept?: (path: string) => boolean,
): string | null {
	const found = pictures.find(name, near, accept);
	if (found.kind === 'one') return found.path;
	if (found.kind === 'none') findings.missing.push(name);
	else findings.notes.push(`“${name}” could be any of ${found.paths.map((path) => `“${path}”`).join(', ')}; none was taken.`);
	return null;
}
