/** Classes of public data sets that are known by the names of their files. Values as their authors publish them. */
import type { LabelMapEntry } from './descriptors/label-map.ts';

/** A known set: when it is meant, and its classes. */
interface KnownSet {
	/** Completes the sentence "The values are read as …". */
	readonly name: string;
	/** Of mask paths, lower case. */
	readonly path: RegExp;
	/** All values that occur must be such. */
	readonly values: (value: number) => boolean;
	/** And so many must occur, as other sets use the same names. */
	readonly least: number;
	readonly entries: readonly LabelMapEntry[];
}

const listed = (names: string): LabelMapEntry[] => names.split(', ').map((name, value) => ({ name, value, colour: null }));

const ignored = (value: number, name = 'void'): LabelMapEntry => ({ name, value, colour: null });

/** Cordts et al. 2016, <https://github.com/mcordts/cityscapesScripts>: classes outside of the benchmark are void. */
const cityscapesClasses =
	'road, sidewalk, building, wall, fence, pole, traffic light, traffic sign, vegetation, terrain, sky, person, rider, car, truck, bus, train, motorcycle, bicycle';
const cityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

const cityscapes = listed(cityscapesClasses).map((entry, index) => ({ ...entry, value: cityscapesIds[index] ?? 0 }));
const cityscapesVoid = Array.from({ length: 34 }, (_, value) => value).filter((value) => !cityscapesIds.includes(value));

const knownSets: readonly KnownSet[] = [
	{
		name: 'the label ids of Cityscapes',
		path: /_labelids\.\w+$|(?:^|\/)semantic\/\d+_\d+\.png$/u,
		values: (value) => value <= 33 || value === 255,
		least: 6,
		entries: [...cityscapes, ...[...cityscapesVoid, 255].map((value) => ignored(value))],
	},
	{
		name: 'the training ids of Cityscapes',
		path: /_labeltrainids\.\w+$/u,
		values: (value) => value <= 18 || value === 255,
		least: 2,
		entries: [...listed(cityscapesClasses), ignored(255)],
	},
	{
		// Badrinarayanan et al. 2017 (SegNet), 11 classes.
		name: 'the classes of CamVid',
		path: /(?:^|\/)(?:train|val|test)annot\//u,
		values: (value) => value <= 11,
		least: 9,
		entries: [...listed('sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist'), ignored(11)],
	},
	{
		// Parkhi et al. 2012: 3 is the unsure rim.
		name: 'the trimaps of the Oxford pets',
		path: /(?:^|\/)trimaps\//u,
		values: (value) => value >= 1 && value <= 3,
		least: 2,
		entries: [{ name: 'background', value: 2, colour: null }, { name: 'pet', value: 1, colour: null }, ignored(3, 'unsure')],
	},
];

/** The known set that all masks are of, by their names and by the values that occur; null when it is none. */
export function knownSetOf(maskPaths: readonly string[], values: readonly number[]): KnownSet | null {
	const [first] = maskPaths;
	if (first === undefined) return null;
	const fits = (set: KnownSet): boolean =>
		maskPaths.every((path) => set.path.test(path.toLowerCase())) && values.every(set.values) && values.length >= set.least;
	return knownSets.find(fits) ?? null;
}

/** Pascal VOC's folder of class masks, where 255 is the unlabelled rim around objects. */
export function isVocFolder(maskPaths: readonly string[]): boolean {
	return maskPaths.length > 0 && maskPaths.every((path) => /(?:^|\/)segmentationclass(?:png)?\//iu.test(path));
}
