/**
 * The data sets that this app saves: `labels.json` says what the mask values mean, exactly, and which files belong together.
 * Its writer lives in the same file, so that neither changes without the other.
 */
import { foldersOf } from '#lib/core/paths.ts';
import * as v from 'valibot';
import { type LabelScheme, labelSchemeSchema } from '#lib/core/sample.ts';
import { badDescription, type Descriptor } from './descriptor.ts';
import { Findings } from './findings.ts';
import { asShape, whyNot } from './text-file.ts';

const format = 'Overlap';
const mark = 'overlap data set';
const version = 1;

const markSchema = v.object({ format: v.literal(mark), version: v.number() });
const setSchema = v.object({
	scheme: labelSchemeSchema,
	samples: v.array(v.object({ image: v.string(), channels: v.array(v.string()), mask: v.string(), tileOf: v.exactOptional(v.string()) })),
});

/** One sample by the paths of its files, from the folder of `labels.json`. */
export interface SavedSample {
	readonly image: string;
	/** Further files of the image, each a channel of its own. */
	readonly channels: readonly string[];
	readonly mask: string;
	/** As `SampleMeta.tileOf`: the tiles of a picture stay together when the set is opened again. */
	readonly tileOf?: string;
}

/** The text of `labels.json`. */
export function ownSetText(scheme: LabelScheme, samples: readonly SavedSample[]): string {
	return `${JSON.stringify({ format: mark, version, scheme: v.parse(labelSchemeSchema, scheme), samples }, null, '\t')}\n`;
}

export const ownSet: Descriptor = {
	id: 'own-set',
	name: 'data set of this app',
	match: ({ path, start }) => /(?:^|\/)labels\.json$/iu.test(path) && start.includes(mark),
	async read(file, { pictures }) {
		const marked = asShape(markSchema, file.json());
		if (marked === null) return null;
		if (marked.version !== version)
			throw badDescription(format, file.path, 'The file', `has version ${marked.version}; this app reads version ${version}`);
		const set = asShape(setSchema, file.json());
		if (set === null) throw badDescription(format, file.path, 'The file', whyNot(setSchema, file.json()) ?? 'is not as expected');
		const opened = new Set(pictures.paths);
		const folder = foldersOf(file.path);
		const findings = new Findings();
		for (const { image, channels, mask, tileOf } of set.samples) {
			const [imagePath, maskPath, channelPaths] = [`${folder}${image}`, `${folder}${mask}`, channels.map((path) => `${folder}${path}`)];
			const missing = [imagePath, maskPath, ...channelPaths].filter((path) => !opened.has(path));
			if (missing.length === 0) findings.listed.push({ imagePath, maskPaths: [maskPath], channelPaths, tileOf });
			else findings.missing.push(...missing);
		}
		return { ...findings.description([]), scheme: set.scheme };
	},
};
