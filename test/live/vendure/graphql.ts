/** A GraphQL document's `data`, with the session token that Vendure hands out kept between calls. */
export type GraphqlClient = (query: string, variables?: Record<string, unknown>) => Promise<Json>;

/** Whatever a test wants to look into; live tests compare values and need no schema. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers of a foreign server, looked into freely by tests only
export type Json = any;

/** Throws on GraphQL errors and on any `ErrorResult` at the top of the answer, with its code. */
export function graphqlClient(url: string): GraphqlClient {
  let token: string | null = null;
  return async (query, variables = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const handed = response.headers.get('vendure-auth-token');
    if (handed !== null && handed !== '') token = handed;
    const answer: Json = await response.json();
    if (answer.errors) throw new Error(`${url}: ${JSON.stringify(answer.errors).slice(0, 600)}`);
    for (const [field, value] of Object.entries<Json>(answer.data)) {
      if (value?.errorCode !== undefined) throw new Error(`${field}: ${value.errorCode}: ${value.message}`);
    }
    return answer.data;
  };
}

/** The administrator's client, signed in. */
export async function signIn(
  adminApiUrl: string,
  credentials: { username: string; password: string },
): Promise<GraphqlClient> {
  const admin = graphqlClient(adminApiUrl);
  await admin(
    `mutation ($username: String!, $password: String!) {
      login(username: $username, password: $password, rememberMe: true) {
        ... on CurrentUser { id }
        ... on ErrorResult { errorCode message }
      }
    }`,
    credentials,
  );
  return admin;
}
