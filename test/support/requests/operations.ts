import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../../src/platform/http/index.ts';

/** As much of JSON Schema as the API's document uses. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema; readonly required?: boolean };

/** One route of the API, as its document describes it. */
export type Operation = {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly name: string;
  readonly scope: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  /** Statuses that the document says it may answer with. */
  readonly statuses: readonly number[];
};

type Described = {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};

export type ApiDocument = {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** The routes of the app by its own OpenAPI document; fails on one without exactly one scope. */
export async function readOperations(app: OpenAPIHono<AppEnv>): Promise<ApiDocument> {
  const document = (await (await app.request('/openapi.json')).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => toOperation(method.toUpperCase(), path, described)),
  );
  return { operations, schemas: document.components.schemas };
}

function toOperation(method: string, path: string, described: Described): Operation {
  const name = `${method} ${path}`;
  const scopes = (described.security ?? []).flatMap((each) => each['bearer'] ?? []);
  const [scope] = scopes;
  if (scope === undefined || scopes.length !== 1) throw new Error(`${name} names ${scopes.length} scopes`);
  const body = described.requestBody?.content['application/json']?.schema ?? null;
  const statuses = Object.keys(described.responses).map(Number);
  return { method, path, name, scope, parameters: described.parameters ?? [], body, statuses };
}
