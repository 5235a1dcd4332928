// An OpenID Connect client that is not ours: discovers, signs in as a person and prints the claims that it verified.
import * as oidc from "openid-client";

const [issuer, id, secret, redirect, person] = process.argv.slice(2);
const config = await oidc.discovery(new URL(issuer), id, secret, undefined, { execute: [oidc.allowInsecureRequests] });
const verifier = oidc.randomPKCECodeVerifier();
const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
const address = oidc.buildAuthorizationUrl(config, {
  redirect_uri: redirect, scope: "openid profile vo bereik", state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
});
const page = await fetch(address);
if (!page.ok || !(await page.text()).includes("href=")) throw new Error(`no page to choose a name on: ${page.status}`);
address.searchParams.set("person", person);
const answer = await fetch(address, { redirect: "manual" });
const tokens = await oidc.authorizationCodeGrant(config, new URL(answer.headers.get("location")), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce });
console.log(JSON.stringify(tokens.claims()));
