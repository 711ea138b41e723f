/** One connection to the database, and the only place where transactions begin and end. */
import { openDB, type IDBPTransaction, type StoreValue } from 'idb';
import * as v from 'valibot';
import { AppError } from '#lib/core/errors.ts';
import { migrations, type Database, type OverlapSchema, type StoreName } from './database.ts';
import { isConnectionLost, storageError } from './storage-error.ts';

/** What a page may want to say about its storage. All are optional. */
export interface StorageEvents {
	/** Another tab holds an older version open; opening goes on by itself when that tab closes or lets go. */
	readonly onBlocked?: () => void;
	/** A newer app in another tab wants to upgrade. The connection closes when this settles, so a checkpoint can be written first. */
	readonly onSuperseded?: () => void | Promise<void>;
	/** The browser cut the connection (storage cleared, disk trouble). The next call opens it again, maybe empty. */
	readonly onTerminated?: () => void;
}

export type Transaction<Names extends readonly StoreName[], Mode extends 'readonly' | 'readwrite'> = IDBPTransaction<
	OverlapSchema,
	Names,
	Mode
>;

export class Connection {
	readonly name: string;
	readonly #events: StorageEvents;
	readonly #damaged = new Set<string>();
	#opening: Promise<Database> | undefined;
	#refusal: AppError | undefined;

	constructor(name: string, events: StorageEvents = {}) {
		this.name = name;
		this.#events = events;
	}

	/** How many stored records this connection met that did not hold their check. Each is left out, none is deleted. */
	get damagedRecords(): number {
		return this.#damaged.size;
	}

	/** Opens once; throws `storage-newer` when a newer app has been here, without touching anything. */
	async open(): Promise<Database> {
		if (this.#refusal) throw this.#refusal;
		const opening = (this.#opening ??= this.#openDatabase().catch((error: unknown) => {
			// The browser was still taking the old database away, for instance after its data were cleared: it is gone by now.
			if (error instanceof DOMException && error.name === 'AbortError') return this.#openDatabase();
			throw error;
		}));
		try {
			return await opening;
		} catch (error) {
			if (this.#opening === opening) this.#opening = undefined;
			throw storageError(error);
		}
	}

	/** Runs `work` in a read-only transaction. Nothing but its requests may be awaited inside. */
	async read<const Names extends readonly StoreName[], Result>(
		stores: Names,
		work: (transaction: Transaction<Names, 'readonly'>) => Promise<Result>,
	): Promise<Result> {
		return this.#run(await this.#begin((database) => database.transaction(stores, 'readonly')), work);
	}

	/**
	 * Runs `work` in one transaction and resolves when it is committed; when `work` or the commit fails, nothing of it stays.
	 * `strict` waits until the disk has it: for commit records and deletions. `relaxed` survives a killed browser all the same.
	 */
	async write<const Names extends readonly StoreName[], Result>(
		stores: Names,
		durability: 'strict' | 'relaxed',
		work: (transaction: Transaction<Names, 'readwrite'>) => Promise<Result>,
	): Promise<Result> {
		return this.#run(await this.#begin((database) => database.transaction(stores, 'readwrite', { durability })), work);
	}

	/** Stores one record, committed in the task that asks for it: a page that goes away right after that task has stored it all the same. */
	put<const Name extends StoreName>(store: Name, record: StoreValue<OverlapSchema, Name>): Promise<void> {
		return this.write([store], 'relaxed', async (transaction) => {
			await Promise.all([transaction.objectStore(store).put(record), commit(transaction)]);
		});
	}

	/** The record when it fits its schema. One that does not is counted and left where it is. */
	checked<Schema extends v.GenericSchema>(schema: Schema, record: unknown, key: string): v.InferInput<Schema> | undefined {
		if (record === undefined) return undefined;
		if (v.is(schema, record)) return record;
		this.reportDamaged(key);
		return undefined;
	}

	/** Counts a damaged record; the same key counts once. */
	reportDamaged(key: string): void {
		this.#damaged.add(key);
	}

	/** Lets go of the database. A later call opens it again. */
	async close(): Promise<void> {
		const opening = this.#opening;
		this.#opening = undefined;
		(await opening?.catch(() => undefined))?.close();
	}

	async #openDatabase(): Promise<Database> {
		const database = await openDB<OverlapSchema>(this.name, migrations.length, {
			upgrade: (upgraded, oldVersion, _newVersion, transaction) => {
				for (const migration of migrations.slice(oldVersion)) migration.up(upgraded, transaction);
			},
			blocked: () => this.#events.onBlocked?.(),
			blocking: (_currentVersion, wantedVersion) => void this.#giveWay(database, wantedVersion),
			terminated: () => {
				this.#forget();
				this.#events.onTerminated?.();
			},
		});
		return database;
	}

	/** Another tab wants the database for itself: to upgrade it (then this app is the old one) or, without a version, to delete it. */
	async #giveWay(database: Database, wantedVersion: number | null): Promise<void> {
		if (wantedVersion === null) {
			database.close();
			this.#forget();
			this.#events.onTerminated?.();
			return;
		}
		try {
			await this.#events.onSuperseded?.();
		} catch {
			// The other tab must not wait for ever because the last checkpoint here failed; its own caller was told.
		}
		this.#refusal = new AppError('storage-newer');
		database.close();
		this.#forget();
	}

	#forget(): void {
		this.#opening = undefined;
	}

	/** Begins a transaction, opening again once when the connection turns out to be gone. Nothing was written by then. */
	async #begin<T extends object>(begin: (database: Database) => T): Promise<T> {
		const database = await this.open();
		try {
			return begin(database);
		} catch (error) {
			if (!isConnectionLost(error)) throw storageError(error);
			this.#forget();
		}
		const reopened = await this.open();
		try {
			return begin(reopened);
		} catch (error) {
			throw storageError(error);
		}
	}

	async #run<Names extends readonly StoreName[], Mode extends 'readonly' | 'readwrite', Result>(
		transaction: Transaction<Names, Mode>,
		work: (transaction: Transaction<Names, Mode>) => Promise<Result>,
	): Promise<Result> {
		// Listened to from the start, so that an abort while `work` runs is never an unhandled rejection.
		const ended = transaction.done.catch(() => undefined);
		try {
			const result = await work(transaction);
			await transaction.done;
			return result;
		} catch (error) {
			// A synchronous failure of a request (DataCloneError) does not abort by itself: the earlier requests would be committed.
			abort(transaction);
			await ended;
			// The reason of an abort (a full disk) is on the transaction alone; its requests only say AbortError.
			throw storageError(transaction.error ?? error);
		}
	}
}

/** What it throws is heard beside what the requests say. */
async function commit(transaction: { commit(): void }): Promise<void> {
	transaction.commit();
}

function abort(transaction: { abort(): void }): void {
	try {
		transaction.abort();
	} catch {
		// It has ended already, which is what is wanted.
	}
}
