/**
 * nnU-Net and the Medical Segmentation Decathlon: `dataset.json` with `labels`, images in `imagesTr`, masks in `labelsTr`.
 * In nnU-Net `CASE_0000.png`, `CASE_0001.png`, … are the channels of one image and `CASE.png` is its mask.
 * Source: <https://github.com/MIC-DKFZ/nnUNet/blob/master/documentation/dataset_format.md>.
 */
import { foldersOf, lastPart } from '#lib/core/paths.ts';
import * as v from 'valibot';
import type { Descriptor, Surroundings } from './descriptor.ts';
import { findPicture, Findings } from './findings.ts';
import type { LabelMapEntry } from './label-map.ts';
import { stemOf } from './picture-names.ts';
import { asShape } from './text-file.ts';

const fileSchema = v.object({
	labels: v.record(v.string(), v.union([v.number(), v.string(), v.array(v.number())])),
	channel_names: v.optional(v.unknown()),
	modality: v.optional(v.unknown()),
	numTraining: v.optional(v.number()),
	training: v.optional(v.array(v.unknown())),
});
const trainingSchema = v.object({ image: v.string(), label: v.string() });

/** Version 2 writes `name: value`, version 1 and the Decathlon `"value": name`. A region of several values has no value of its own. */
function entriesOf(labels: v.InferOutput<typeof fileSchema>['labels'], findings: Findings): LabelMapEntry[] {
	return Object.entries(labels).flatMap(([key, label]): LabelMapEntry[] => {
		if (typeof label === 'number') return [{ name: key, value: label, colour: null }];
		if (typeof label === 'string') return /^\d+$/u.test(key) ? [{ name: label, value: Number(key), colour: null }] : [];
		findings.notes.push(`The region “${key}” is made of several labels; the labels themselves are the classes here.`);
		return [];
	});
}

const partOf = (path: string, folder: string): boolean => path.toLowerCase().split('/').includes(folder);

/** Images by case in the folder beside the description: channel files in order. */
function casesOf(folder: string, { pictures }: Surroundings): Map<string, string[]> {
	const cases = new Map<string, string[]>();
	const paths = pictures.paths.filter((path) => path.startsWith(folder) && partOf(path, 'imagestr'));
	for (const path of [...paths].sort()) {
		const stem = stemOf(lastPart(path))
			.replace(/_\d{4}$/u, '')
			.toLowerCase();
		cases.set(stem, [...(cases.get(stem) ?? []), path]);
	}
	return cases;
}

function addCases(folder: string, surroundings: Surroundings, findings: Findings): void {
	const { pictures } = surroundings;
	const cases = casesOf(folder, surroundings);
	const labels = pictures.paths.filter((path) => path.startsWith(folder) && partOf(path, 'labelstr'));
	for (const maskPath of labels) {
		const stem = stemOf(lastPart(maskPath)).toLowerCase();
		const [imagePath, ...channels] = cases.get(stem) ?? [];
		if (imagePath === undefined) findings.missing.push(`imagesTr/${stem}`);
		else findings.listed.push({ imagePath, maskPaths: [maskPath], channelPaths: channels });
	}
}

/** The Decathlon lists its pairs. */
function addTraining(path: string, training: readonly unknown[], { pictures }: Surroundings, findings: Findings): void {
	for (const value of training) {
		const entry = asShape(trainingSchema, value);
		if (entry === null) continue;
		const imagePath = findPicture(findings, pictures, entry.image, path, (candidate) => !partOf(candidate, 'labelstr'));
		const maskPath = findPicture(findings, pictures, entry.label, path, (candidate) => candidate !== imagePath);
		if (imagePath !== null && maskPath !== null) findings.listed.push({ imagePath, maskPaths: [maskPath], channelPaths: [] });
	}
}

export const nnUnet: Descriptor = {
	id: 'nnunet',
	name: 'nnU-Net',
	match: ({ path }) => /(?:^|\/)dataset\.json$/iu.test(path),
	async read(file, surroundings) {
		const content = asShape(fileSchema, file.json());
		if (content === null) return null;
		const findings = new Findings();
		const entries = entriesOf(content.labels, findings);
		addCases(foldersOf(file.path), surroundings, findings);
		if (findings.listed.length === 0) addTraining(file.path, content.training ?? [], surroundings, findings);
		return { ...findings.description([]), labelMap: entries };
	},
};
