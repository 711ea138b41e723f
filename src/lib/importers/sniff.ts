/** Looks into a few files where names leave open which are the masks. */
import { AppError } from '#lib/core/errors.ts';
import type { Candidates } from './candidate-pairs.ts';
import { folderQuestionId, type PairingQuestion } from './pair.ts';
import type { PairReader } from './pair-reader.ts';
import { maxClasses } from './label-proposal.ts';
import { looksLikePhoto } from './value-readings.ts';

/** Files of each kind that are looked into. */
const probes = 3;

type Look = 'mask' | 'photo' | 'unclear';

async function lookAt(path: string, reader: Pick<PairReader, 'maskFacts'>): Promise<Look> {
	try {
		const facts = await reader.maskFacts(path);
		if (facts.counts.length <= maxClasses && !facts.lossy) return 'mask';
		return looksLikePhoto(facts) ? 'photo' : 'unclear';
	} catch (error) {
		if (error instanceof AppError && error.code !== 'cancelled') return 'unclear';
		throw error;
	}
}

async function lookAtAll(paths: readonly string[], reader: Pick<PairReader, 'maskFacts'>): Promise<Look> {
	const looks = await Promise.all(paths.slice(0, probes).map((path) => lookAt(path, reader)));
	const [first = 'unclear'] = looks;
	return looks.every((look) => look === first) ? first : 'unclear';
}

const folderOf = (path: string): string => path.split('/').at(-2)?.normalize('NFC').toLowerCase() ?? '';

/** Answers the question which of several folders holds the masks, when just one looks so and the others look like photos. */
export async function sniffFolders(
	{ questions, unmatchedImages }: Pick<Candidates, 'questions' | 'unmatchedImages'>,
	reader: Pick<PairReader, 'maskFacts'>,
): Promise<{ question: string; option: string; note: string } | null> {
	const question = questions.find((candidate: PairingQuestion) => candidate.id === folderQuestionId && candidate.chosen === null);
	if (!question) return null;
	const looks = new Map<string, Look>();
	for (const { id } of question.options) {
		looks.set(
			id,
			await lookAtAll(
				unmatchedImages.map(({ path }) => path).filter((path) => folderOf(path) === id),
				reader,
			),
		);
	}
	const masks = [...looks].filter(([, look]) => look === 'mask').map(([id]) => id);
	const [option, ...more] = masks;
	if (option === undefined || more.length > 0 || [...looks.values()].includes('unclear')) return null;
	const note = `No name says which folder holds the masks; the files in “${option}” hold few values, as masks do, and the others look like photos.`;
	return { question: question.id, option, note };
}

/** The reason for exchanging images and masks, when the files named as masks look like photos and the others like masks. */
export async function sniffExchange({ pairs }: Pick<Candidates, 'pairs'>, reader: Pick<PairReader, 'maskFacts'>): Promise<string | null> {
	const probed = pairs.filter((pair) => pair.drawn === null && pair.maskPaths.length === 1 && pair.confidence !== 'sure').slice(0, probes);
	if (probed.length === 0) return null;
	const masks = await lookAtAll(
		probed.flatMap((pair) => pair.maskPaths),
		reader,
	);
	if (masks !== 'photo') return null;
	const images = await lookAtAll(
		probed.map((pair) => pair.imagePath),
		reader,
	);
	return images === 'mask' ? 'The files that are named like masks look like photos, and the others like masks; they were exchanged.' : null;
}
