/** The lesson that is open, what the student answers, and the lesson that a teacher is writing. */
import * as v from 'valibot';
import { canonicalJson, sha256 } from '#lib/core/hash.ts';
import type { DatasetMeta } from '#lib/core/sample.ts';
import { lessonFromHash, lessonSteps, type Lesson, type LessonStep } from './lesson-link.ts';
import type { Workbench } from './workbench.svelte.ts';

/** What a teacher has written so far. */
export interface LessonDraft {
	readonly title: string;
	/** One a line. */
	readonly questions: string;
	/** Steps that students may change. */
	readonly shown: readonly LessonStep[];
	/** Counts only where the open data set is a sample. */
	readonly withSample: boolean;
}

/** Where the lesson that is open is remembered until it is left. */
const settingKey = 'lesson';
const keptSchema = v.object({ link: v.string(), since: v.number() });

/** The recipe of a drawn sample; null for images that a person opened. */
export function sampleOf({ source }: DatasetMeta): Lesson['sample'] {
	if (source.kind !== 'sample') return null;
	const { images = 0, size = 0, foreground = 0, noise = 0 } = source.values;
	return { recipe: source.recipe, values: { images, size, foreground, noise }, seed: source.seed };
}

export class Lessons {
	current = $state.raw<Lesson | null>(null);
	/** By question. */
	answers = $state.raw<readonly string[]>([]);
	draft = $state.raw<LessonDraft>({ title: '', questions: '', shown: lessonSteps, withSample: true });
	#link = '';
	/** Names the answers in the settings. */
	#key = '';
	readonly #workbench: Workbench;

	constructor(workbench: Workbench) {
		this.#workbench = workbench;
	}

	/** False while the open data set is not the sample of the lesson. */
	readonly hasItsData: boolean = $derived.by(() => {
		const sample = this.current?.sample;
		const { current } = this.#workbench.datasets;
		return !sample || (current !== null && canonicalJson(sampleOf(current)) === canonicalJson(sample));
	});

	hides(step: LessonStep): boolean {
		return this.current?.hidden.includes(step) ?? false;
	}

	isOpen(hash: string): boolean {
		return this.current !== null && this.#link === hash;
	}

	/**
	 * Opens the lesson in a hash, or the one that was not left; false when there is none. What was trained in it comes back,
	 * otherwise its choices are taken over and its sample is drawn. Throws `lesson-unreadable` or `lesson-newer`.
	 */
	async open(hash: string): Promise<boolean> {
		const kept = await this.#kept();
		const fromHash = lessonFromHash(hash);
		const lesson = fromHash ?? (kept && (await this.#reread(kept.link)));
		if (!lesson) return false;
		const link = fromHash ? hash : (kept?.link ?? '');
		const since = kept?.link === link ? kept.since : Date.now();
		await this.#workbench.records.putSetting(settingKey, JSON.stringify({ link, since }));
		await this.#show(lesson, link);
		this.#workbench.spec.loadShared(lesson.spec);
		const trained = this.#workbench.experiments.find(({ createdAt }) => createdAt >= since);
		if (trained) await this.#workbench.reopen(trained.id);
		else await this.#begin(kept?.link !== link);
		return true;
	}

	/** Draws the sample of the lesson and opens it. */
	async drawSample(): Promise<void> {
		const sample = this.current?.sample;
		if (sample) await this.#workbench.useSample(sample.recipe, sample.values, sample.seed);
	}

	async answer(place: number, text: string): Promise<void> {
		this.answers = this.answers.map((before, other) => (other === place ? text : before));
		try {
			await this.#workbench.records.putSetting(`${this.#key} ${place}`, text);
		} catch (error) {
			this.#workbench.error = error;
		}
	}

	/** Shows every step again. Answers, choices and data stay. */
	async leave(): Promise<void> {
		this.current = null;
		await this.#workbench.records.putSetting(settingKey, '');
	}

	/** A lesson that is opened for the first time has its sample as it is drawn, later also with masks that the student has corrected. */
	async #begin(first: boolean): Promise<void> {
		await this.#workbench.training.clear();
		if (this.#workbench.writable && (first || !this.hasItsData)) void this.drawSample();
	}

	async #kept(): Promise<v.InferOutput<typeof keptSchema> | null> {
		const text = await this.#workbench.records.getSetting(settingKey);
		return typeof text === 'string' && text !== '' ? v.parse(keptSchema, JSON.parse(text)) : null;
	}

	/** A lesson that this version no longer reads is told once, and then forgotten. */
	async #reread(link: string): Promise<Lesson | null> {
		try {
			return lessonFromHash(link);
		} catch (error) {
			await this.leave();
			throw error;
		}
	}

	async #show(lesson: Lesson, link: string): Promise<void> {
		this.#link = link;
		this.#key = `${settingKey} ${await sha256(link)}`;
		const { records } = this.#workbench;
		const stored = await Promise.all(lesson.questions.map((_, place) => records.getSetting(`${this.#key} ${place}`)));
		this.answers = stored.map((text) => (typeof text === 'string' ? text : ''));
		this.draft = {
			title: lesson.title,
			questions: lesson.questions.join('\n'),
			shown: lessonSteps.filter((step) => !lesson.hidden.includes(step)),
			withSample: lesson.sample !== null,
		};
		this.current = lesson;
	}
}
