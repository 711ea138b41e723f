/** The files inside a project file, each checked against the manifest whenever it is read. */
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { recordFromBytes } from './project-json.ts';
import {
	headSchema,
	projectManifestPath,
	projectManifestSchema,
	projectUnreadable,
	projectVersion,
	type ProjectEntry,
} from './project-layout.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The files of an archive, read when they are needed and as often. */
export interface ProjectSource {
	/** Exactly as the archive names them. */
	readonly paths: ReadonlySet<string>;
	read(path: string): Promise<Bytes>;
}

/** The record of a file, when it fits the schema. What the schema does not know is kept, as in storage. */
function parsed<Schema extends v.GenericSchema>(schema: Schema, bytes: Bytes, path: string): v.InferInput<Schema> {
	let record: unknown;
	try {
		record = recordFromBytes(bytes);
	} catch (cause) {
		throw projectUnreadable(`${path} is not the text of a record`, cause);
	}
	if (v.is(schema, record)) return record;
	const [issue] = v.safeParse(schema, record).issues ?? [];
	throw projectUnreadable(`${path} is not as it should be${issue ? ` at “${v.getDotPath(issue) ?? 'its start'}”` : ''}`);
}

async function bytesIn(source: ProjectSource, path: string): Promise<Bytes> {
	if (!source.paths.has(path)) throw projectUnreadable(`${path} is missing`);
	try {
		return await source.read(path);
	} catch (cause) {
		if (cause instanceof AppError) throw projectUnreadable(`${path}: ${cause.facts.reason ?? 'it cannot be read'}`, cause);
		throw cause;
	}
}

export class ProjectFiles {
	/** All files but the manifest. */
	readonly entries: readonly ProjectEntry[];
	readonly #source: ProjectSource;
	readonly #byPath: ReadonlyMap<string, ProjectEntry>;
	readonly #used = new Set<string>();

	private constructor(source: ProjectSource, entries: readonly ProjectEntry[]) {
		this.#source = source;
		this.entries = entries;
		this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
	}

	/** Reads the manifest. Throws `project-unreadable`, or `project-newer` for a form that this version does not know. */
	static async open(source: ProjectSource): Promise<ProjectFiles> {
		const bytes = await bytesIn(source, projectManifestPath);
		const { version } = parsed(headSchema, bytes, projectManifestPath);
		if (version > projectVersion) throw new AppError('project-newer', { version });
		const { entries } = parsed(projectManifestSchema, bytes, projectManifestPath);
		const listed = new Set(entries.map(({ path }) => path));
		if (listed.size !== entries.length) throw projectUnreadable('it lists a file twice');
		const stranger = [...source.paths].find((path) => path !== projectManifestPath && !listed.has(path));
		if (stranger !== undefined) throw projectUnreadable(`${stranger} does not belong to it`);
		return new ProjectFiles(source, entries);
	}

	has(path: string): boolean {
		return this.#byPath.has(path);
	}

	/** The bytes of a listed file, when size and hash hold. Throws `project-unreadable`. */
	async bytes(path: string): Promise<Bytes> {
		const entry = this.#byPath.get(path);
		if (!entry) throw projectUnreadable(`${path} is missing`);
		const bytes = await bytesIn(this.#source, path);
		if (bytes.length !== entry.sizeBytes || (await sha256(bytes)) !== entry.sha256)
			throw projectUnreadable(`${path} is not what was saved`);
		this.#used.add(path);
		return bytes;
	}

	/** The record in a listed file, when it also fits the schema. */
	async record<Schema extends v.GenericSchema>(schema: Schema, path: string): Promise<v.InferInput<Schema>> {
		return parsed(schema, await this.bytes(path), path);
	}

	/** Throws `project-unreadable` when a listed file was never read: it has no place in a project. */
	assertAllUsed(): void {
		const unused = this.entries.find(({ path }) => !this.#used.has(path));
		if (unused) throw projectUnreadable(`${unused.path} does not belong to it`);
	}
}
