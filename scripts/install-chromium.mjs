/** Makes sure that there is a Chromium to test with, and installs one where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { findChromium } from './chromium.mjs';

const minuteMs = 60_000;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 */
function succeeds(command, args, environment = {}) {
	const { status } = spawnSync(command, args, {
		stdio: 'inherit',
		timeout: 5 * minuteMs,
		shell: process.platform === 'win32',
		env: { ...process.env, ...environment },
	});
	return status === 0;
}

/** Playwright's own Chromium, if it was downloaded and its libraries are there. */
function ownChromiumStarts() {
	const path = chromium.executablePath();
	return existsSync(path) && spawnSync(path, ['--version']).status === 0;
}

function downloadChromium() {
	console.log('No Chrome or Chromium found: downloading one with Playwright.');
	return succeeds('npx', ['playwright', 'install', 'chromium'], { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' }) && ownChromiumStarts();
}

function installDebianChromium() {
	if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false;
	console.log('Installing the Chromium of this distribution.');
	const environment = { DEBIAN_FRONTEND: 'noninteractive' };
	succeeds('apt-get', ['update'], environment);
	return succeeds('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], environment) && findChromium() !== undefined;
}

/** True when the tests have a Chromium. Says what to do when they have none. */
export function ensureChromium() {
	if (findChromium() !== undefined || ownChromiumStarts() || downloadChromium() || installDebianChromium()) return true;
	console.error('The tests need Chrome or Chromium: install one, or set CHROMIUM to the path of its executable.');
	return false;
}
