/**
 * Answers one question at a time and only the newest: what is asked while one is being answered waits, in place of what
 * waited before. The promise of the call that does the work ends when nothing waits any more; it rejects when `answer` does.
 */
export function latestOnly<Question>(answer: (question: Question) => Promise<void>): (question: Question) => Promise<void> {
	let waiting: { readonly question: Question } | null = null;
	let busy = false;
	return async (question) => {
		waiting = { question };
		if (busy) return;
		busy = true;
		try {
			for (let next = take(); next; next = take()) await answer(next.question);
		} finally {
			busy = false;
		}
	};

	function take(): typeof waiting {
		const taken = waiting;
		waiting = null;
		return taken;
	}
}
