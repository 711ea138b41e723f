/** Finds a Chromium to drive: `$CHROMIUM`, an installed Chrome or Chromium, else Playwright's own download. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const places = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium on this machine, or undefined. */
export function findChromium() {
	const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
	return [process.env.CHROMIUM ?? '', ...onPath, ...places].find((path) => path !== '' && existsSync(path));
}

/** What Playwright switches off. Of two such lists Chromium takes the last, ours, so it repeats them. */
export const disabledByPlaywright = [
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsUpgrades',
	'HttpsFirstBalancedModeAutoEnable',
	'LensOverlay',
	'MediaRouter',
	'PaintHolding',
	'ThirdPartyStoragePartitioning',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'TcpPortRandomizationWin',
	'OptimizationHints',
	'NetworkTimeServiceQuerying',
	'AimEnabled',
	'PreconnectToSearch',
	'msForceBrowserSignIn',
	'msEdgeUpdateLaunchServicesPreferredVersion',
];

/** Pages of the address bar that nobody sees: each window would load them, for more than a second of computing. */
const addressBarPages = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** Flags for tests: software WebGPU, no shared-memory limit, and no sandbox only as root. */
export const chromiumFlags = [
	'--disable-dev-shm-usage',
	'--enable-unsafe-webgpu',
	'--use-webgpu-adapter=swiftshader',
	`--disable-features=${[...disabledByPlaywright, ...addressBarPages].join(',')}`,
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Playwright launch options for this machine. */
export function chromiumLaunch() {
	const executablePath = findChromium();
	return { ...(executablePath ? { executablePath } : { channel: 'chromium' }), args: chromiumFlags };
}
