/** A file that a person opened, and what may become of it. */
import type { ErrorCode, ErrorFacts } from '#lib/core/errors.ts';
import { lastPart } from '#lib/core/paths.ts';
import type { Bytes } from './format.ts';

/** A file that can be read when it is needed, any number of times. */
export interface OpenedFile {
	/** Folder and name as opened, `/` between the parts. For display and pairing only; never a key in storage. */
	readonly path: string;
	/** Known for files from disk; lets too large ones be refused unread. */
	readonly sizeBytes?: number | undefined;
	/** Fresh each time: whoever gets them may hand them over. */
	bytes(): Promise<Bytes>;
	/** The file itself, for those who read only parts of it. */
	readonly blob?: Blob | undefined;
}

/** A file that is left out on purpose. */
export interface IgnoredFile {
	readonly path: string;
	/** A sentence. */
	readonly reason: string;
}

/** Files that could not be used, with the failure of one of them. */
export interface ImportProblem {
	/** All files that are left out because of it: the damaged one and those that belong to it. */
	readonly paths: readonly string[];
	readonly code: ErrorCode;
	/** `path` names the file that failed. */
	readonly facts: ErrorFacts;
}

/** Names of files that a person takes for pictures. What a file is, its bytes say. */
export const pictureExtension = /\.(png|jpe?g|jfif|gif|bmp|dib|webp|tiff?|npy)$/iu;

/** Why a path is a file that the operating system made, or null. */
export function systemFileReason(path: string): string | null {
	const parts = path.split('/');
	const name = lastPart(path);
	const isSystem = parts.includes('__MACOSX') || name.startsWith('.') || /^(thumbs\.db|ehthumbs\.db|desktop\.ini)$/iu.test(name);
	return isSystem ? 'Made by the operating system, no picture.' : null;
}

/** A path made of plain parts: `\` is `/`, no root, no drive letter, no `.` or `..`, no control characters, composed Unicode. */
export function cleanPath(path: string): string {
	return path
		.normalize('NFC')
		.replaceAll('\\', '/')
		.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
		.split('/')
		.filter((part, index) => part !== '' && part !== '.' && part !== '..' && !(index === 0 && /^[a-z]:$/iu.test(part)))
		.join('/');
}
