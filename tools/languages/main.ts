// Uses the types that are generated for TypeScript. tsc checks it, and that what is marked as an error is one.
import type { components } from "./ark";

type Query = components["schemas"]["ai.ark.v1alpha1.Query"];
type Model = components["schemas"]["ai.ark.v1alpha1.Model"];
type Evaluation = components["schemas"]["ai.ark.v1alpha1.Evaluation"];

export const query: Query = {
  apiVersion: "ark.ai/v1alpha1",
  kind: "Query",
  metadata: { name: "packing-list", labels: { trip: "lisbon" } },
  spec: { input: [{ role: "user", content: "What do I pack?" }], type: "messages", target: { type: "team", name: "travel" }, ttl: "24h" },
};

export const evaluation: Evaluation = { spec: { type: "batch", config: { concurrency: 10, items: [{ type: "direct", config: {}, evaluator: { name: "judge" } }] } } };

export const model: Model = {
  spec: { provider: "openai", model: { value: "gpt-4.1-mini" }, config: { openai: { baseUrl: { value: "https://api.openai.com/v1" }, apiKey: { valueFrom: { secretKeyRef: { name: "openai", key: "token" } } } } } },
};

// What a controller reads may not be there.
export function answer(query: Query): string | undefined {
  return query.status?.phase === "done" ? query.status.response?.content : undefined;
}

// @ts-expect-error: input is required
export const withoutInput: Query = { spec: { type: "user" } };
// @ts-expect-error: there is no such type
export const unknownType: Query = { spec: { input: "hi", type: "guess" } };
// @ts-expect-error: there is no such field
export const unknownField: Query = { spec: { input: "hi", tll: "24h" } };
// @ts-expect-error: a text is no number
export const numericTimeout: Query = { spec: { input: "hi", timeout: 5 } };
// @ts-expect-error: a target has a name
export const namelessTarget: Query = { spec: { input: "hi", target: { type: "agent" } } };
// @ts-expect-error: there is no such phase
export const unknownPhase = (query: Query) => query.status?.phase === "finished";
