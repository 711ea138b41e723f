/** Starts the probe as the app starts its workers. The test reads the answer from the page's title. */
import { startModuleWorker } from '#lib/worker/start-worker.ts';
import probe from './probe.worker.ts?worker&url';

const worker = startModuleWorker(probe, 'probe');
worker.addEventListener('message', ({ data }) => (document.title = JSON.stringify(data)));
worker.addEventListener('error', ({ message }) => (document.title = JSON.stringify({ failed: message })));
worker.postMessage({ stranger: new URLSearchParams(location.search).get('stranger') });
