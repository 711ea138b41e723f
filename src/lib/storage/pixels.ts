/** Images and masks as stored: a header apart from its chunks. */
import type { LabelMap, Raster, SamplePixels } from '#lib/core/sample.ts';
import { eachChunk, joinChunks } from './chunks.ts';
import type { StoredPixels } from './schema.ts';

/** One image or mask as it was read. */
export interface PackedPixels {
	readonly header: StoredPixels;
	readonly chunks: readonly ArrayBuffer[];
}

/** One image or mask, ready to be written: chunks are copied one by one, so that a large image takes no second place in memory. */
export interface WritablePixels {
	readonly header: StoredPixels;
	readonly chunks: Iterable<ArrayBuffer>;
}

function pack(pixelSet: string, sampleId: string, kind: string, raster: Raster): WritablePixels {
	const { width, height, channels, maxValue, data } = raster;
	const bits = data instanceof Uint16Array ? 16 : 8;
	const header: StoredPixels = {
		version: 1,
		pixelSet,
		sampleId,
		kind,
		width,
		height,
		channels,
		maxValue,
		bits,
		lengthBytes: data.byteLength,
	};
	return { header, chunks: eachChunk(data) };
}

/** A mask. `kind` is `mask` for the one that was opened, else the id of its version. */
export function packMask(pixelSet: string, sampleId: string, kind: string, mask: LabelMap): WritablePixels {
	return pack(pixelSet, sampleId, kind, { ...mask, channels: 1, maxValue: mask.data instanceof Uint16Array ? 65535 : 255 });
}

/** A sample's image and mask. */
export function packSample(pixelSet: string, sampleId: string, { image, mask }: SamplePixels): WritablePixels[] {
	return [pack(pixelSet, sampleId, 'image', image), packMask(pixelSet, sampleId, 'mask', mask)];
}

/** The image of a header and its chunks; undefined when bytes are missing. */
export function unpackImage({ header, chunks }: PackedPixels): Raster | undefined {
	const bytes = joinChunks(chunks);
	if (bytes.length !== header.lengthBytes) return undefined;
	const data = header.bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
	return { width: header.width, height: header.height, channels: header.channels, maxValue: header.maxValue, data };
}

/** The mask of a header and its chunks; undefined when bytes are missing. */
export function unpackMask(packed: PackedPixels): LabelMap | undefined {
	const raster = unpackImage(packed);
	return raster && { width: raster.width, height: raster.height, data: raster.data };
}
