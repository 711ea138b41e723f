/** What the checks look at: numbers of every image, measured once, and what the net will do with them. */
import type { PrepareSpec } from '#lib/core/experiment.ts';
import type { LabelScheme } from '#lib/core/sample.ts';
import type { Part } from '#lib/core/split.ts';
import type { Look } from './look.ts';

/** A connected part of one class, in pixels of the image. */
export interface ObjectFacts {
	readonly area: number;
	/** Of the smallest box around it. */
	readonly width: number;
	readonly height: number;
}

/** A stored mask value that belongs to a class. */
export interface ValueFacts {
	readonly value: number;
	readonly pixels: number;
	/** Pixels with a smaller and a larger value among their eight neighbours, ignored ones left aside. */
	readonly between: number;
}

/** What only the pixels of a sample tell. */
export interface PixelFacts {
	readonly objects: readonly ObjectFacts[];
	/** Share of the foreground of the counted pixels at the border, 0…1; null when none counts. */
	readonly borderForeground: number | null;
	readonly values: readonly ValueFacts[];
	/** Mean grey level over the storable range, 0…1. */
	readonly brightness: number;
	/** SHA-256 of shape and samples: equal for equal images. */
	readonly fingerprint: string;
	readonly look: Look;
}

export interface ImageFacts {
	readonly id: string;
	readonly name: string;
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly maxValue: number;
	readonly part: Part;
	/** From 1: which fold validates it. Absent where none does, or without cross-validation. */
	readonly fold?: number;
	/** Pixels per class, ignored ones left out. */
	readonly classPixels: readonly number[];
	/** Null until the pixels were looked at. */
	readonly pixels: PixelFacts | null;
}

/** What an image is kept apart in: its fold, else its part of the split. */
export const placeOf = ({ part, fold }: ImageFacts): string => (fold === undefined ? part : `fold ${fold}`);

export interface DatasetFacts {
	readonly scheme: LabelScheme;
	/** Images that some part uses. */
	readonly images: readonly ImageFacts[];
	readonly prepare: Pick<PrepareSpec, 'size' | 'sizing'>;
	/** Times that the net halves the image. */
	readonly depth: number;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Share of the foreground, 0…1; null when no pixel counts. */
export function foregroundOf({ classPixels }: Pick<ImageFacts, 'classPixels'>): number | null {
	const all = sum(classPixels);
	return all === 0 ? null : (all - (classPixels[0] ?? 0)) / all;
}

/** Pixels of each class over all images, background first. */
export function pooledPixels(images: readonly Pick<ImageFacts, 'classPixels'>[], classes: number): number[] {
	return Array.from({ length: classes }, (_, index) => sum(images.map(({ classPixels }) => classPixels[index] ?? 0)));
}

/** Share of each class of all pixels that count; zeros when none does. */
export function classShares(pixels: readonly number[]): number[] {
	const all = sum(pixels);
	return pixels.map((count) => (all === 0 ? 0 : count / all));
}
