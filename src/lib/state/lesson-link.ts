/** A lesson as text that fits a link: the choices of an experiment, what a student may change of them, and questions. */
import * as v from 'valibot';
import { count } from '#lib/core/bounds.ts';
import { AppError } from '#lib/core/errors.ts';
import { experimentSpecSchema } from '#lib/core/experiment.ts';
import { canonicalJson } from '#lib/core/hash.ts';
import { sampleRecipes } from '#lib/samples/index.ts';
import { recipeValues } from '#lib/samples/recipe.ts';
import { fromLinkText, longestLink, toLinkText } from './link-text.ts';
import { sharedSpec } from './spec-link.ts';

const key = 'lesson=';
const version = 1;

export const longestTitle = 120;
export const mostQuestions = 10;
export const longestQuestion = 500;

/** The steps of the left column, in order. */
export const lessonSteps = ['data', 'model', 'losses', 'train'] as const;
export type LessonStep = (typeof lessonSteps)[number];
export const stepNames: Readonly<Record<LessonStep, string>> = { data: 'Data', model: 'Model', losses: 'Losses', train: 'Train' };

/** Text that is one line and not blank. */
const line = (longest: number) => v.pipe(v.string(), v.maxLength(longest), v.regex(/^.*\S.*$/u));

const sampleSchema = v.pipe(
	v.object({
		recipe: v.picklist(sampleRecipes.map(({ id }) => id)),
		values: v.object({ images: v.number(), size: v.number(), foreground: v.number(), noise: v.number() }),
		seed: count(0, 0xffffffff),
	}),
	v.check(({ recipe: id, values }) => {
		const recipe = sampleRecipes.find((candidate) => candidate.id === id);
		return recipe !== undefined && canonicalJson(recipeValues(recipe, values)) === canonicalJson(values);
	}, 'The sample cannot be drawn like this.'),
);

const lessonSchema = v.pipe(
	v.object({
		version: v.literal(version),
		title: line(longestTitle),
		questions: v.pipe(v.array(line(longestQuestion)), v.maxLength(mostQuestions)),
		/** Steps that the student does not see. */
		hidden: v.pipe(v.array(v.picklist(lessonSteps)), v.maxLength(lessonSteps.length)),
		/** Drawn on the student's computer; null when students open images of their own. */
		sample: v.nullable(sampleSchema),
		spec: experimentSpecSchema,
	}),
	v.check(({ hidden, sample }) => sample !== null || !hidden.includes('data'), 'Without a sample the data cannot be set.'),
);
export type Lesson = v.InferOutput<typeof lessonSchema>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** True when parsing dropped a part of what was given: a part that this version does not know. */
function leavesOut(given: unknown, parsed: unknown): boolean {
	if (!isObject(given) || !isObject(parsed)) return false;
	return Object.entries(given).some(([name, value]) => !Object.hasOwn(parsed, name) || leavesOut(value, parsed[name]));
}

/** The lesson as a hash, `#lesson=…`; null when it is too long to be read again. */
export function lessonToHash(lesson: Omit<Lesson, 'version'>): string | null {
	const text = toLinkText({ version, ...lesson, spec: sharedSpec(lesson.spec) });
	return text.length > longestLink ? null : `#${key}${text}`;
}

/**
 * The lesson in a hash; null when it holds none. Throws `lesson-newer` when a newer version made it, and `lesson-unreadable`
 * when it is damaged otherwise.
 */
export function lessonFromHash(hash: string): Lesson | null {
	const text = hash.replace(/^#/u, '');
	if (!text.startsWith(key)) return null;
	let given: unknown;
	try {
		given = fromLinkText(text.slice(key.length));
	} catch (cause) {
		throw new AppError('lesson-unreadable', {}, { cause });
	}
	if (isObject(given) && typeof given.version === 'number' && given.version > version) throw new AppError('lesson-newer');
	const parsed = v.safeParse(lessonSchema, given);
	if (!parsed.success) throw new AppError('lesson-unreadable', {}, { cause: new v.ValiError(parsed.issues) });
	if (leavesOut(given, parsed.output)) throw new AppError('lesson-newer');
	return parsed.output;
}

/** The questions with a student's answers, as Markdown. */
export function answersMarkdown({ title, questions }: Pick<Lesson, 'title' | 'questions'>, answers: readonly string[]): string {
	const parts = questions.map((question, place) => `## ${place + 1}. ${question}\n\n${answers[place]?.trim() || '–'}\n`);
	return [`# ${title}\n`, ...parts].join('\n');
}
