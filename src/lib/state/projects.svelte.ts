/** Projects on their way out to a file and in from one. */
import { AppError } from '#lib/core/errors.ts';
import type { OpenedFile } from '#lib/importers/opened-file.ts';
import { ProjectReader } from '#lib/storage/project-read.ts';
import { storeProject, type StoredProject } from '#lib/storage/project-store.ts';
import { archivesAmong, projectIn, saveProject } from './project-archive.ts';
import type { Workbench } from './workbench.svelte.ts';

export interface ProjectNotice {
	readonly title: string;
	readonly detail: string;
}

function noticeOf({ outcome, datasetKept }: StoredProject, name: string): ProjectNotice {
	const kept = datasetKept ? ' Its images were here already, and keep the name and classes that they have here.' : '';
	switch (outcome) {
		case 'new':
			return { title: `The project “${name}” is open.`, detail: `Its data, results and checkpoints are kept in this browser now.${kept}` };
		case 'known':
			return { title: `The project “${name}” was here already.`, detail: `Nothing in it differs, so nothing was stored again.${kept}` };
		case 'copy':
			return {
				title: `The project was opened as a copy, “${name}”.`,
				detail: `This browser holds it in another state, which is unchanged.${kept}`,
			};
		default:
			return outcome satisfies never;
	}
}

export class Projects {
	busy = $state<'' | 'saving' | 'opening'>('');
	/** What came of the last one. */
	notice = $state.raw<ProjectNotice | null>(null);
	error = $state.raw<unknown>(null);
	readonly #workbench: Workbench;

	constructor(workbench: Workbench) {
		this.#workbench = workbench;
	}

	/** Why the experiment on the screen cannot be saved now; '' when it can. */
	readonly blocked: string = $derived.by(() => {
		if (this.busy !== '') return 'One project is being saved or opened.';
		if (this.#workbench.training.active) return 'Pause the training first: a project is saved as it stands between two steps.';
		return this.#workbench.writable ? '' : 'Another tab is at work.';
	});

	/** The archive of the experiment on the screen; null when it failed, for `error`. */
	async save(): Promise<Blob | null> {
		this.#forget();
		const { experiment } = this.#workbench.training;
		if (!experiment || this.blocked !== '') return null;
		return this.#guarded('saving', async () => {
			const { archive, damaged } = await saveProject(this.#workbench.records, experiment.id);
			if (damaged > 0)
				this.notice = {
					title: `${damaged} ${damaged === 1 ? 'checkpoint is' : 'checkpoints are'} not in the project file.`,
					detail: 'Their bytes are damaged in this browser, so they would not open elsewhere. Everything else was saved.',
				};
			return archive;
		});
	}

	/** Opens the projects among the files and shows the last one; resolves with the files that are none. */
	async open(files: readonly OpenedFile[]): Promise<readonly OpenedFile[]> {
		this.#forget();
		const archives = await archivesAmong(files);
		const others: OpenedFile[] = [];
		for (const file of files) {
			const isProject = archives.has(file) && (await this.#guarded('opening', () => this.#openOne(file)));
			if (isProject === false) others.push(file);
		}
		return others;
	}

	#forget(): void {
		this.notice = null;
		this.error = null;
	}

	/** False when the file is no project. */
	async #openOne(file: OpenedFile): Promise<boolean> {
		try {
			const source = await projectIn(file);
			if (!source) return false;
			const stored = await storeProject(this.#workbench.records, await ProjectReader.open(source));
			await this.#show(stored);
			return true;
		} catch (error) {
			if (error instanceof AppError) throw new AppError(error.code, { path: file.path, ...error.facts }, { cause: error });
			throw error;
		}
	}

	async #show(stored: StoredProject): Promise<void> {
		await this.#workbench.datasets.load();
		await this.#workbench.refresh();
		await this.#workbench.reopen(stored.experimentId);
		this.notice = noticeOf(stored, this.#workbench.training.experiment?.name ?? '');
	}

	/** Null when the work failed, for `error`. */
	async #guarded<T>(busy: 'saving' | 'opening', work: () => Promise<T>): Promise<T | null> {
		this.busy = busy;
		try {
			return await work();
		} catch (error) {
			this.error = error;
			return null;
		} finally {
			this.busy = '';
		}
	}
}
