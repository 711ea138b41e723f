/** True where letters are typed or chosen, so that keys of the page must not fire. */
export function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		target.matches('input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]')
	);
}
