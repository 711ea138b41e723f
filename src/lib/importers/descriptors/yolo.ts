/**
 * YOLO segmentation: `labels/x.txt` for `images/x.jpg`, a line per object: class and x y x y … as shares of width and height.
 * Class names are in `data.yaml` or `classes.txt`. An empty file says that there is nothing to see.
 * Source: <https://docs.ultralytics.com/datasets/segment/>.
 */
import { lastPart } from '#lib/core/paths.ts';
import { badDescription, badEntry, type Descriptor } from './descriptor.ts';
import { nearestNames } from './class-names.ts';
import { findPicture, Findings } from './findings.ts';
import { type DrawnObject, ringShape, single } from './shapes.ts';

const format = 'YOLO';

const number = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const objectLine = new RegExp(String.raw`^\s*\d+(?:\s+${number}){4,}\s*$`, 'u');
const inLabelFolder = /(?:^|\/)labels?(?:\/|$)/iu;

/** The objects of one file; facts for a sentence when a line cannot be read. */
function objectsOf(
	text: string,
	width: number,
	height: number,
	nameOf: (index: number) => string,
	findings: Findings,
): DrawnObject[] | { entry: string; reason: string } {
	const objects: DrawnObject[] = [];
	for (const [index, line] of text.split(/\r?\n/u).entries()) {
		if (line.trim() === '') continue;
		const entry = `Line ${index + 1}`;
		if (!objectLine.test(line)) return { entry, reason: 'is no class with coordinates' };
		const [classIndex = 0, ...shares] = line.trim().split(/\s+/u).map(Number);
		if (shares.length === 4) {
			findings.leaveOut('box without a mask');
			continue;
		}
		if (shares.length < 6 || shares.length % 2 !== 0)
			return { entry, reason: `has ${shares.length} coordinates; a polygon takes pairs, three at least` };
		if (shares.some((share) => share < -1 || share > 2)) return { entry, reason: 'has coordinates that are no shares of width and height' };
		const points = shares.map((share, place) => share * (place % 2 === 0 ? width : height));
		objects.push(single(nameOf(classIndex), ringShape(points), entry));
	}
	return objects;
}

export const yolo: Descriptor = {
	id: 'yolo',
	name: format,
	match: ({ path, start }) => {
		if (!/\.txt$/iu.test(path)) return false;
		const [first] = start.split(/\r?\n/u).filter((line) => line.trim() !== '');
		// The first line may be cut off.
		return first === undefined
			? inLabelFolder.test(path.slice(0, path.lastIndexOf('/') + 1))
			: objectLine.test(first.length > 4000 ? first.slice(0, first.lastIndexOf(' ')) : first);
	},
	async read(file, surroundings) {
		const findings = new Findings();
		const stem = lastPart(file.path).replace(/\.txt$/iu, '');
		const { pictures } = surroundings;
		const imagePath = findPicture(findings, pictures, stem, file.path.replace(/(^|\/)labels?\//iu, '$1images/'));
		if (imagePath === null) return file.text.trim() === '' ? null : findings.description([]);
		const named = await nearestNames(file.path, surroundings);
		const nameOf = (index: number): string => named?.names.get(index) ?? `class ${index}`;
		const { width, height } = pictures.size(imagePath) ?? { width: 1, height: 1 };
		const objects = objectsOf(file.text, width, height, nameOf, findings);
		if (!Array.isArray(objects)) findings.problems.push(badEntry(imagePath, format, file.path, objects.entry, objects.reason));
		else if (objects.length === 0 && file.text.trim() !== '')
			throw badDescription(format, file.path, 'The file', 'holds boxes only; a mask needs polygons');
		else findings.draw(imagePath, objects, pictures, file.path);
		if (named) findings.alsoRead.push(named.path);
		return findings.description([...(named?.names ?? new Map<number, string>())].sort(([a], [b]) => a - b).map(([, name]) => ({ name })));
	},
};
