// An OpenID Connect provider that is not ours, with one person, for one client that proves itself with a key.
import { readFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, clientId, clientKey, redirect, organisation] = process.argv.slice(2);
const signing = { ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256", kid: "sig" };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: clientId,
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    jwks: { keys: [{ ...JSON.parse(readFileSync(clientKey, "utf8")), alg: "ES256", use: "sig" }] },
    redirect_uris: [redirect],
    id_token_signed_response_alg: "ES256",
  }],
  jwks: { keys: [signing] },
  scopes: ["openid", "profile", "vo", "bereik"],
  claims: { openid: ["sub"], profile: ["given_name", "family_name"], vo: ["vo_id", "vo_orgcode", "vo_doelgroepcode", "rrn"], bereik: ["bereik_rol_3D"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id, vo_id: id, given_name: "Fatima", family_name: "Foreign", vo_orgcode: organisation, vo_doelgroepcode: "LB", rrn: "84663012367", bereik_rol_3D: [`dpo:${organisation}`, `datasteward:${organisation}`],
    }),
  }),
  cookies: { keys: ["only for this test"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
