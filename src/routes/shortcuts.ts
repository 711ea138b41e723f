/** Every key of the workbench, as the list behind ? shows them. */
export const shortcutGroups = [
	{
		title: 'Images',
		shortcuts: [
			{ keys: ['←', '→'], does: 'Previous, next image' },
			{ keys: [',', '.'], does: 'Previous, next epoch' },
			{ keys: ['+', '−', '0'], does: 'Zoom in, out, fit (on a pane)' },
			{ keys: ['L'], does: 'Loupe: exact values of a pixel; on a pane arrows move it' },
			{ keys: ['Wheel', 'Double click'], does: 'Zoom at the pointer, fit' },
		],
	},
	{
		title: 'Masks',
		shortcuts: [
			{ keys: ['X'], does: 'Hold: hide the masks' },
			{ keys: ['Z'], does: 'Outlines on and off' },
			{ keys: ['O'], does: 'Next way to draw masks' },
			{ keys: ['T'], does: 'Go to the threshold; then arrows move it' },
			{ keys: ['B'], does: 'Blink: show the other run' },
			{ keys: ['1', '…', '9'], does: 'Mark a run' },
		],
	},
	{
		title: 'Experiment',
		shortcuts: [
			{ keys: ['Space'], does: 'Pause, resume' },
			{ keys: ['Ctrl Z', '⌘ Z'], does: 'Take back the last change of the choices' },
			{ keys: ['?'], does: 'This list' },
		],
	},
] as const;
