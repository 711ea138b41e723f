/** What the app says when something fails: one entry per error code. Each says what happened, why, and what to do next. */
import { AppError, type ErrorCode, type ErrorFacts } from '#lib/core/errors.ts';
import { formatBytes, formatCount } from './format.ts';

export interface Message {
	/** What happened, as a short sentence without a full stop. */
	readonly title: string;
	/** Why, in the terms of the person's own files and settings. */
	readonly detail: string;
	/** What to do now. */
	readonly next: string;
}

/** Reads facts; every reader has words for the case that the fact was not given. */
class Facts {
	readonly #facts: ErrorFacts;

	constructor(facts: ErrorFacts) {
		this.#facts = facts;
	}

	/** The first of `keys` that was given, as text. */
	text(keys: readonly string[], otherwise: string): string {
		const key = keys.find((candidate) => this.#facts[candidate] !== undefined && this.#facts[candidate] !== '');
		return key === undefined ? otherwise : String(this.#facts[key]);
	}

	/** `before` + the fact + `after`, or nothing. */
	phrase(keys: readonly string[], before: string, after = '', format: (value: string) => string = (value) => value): string {
		const value = this.text(keys, '');
		return value === '' ? '' : `${before}${format(value)}${after}`;
	}

	/** Width × height of `prefix`, for instance `imageWidth` and `imageHeight`, or nothing. */
	size(width: string, height: string): string {
		const [w, h] = [this.#facts[width], this.#facts[height]];
		return w === undefined || h === undefined ? '' : `${w} × ${h}`;
	}

	/** The file that the failure is about. */
	file(otherwise: string): string {
		return this.text(['name', 'file', 'path', 'entry', 'image'], otherwise);
	}
}

const bytes = (value: string): string => (/^\d+$/u.test(value) ? formatBytes(Number(value)) : value);
const whole = (value: string): string => (/^\d+$/u.test(value) ? formatCount(Number(value)) : value);

const messages: Record<ErrorCode, (facts: Facts) => Message> = {
	'image-unreadable': (facts) => ({
		title: `${facts.file('A file')} could not be read`,
		detail: `Its bytes are not a complete image of a known format${facts.phrase(['reason', 'detail'], ': ')}. It may be damaged or cut short.`,
		next: 'Open it in another program and save it again as PNG, then drop it here. The other files are not affected.',
	}),
	'image-too-large': (facts) => ({
		title: `${facts.file('An image')} is too large`,
		detail: `It was refused from its header, before anything was decoded${facts.phrase(['width'], ': ')}${facts.phrase(['height'], ' × ', ' pixels')}${facts.phrase(['limit', 'maxPixels'], ' with a limit of ', ' pixels', whole)}.`,
		next: 'Cut it into tiles or make it smaller, then open it again.',
	}),
	'format-unsupported': (facts) => ({
		title: `${facts.file('A file')} is of a kind that is not read here`,
		detail: `${facts.text(['reason', 'variant', 'format', 'detail'], 'This format')} is refused rather than guessed at, so that no label value is changed without notice.`,
		next: 'Save it as PNG (8 or 16 bit) or as an uncompressed TIFF, then open it again.',
	}),
	'file-empty': (facts) => ({
		title: `${facts.file('A file')} is empty`,
		detail: 'It has a name but holds no bytes. A copy or a download may have been interrupted.',
		next: 'Copy it again from where it came from, then open it here.',
	}),
	'zip-unreadable': (facts) => ({
		title: `${facts.file('The archive')} could not be opened`,
		detail: `It is not a complete zip archive${facts.phrase(['reason', 'detail'], ': ')}, or it is locked with a password.`,
		next: 'Unpack it on this computer and drop the folder here instead.',
	}),
	'zip-too-large': (facts) => ({
		title: `${facts.file('The archive')} would unpack to too much`,
		detail: `Unpacked it would take ${facts.phrase(['sizeBytes', 'size', 'bytes'], '', '', bytes) || 'more than fits here'}${facts.phrase(['limitBytes', 'limit'], ', and the limit is ', '', bytes)}.`,
		next: 'Unpack it on this computer and open a part of the files.',
	}),
	'zip-entry-damaged': (facts) => ({
		title: `${facts.text(['entry', 'name', 'file', 'path'], 'A file')} in the archive is damaged`,
		detail: 'Its bytes do not give the checksum that the archive states, so its pixels cannot be trusted.',
		next: 'Make or download the archive again. The other files in it can be used.',
	}),
	'mask-size-differs': (facts) => ({
		title: `${facts.text(['mask', 'name', 'file'], 'A mask')} does not have the size of its image`,
		detail: `${facts.phrase(['image'], 'The image is ', '; ')}${maskSizes(facts)}Pixels of the two cannot be matched.`,
		next: 'Choose another mask for this image in the table, or leave the pair out.',
	}),
	'mask-has-too-many-values': (facts) => ({
		title: `${facts.text(['mask', 'name', 'file'], 'A mask')} holds too many different values`,
		detail: `It holds ${facts.text(['count', 'found', 'values'], 'more')} values${facts.phrase(['limit'], ', and at most ', ' can be classes')}. It may be a photograph or have soft edges from a lossy format.`,
		next: 'Use “Foreground above a threshold” in Classes, or choose the file that holds the labels.',
	}),
	'dataset-too-small': (facts) => ({
		title: 'There are too few pairs to train on',
		detail: `${facts.phrase(['count', 'found', 'samples'], 'There are ', ' pairs; at', whole) || 'At'} least ${facts.text(['needed', 'minimum', 'limit', 'required'], 'two')} are needed, so that some can be held back for validation.`,
		next: 'Open more images with masks, or start from one of the samples.',
	}),
	'dataset-missing': (facts) => ({
		title: 'The data of this experiment are no longer here',
		detail: `${facts.text(['name', 'dataset'], 'The data set')} was deleted or belongs to another browser; images never leave the tab they were opened in.`,
		next: 'Open the same files again, and the experiment will find them by their fingerprint.',
	}),
	'dataset-changed': (facts) => ({
		title: 'The data are not those this experiment was trained on',
		detail: `The fingerprint differs${facts.phrase(['name', 'dataset'], ' for ')}${facts.phrase(['expected'], ': expected ', '', (value) => value.slice(0, 8))}${facts.phrase(['found'], ', found ', '', (value) => value.slice(0, 8))}, so further training would not be comparable.`,
		next: 'Open the original files, or start a new experiment with the data as they are now.',
	}),
	'spec-invalid': (facts) => ({
		title: 'These settings cannot be used',
		detail:
			`${facts.text(['reason', 'detail', 'issue', 'message'], 'A value is missing or out of its range')}${facts.phrase(['field', 'path', 'key'], ' (', ')')}.`.replace(
				'..',
				'.',
			),
		next: 'Correct the value, or start from the defaults again.',
	}),
	'model-unreadable': (facts) => ({
		title: `${facts.file('The model')} could not be opened`,
		detail: `It is not a TensorFlow.js layers model as a zip${facts.phrase(['reason', 'detail'], ': ')}.`,
		next: 'Export the model again, or choose another file.',
	}),
	'model-mismatch': (facts) => ({
		title: 'This model does not fit these data',
		detail: `${facts.text(['reason', 'detail'], 'The number of channels or classes differs')}${facts.phrase(['expected'], ' — the model expects ')}${facts.phrase(['found'], ', the data have ')}.`,
		next: 'Choose images of the kind the model was trained on, or train a new model.',
	}),
	'backend-unavailable': (facts) => ({
		title: `${facts.text(['backend', 'name'], 'The chosen way to compute')} is not available here`,
		detail: `${facts.text(['reason', 'detail'], 'The browser or its graphics driver does not offer it')}.`.replace('..', '.'),
		next: 'Choose “automatic” under Compute; training then runs on the processor, only slower.',
	}),
	'gpu-error': (facts) => ({
		title: 'The graphics card reported an error',
		detail: `A computation was refused${facts.phrase(['reason', 'detail', 'message'], ': ')}. The results of this step were thrown away.`,
		next: 'Resume from the last checkpoint. If it happens again, choose a smaller batch or the wasm backend.',
	}),
	'gpu-lost': (facts) => ({
		title: 'The connection to the graphics card was lost',
		detail: `The driver restarted, the computer slept, or another program took its memory${facts.phrase(['reason', 'detail', 'message'], ': ')}.`,
		next: 'Resume: training goes on from the last checkpoint.',
	}),
	'out-of-memory': (facts) => ({
		title: 'There is not enough memory for this',
		detail: `${facts.phrase(['neededBytes', 'needed', 'sizeBytes', 'bytes'], 'About ', ' would be needed. ', bytes)}The size of the images, the batch and the net decide how much one step takes.`,
		next: 'Choose a smaller image size, batch or net, or fewer losses at once. The last checkpoint is kept.',
	}),
	'not-finite': (facts) => ({
		title: `${facts.text(['loss', 'label', 'name', 'run', 'runId'], 'A run')} stopped: its loss is no longer a number`,
		detail: `The values grew without bound${facts.phrase(['step'], ' at step ', '', whole)}${facts.phrase(['epoch'], ' in epoch ', '', whole)}. Most often the learning rate is too high for this loss. The other runs go on.`,
		next: 'Lower the learning rate of this loss, or clip the gradient, and restart.',
	}),
	'checkpoint-damaged': (facts) => ({
		title: 'A checkpoint is damaged and was not used',
		detail: `Its bytes do not give their checksum${facts.phrase(['run', 'runId', 'name'], ' (', ')')}. Writing it may have been cut off.`,
		next: 'Resume from the checkpoint before it, or restart the run.',
	}),
	'checkpoint-missing': (facts) => ({
		title: 'There is no checkpoint to continue from',
		detail: `${facts.text(['run', 'runId', 'name', 'model'], 'This run')} has not finished an epoch yet, or its checkpoints were deleted.`,
		next: 'Train at least one epoch, or restart the run.',
	}),
	'storage-unavailable': (facts) => ({
		title: 'Nothing can be kept in this browser',
		detail: `Its storage cannot be used${facts.phrase(['reason', 'detail'], ': ')}. Private windows and strict settings do this.`,
		next: 'Go on working, and export models and reports before you close the tab.',
	}),
	'storage-full': (facts) => ({
		title: 'The browser has no room left',
		detail: `${facts.phrase(['neededBytes', 'needed', 'sizeBytes', 'bytes'], 'Writing ', ' failed. ', bytes)}What was stored before is untouched.`,
		next: 'Delete experiments or data sets that are no longer needed, or make room on the disk, then try again.',
	}),
	'storage-newer': (facts) => ({
		title: 'These data were written by a newer version of Overlap',
		detail: `${facts.phrase(['found', 'version'], 'They are of version ', '; ')}this version reads up to ${facts.text(['supported', 'expected', 'known'], 'an earlier one')}. Reading on could damage them.`,
		next: 'Reload the page to get the newest version, or close other tabs that still run an old one.',
	}),
	'storage-blocked': (facts) => ({
		title: 'Another tab holds the storage',
		detail: `A tab with an older version of Overlap is open${facts.phrase(['name', 'database'], ' and keeps ', ' from being brought up to date')}.`,
		next: 'Close the other tabs of Overlap; this one goes on by itself.',
	}),
	'project-locked': (facts) => ({
		title: 'This experiment is training in another tab',
		detail: `Two tabs must not write ${facts.text(['name', 'experiment', 'experimentId'], 'one experiment')} at once, or their results would mix.`,
		next: 'Go to the other tab, or stop it there and resume here.',
	}),
	'worker-died': (facts) => ({
		title: 'The training process ended unexpectedly',
		detail: `The browser closed it${facts.phrase(['reason', 'detail', 'message'], ': ')}, most often because memory ran out.`,
		next: 'Resume: training goes on from the last checkpoint. If it happens again, choose a smaller batch or net.',
	}),
	cancelled: () => ({
		title: 'Stopped',
		detail: 'The work was ended on request before it was complete. Nothing was changed.',
		next: 'Start it again whenever you like.',
	}),
};

function maskSizes(facts: Facts): string {
	const image = facts.size('imageWidth', 'imageHeight') || facts.size('width', 'height') || facts.text(['expected'], '');
	const mask = facts.size('maskWidth', 'maskHeight') || facts.text(['found'], '');
	if (image === '' && mask === '') return '';
	return `the image has ${image || 'other'} pixels, the mask ${mask || 'others'}. `;
}

/** The sentence for a failure, with its facts filled in. */
export function messageFor(error: AppError | { readonly code: ErrorCode; readonly facts: ErrorFacts }): Message {
	return messages[error.code](new Facts(error.facts));
}

/** The sentence for anything that was thrown: an unknown error is called a fault of the app and shows its own text. */
export function messageForUnknown(error: unknown): Message {
	if (error instanceof AppError) return messageFor(error);
	return {
		title: 'Something went wrong inside Overlap',
		detail: error instanceof Error ? error.message : String(error),
		next: 'Your data and checkpoints are kept. Reload the page to go on, and please report this text.',
	};
}
