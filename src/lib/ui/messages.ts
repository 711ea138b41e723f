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

/** Reads facts. No message relies on one: a reader gives other words, or nothing, when it is absent. */
class Facts {
	readonly #facts: ErrorFacts;

	constructor(facts: ErrorFacts) {
		this.#facts = facts;
	}

	/** The first of `keys` that was given, as text. */
	text(otherwise: string, ...keys: readonly string[]): string {
		const given = keys.map((key) => this.#facts[key]).find((value) => value !== undefined && value !== '');
		return given === undefined ? otherwise : String(given);
	}

	/** The fact between `before` and `after`; nothing when absent. */
	phrase(before: string, key: string, after = ''): string {
		const value = this.text('', key);
		return value === '' ? '' : `${before}${value}${after}`;
	}

	/** As `phrase`, for a number of things. */
	count(before: string, key: string, after = ''): string {
		const value = this.#facts[key];
		return typeof value === 'number' ? `${before}${formatCount(value)}${after}` : '';
	}

	/** As `phrase`, for bytes. */
	bytes(before: string, key: string, after = ''): string {
		const value = this.#facts[key];
		return typeof value === 'number' ? `${before}${formatBytes(value)}${after}` : '';
	}

	/** Width × height; nothing when one is absent. */
	size(before: string, width: string, height: string, after = ''): string {
		const [w, h] = [this.#facts[width], this.#facts[height]];
		return w === undefined || h === undefined ? '' : `${before}${w} × ${h}${after}`;
	}

	/** The file that the failure is about. */
	file(otherwise: string): string {
		return this.text(otherwise, 'name', 'path', 'file');
	}

	/** The cause in the words of who noticed it. */
	reason(before = ': '): string {
		const reason = this.text('', 'reason', 'message', 'detail').replace(/\.$/u, '');
		return reason === '' ? '' : `${before}${reason}`;
	}
}

const files = {
	'image-unreadable': (facts) => ({
		title: `${facts.file('A file')} could not be read`,
		detail: `This ${facts.text('image', 'format')} file ${facts.reason('') || 'is damaged or cut short'}.`,
		next: 'Open it in another program and save it again as PNG, then drop it here. The other files are not affected.',
	}),
	'image-too-large': (facts) => ({
		title: `${facts.file('An image')} is too large`,
		detail: `It was refused before anything was decoded${facts.size(': it has ', 'width', 'height', ' pixels')}${facts.bytes(': it takes ', 'sizeBytes')}${facts.count('; the longest side may have ', 'maxSide', ' pixels')}${facts.count(' and the whole ', 'maxMegapixels', ' million')}${facts.count('; a file may have ', 'maxPages', ' pages')}.`,
		next: 'Cut it into parts or make it smaller, then open it again.',
	}),
	'format-unsupported': (facts) => ({
		title: `${facts.file('A file')} is of a kind that is not read here`,
		detail: `${facts.text('This kind of file', 'format')} is refused rather than guessed at, so that no label value is changed without notice.`,
		next: 'Save it as PNG with 8 or 16 bits, then open it again.',
	}),
	'file-empty': (facts) => ({
		title: `${facts.file('A file')} is empty`,
		detail: 'It has a name but holds no bytes. A copy or a download may have been interrupted.',
		next: 'Copy it again from where it came from, then open it here.',
	}),
	'zip-unreadable': (facts) => ({
		title: `${facts.file('The archive')} could not be opened`,
		detail: `It is not a complete zip archive, or it is locked with a password${facts.reason()}.`,
		next: 'Unpack it on this computer and drop the folder here instead.',
	}),
	'zip-too-large': (facts) => ({
		title: `${facts.file('The archive')} would unpack to too much`,
		detail: `An archive may hold${facts.count(' ', 'maxEntries', ' files')}${facts.bytes(' of together ', 'maxTotalBytes') || ' no more than fits into memory'}.`,
		next: 'Unpack it on this computer and open a part of the files.',
	}),
	'zip-entry-damaged': (facts) => ({
		title: `${facts.file('A file')} in the archive is damaged`,
		detail: `Its bytes are not those the archive announces${facts.reason()}, so its pixels cannot be trusted.`,
		next: 'Make or download the archive again. The other files in it can be used.',
	}),
	'mask-size-differs': (facts) => ({
		title: `${facts.file('An image')} and its mask differ in size`,
		detail: `${facts.size('The image has ', 'imageWidth', 'imageHeight', ' pixels, ') || 'The image has other pixels, '}${facts.size('the mask ', 'maskWidth', 'maskHeight') || 'than the mask'}${facts.text('', 'exchanged') === '1' ? '; one of the two was turned by a quarter' : ''}.`,
		next: 'Choose another mask for this image in the table, or leave the pair out.',
	}),
	'mask-has-too-many-values': (facts) => ({
		title: `${facts.file('A mask')} holds too many different values`,
		detail: `${facts.count('At most ', 'most', ' can be classes.') || 'Each value would be a class.'} It may be a photograph, or have soft edges from a lossy format.`,
		next: 'Use “Foreground above a threshold” under Classes, or choose the file that holds the labels.',
	}),
	'description-unreadable': (facts) => ({
		title: `${facts.file('An annotation file')} could not be read${facts.phrase(' as ', 'format')}`,
		detail: `${facts.text('The file', 'entry')} ${facts.reason('') || 'is not as its format says'}.`,
		next: 'Export the annotations again, or mend this entry in a text editor. What the file says of other images is not affected.',
	}),
} as const satisfies Partial<Record<ErrorCode, (facts: Facts) => Message>>;

const experiments = {
	'dataset-too-small': (facts) => ({
		title: 'There are too few pairs to train on',
		detail: `${facts.count('There are ', 'samples', ', but at') || 'At'} least two are needed, so that one can be held back for validation.`,
		next: 'Open more images with masks, or start from one of the samples.',
	}),
	'dataset-missing': () => ({
		title: 'The data of this experiment are no longer here',
		detail: 'The data set was deleted, or belongs to another browser: images never leave the computer they were opened on.',
		next: 'Open the same files again, and the experiment will know them by their fingerprint.',
	}),
	'dataset-changed': (facts) => ({
		title: 'The data are not those they were before',
		detail: `The fingerprint${facts.phrase(' of ', facts.text('', 'dataset') === '' ? 'path' : 'dataset')} differs, so further training would not be comparable.`,
		next: 'Open the original files, or start a new experiment with the data as they are now.',
	}),
	'project-unreadable': (facts) => ({
		title: `${facts.file('The project file')} could not be opened`,
		detail: `It is damaged or was changed after it was saved${facts.reason()}. Nothing of it was kept.`,
		next: 'Copy or download it again from where it was saved, or save the project anew there.',
	}),
	'project-newer': (facts) => ({
		title: `${facts.file('The project file')} was saved by a newer version of Overlap`,
		detail: `This version does not know its form${facts.phrase(', which is number ', 'version')}. Nothing of it was kept.`,
		next: 'Reload the page to get the newest version, then open the file again.',
	}),
	'spec-invalid': (facts) => ({
		title: 'These settings cannot be used',
		detail: `A value is missing or out of its range${facts.phrase(': ', 'parameter')}${facts.phrase(' of the loss ', 'loss')}${facts.count(' has ', 'given', ' numbers')}${facts.count(' for ', 'classes', ' classes')}${facts.reason()}.`,
		next: 'Correct the value, or start from the defaults again.',
	}),
	'lesson-unreadable': () => ({
		title: 'This link to a lesson could not be read',
		detail: 'It is damaged or cut short, as long links often are in messages. Nothing was changed here.',
		next: 'Copy the whole link again from where it came from, or ask for it anew.',
	}),
	'lesson-newer': () => ({
		title: 'This lesson was made with a newer version of Overlap',
		detail: 'The link holds parts that this version does not know. Nothing was changed here.',
		next: 'Reload the page to get the newest version, then open the link again.',
	}),
	'model-unreadable': (facts) => ({
		title: `${facts.file('The model')} could not be opened`,
		detail: `It is not a TensorFlow.js layers model in a zip${facts.reason()}.`,
		next: 'Export the model again, or choose another file.',
	}),
	'model-mismatch': (facts) => ({
		title: 'This model does not fit these data',
		detail: `The number of channels or classes differs${facts.reason()}${facts.phrase('; the model expects ', 'expected')}${facts.phrase(', the data have ', 'found')}.`,
		next: 'Choose images of the kind the model was trained on, or train a new model.',
	}),
	'not-finite': (facts) => ({
		title: `${facts.text('A run', 'label', 'loss', 'run')} stopped: its numbers grew without bound`,
		detail: `The ${facts.text('loss', 'what')} became infinite or no number at all${facts.count(' at step ', 'step')}. Most often the learning rate is too high for this loss. The other runs go on.`,
		next: 'Lower the learning rate of this loss, or clip the gradient, and restart.',
	}),
	'checkpoint-damaged': () => ({
		title: 'A checkpoint is damaged and was not used',
		detail: 'Its bytes do not give their checksum. Writing it may have been cut off.',
		next: 'Resume from the checkpoint before it, or restart the run.',
	}),
	'checkpoint-missing': (facts) => ({
		title: 'There is no checkpoint to continue from',
		detail: `${facts.phrase('The run ', 'run') || 'This run'} has not finished an epoch yet, or its checkpoints were deleted.`,
		next: 'Train at least one epoch, or restart the run.',
	}),
	'project-locked': () => ({
		title: 'This experiment is training in another tab',
		detail: 'Two tabs must not write one experiment at once, or their results would mix.',
		next: 'Go to the other tab, or stop it there and resume here.',
	}),
	cancelled: () => ({
		title: 'Stopped',
		detail: 'The work was ended on request before it was complete. What was stored before is unchanged.',
		next: 'Start it again whenever you like.',
	}),
} as const satisfies Partial<Record<ErrorCode, (facts: Facts) => Message>>;

const machine = {
	'backend-unavailable': (facts) => ({
		title: `${facts.text('The chosen way to compute', 'backend')} is not available here`,
		detail: `The browser or its graphics driver does not offer it${facts.phrase(': no ', 'missing')}${facts.reason()}.`,
		next: 'Choose “automatic” under Compute; training then runs with what there is, perhaps more slowly.',
	}),
	'gpu-error': (facts) => ({
		title: 'The graphics card reported an error',
		detail: `A computation was refused${facts.reason()}. The results of this step were thrown away.`,
		next: 'Resume from the last checkpoint. If it happens again, choose a smaller batch, or wasm under Compute.',
	}),
	'gpu-lost': (facts) => ({
		title: 'The connection to the graphics card was lost',
		detail: `The driver restarted, the computer slept, or another program took its memory${facts.reason()}.`,
		next: 'Resume: training goes on from the last checkpoint.',
	}),
	'out-of-memory': (facts) => ({
		title: 'There is not enough memory for this',
		detail: `Room was asked for${facts.phrase(' a tensor of ', 'shape')}${facts.size(' an image of ', 'width', 'height', ' pixels')}${facts.bytes(' about ', 'neededBytes')} and not given${facts.bytes('; WebAssembly reaches ', 'limitBytes')}${facts.bytes('; one tensor may take ', 'bufferLimitBytes')}. The sizes of image, batch and net decide how much one step takes.`,
		next: 'Choose a smaller image size, batch or net, or fewer losses at once. The last checkpoint is kept.',
	}),
	'cage-unavailable': () => ({
		title: 'Loss code cannot be run at the moment',
		detail:
			'The closed-off page in which it runs did not start. It is fetched anew each time, so it needs the connection that the rest of the app does not.',
		next: 'Go online and try again. Experiments that were started before go on without it.',
	}),
	'loss-code-wrong': (facts) => ({
		title: `${facts.text('', 'name') || 'The loss'} cannot be trained`,
		detail: `${facts.text('', 'line') === '0' ? '' : facts.phrase('Line ', 'line', ': ')}${facts.text('Its code cannot be recorded.', 'reason')}`,
		next: 'Open it under Losses, mend the code and check it again.',
	}),
	'worker-died': (facts) => ({
		title: 'The training process ended unexpectedly',
		detail: `The browser closed it, most often because memory ran out${facts.reason()}.`,
		next: 'Resume: training goes on from the last checkpoint. If it happens again, choose a smaller batch or net.',
	}),
	'storage-unavailable': (facts) => ({
		title: 'Nothing can be kept in this browser',
		detail: `Its storage cannot be used, as in some private windows and under strict settings${facts.reason()}.`,
		next: 'Go on working, and export models and reports before you close the tab.',
	}),
	'storage-full': (facts) => ({
		title: 'The browser has no room left',
		detail: `Writing ${facts.bytes('', 'neededBytes', ' ')}failed. What was stored before is untouched.`,
		next: 'Delete experiments or data sets that are no longer needed, or make room on the disk, then try again.',
	}),
	'storage-newer': () => ({
		title: 'These data were written by a newer version of Overlap',
		detail: 'This version does not know their form, and reading on could damage them.',
		next: 'Reload the page to get the newest version, and close other tabs that still run an old one.',
	}),
	'storage-blocked': () => ({
		title: 'Another tab holds the storage',
		detail: 'A tab with an older version of Overlap is open and keeps the stored data from being brought up to date.',
		next: 'Close the other tabs of Overlap; this one goes on by itself.',
	}),
} as const satisfies Partial<Record<ErrorCode, (facts: Facts) => Message>>;

const messages: Record<ErrorCode, (facts: Facts) => Message> = { ...files, ...experiments, ...machine };

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
