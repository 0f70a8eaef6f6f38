// Command manager is a controller manager like any other: controller-runtime, typed clients, a
// cache, leader election, webhooks. It answers Queries: it follows the way from a query to its
// agent, the agent's model and the model's endpoint, asks there, and writes the answer into the
// status. If the model wants to call a tool that needs approval, the query waits for an A2ATask
// that a human completes or fails.
//
// With --discovery it cares for services too: it resolves the addresses of Memories and
// ExecutionEngines, and makes Agents of what A2AServers have, and Tools of what MCPServers have.
// A2AServers and ExecutionEngines are those of v1prealpha1, as they are for Ark's own controllers.
//
// It does not know how the Ark API is served. The conformance suite runs the same program against
// CustomResourceDefinitions, against ark-apiserver behind a kube-apiserver, and against
// ark-apiserver alone.
//
// What it does is in its log, a JSON object per line, which the suite reads:
//
//   - "watch event": what the cache was told, before anything comes of it;
//   - "mapped": an agent woke a query;
//   - "reconcile": a query's reconcile begins;
//   - "resume": a query was found running, by a manager that follows one that was killed;
//   - "stale": the cache was behind what this manager itself wrote;
//   - "ask": a question is sent to the model;
//   - "review": a validating webhook is asked about a write;
//   - "forget": a deleted query is cleaned up.
package main
