/** The page that a host shows for an address that does not exist. It stands at any depth, so nothing in it is relative. */
import { resolve } from '$app/paths';

export const prerender = true;

const page = `<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<meta http-equiv="content-security-policy" content="default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
		<meta name="viewport" content="width=device-width, initial-scale=1" />
		<meta name="color-scheme" content="light dark" />
		<title>Not found – Overlap</title>
	</head>
	<body style="margin: 20vh auto; max-width: 32rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif">
		<main>
			<h1>There is no page at this address</h1>
			<p><a href="${resolve('/')}">Go to Overlap</a></p>
		</main>
	</body>
</html>
`;

export function GET(): Response {
	return new Response(page, { headers: { 'content-type': 'text/html' } });
}
