/** The decoding worker: a decoder behind Comlink, so that no file can hold up the page. */
import { expose, transfer } from 'comlink';
import type { Raster, SamplePixels } from '#lib/core/sample.ts';
import { type Decoder, LocalDecoder, type Picture } from '#lib/importers/decoder.ts';
import { unreadable } from '#lib/importers/format.ts';
import { formats } from '#lib/importers/index.ts';
import { decodePhoto } from '#lib/importers/photo.ts';
import { type DecodeWorkerApi, reply, type WirePicture } from './wire.ts';

const decoder: Decoder = new LocalDecoder({ decodePhoto });

function formatOf(id: string): Picture['format'] {
	const format = formats.find((candidate) => candidate.id === id);
	if (!format) throw new TypeError(`no format is called ${id}`);
	return format;
}

/** A picture that does not fit into memory is its file's failure, no fault of the app. */
async function fitting<T>(name: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (cause) {
		if (!(cause instanceof RangeError)) throw cause;
		throw unreadable(name, 'needs more memory than the browser gives', { cause });
	}
}

function decoded<T>({ formatId, header, page }: WirePicture, read: (picture: Picture) => Promise<T>): Promise<T> {
	const format = formatOf(formatId);
	return fitting(format.name, () => read({ format, header, page }));
}

/** The same for pixels, which are handed over without a copy. */
async function pixels<T extends { readonly data: Raster['data'] }>(picture: WirePicture, read: (picture: Picture) => Promise<T>) {
	const answer = await reply(() => decoded(picture, read));
	return answer.ok ? transfer(answer, [answer.value.data.buffer]) : answer;
}

async function measured(sample: SamplePixels) {
	const answer = await reply(() => fitting('picture', () => decoder.measure(sample)));
	return answer.ok ? transfer(answer, [answer.value.image.data.buffer, answer.value.mask.data.buffer]) : answer;
}

const api: DecodeWorkerApi = {
	describe: (formatId, bytes) => reply(() => decoder.describe(formatOf(formatId), bytes)),
	describeMask: (at, bytes) => reply(() => decoded(at, (picture) => decoder.describeMask(picture, bytes))),
	readImage: (at, bytes) => pixels(at, (picture) => decoder.readImage(picture, bytes)),
	readLabels: (at, bytes) => pixels(at, (picture) => decoder.readLabels(picture, bytes)),
	readLabelMap: (at, bytes, encoding) => pixels(at, (picture) => decoder.readLabelMap(picture, bytes, encoding)),
	measure: measured,
};

expose(api);
