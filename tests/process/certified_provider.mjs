// A certified provider of identities on a free port of loopback. Its library is the first argument,
// the address of its one client the second. It knows whoever signs in, by the name that they give.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [library, client] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(library).href);
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "easel",
        token_endpoint_auth_method: "none",
        redirect_uris: [`${client}/access/oidc/callback`],
        post_logout_redirect_uris: [`${client}/`],
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "name"], groups: ["groups"] },
    scopes: ["openid", "profile", "groups"],
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        preferred_username: id,
        name: `The ${id}`,
        groups: id === "ada" ? ["keepers"] : ["painters"],
      }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
