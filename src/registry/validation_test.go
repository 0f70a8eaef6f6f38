package registry

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// write is an attempt to create an object. The body is its spec, in YAML. No wanted errors means
// that the object must be accepted.
type write struct {
	about string
	name  string
	spec  string
	want  []string
}

func testCreate(t *testing.T, kind string, writes []write) {
	s := testStrategy(t, kind)
	for _, w := range writes {
		t.Run(w.about, func(t *testing.T) {
			name := w.name
			if name == "" {
				name = "it"
			}
			body := ""
			if w.spec != "" {
				body = "spec: " + w.spec
			}
			text := manifest(kind, name, body)
			obj := decode(t, s.Scheme, text)
			s.PrepareForCreate(t.Context(), obj)
			expect(t, s.Validate(t.Context(), obj), w.want...)
			declared := s.Scheme.Validate(t.Context(), nil, obj)
			if err := checkSchema(t, text); (err != nil) != (len(declared) > 0) {
				t.Errorf("the JSON Schema says %v, declarative validation %v", err, declared)
			}
		})
	}
}

func TestCreateAgent(t *testing.T) {
	testCreate(t, "Agent", []write{
		{about: "nothing is required", spec: ""},
		{about: "full", spec: `{prompt: p, description: d, modelRef: {name: m}, executionEngine: {name: e, namespace: ns},
			tools: [{type: mcp, name: a, functions: [{name: f, value: v}], partial: {name: x, parameters: [{name: p}]}, approval: {required: true, timeout: 5m}}],
			parameters: [{name: a, value: b}, {name: c, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: d, valueFrom: {queryParameterRef: {name: q}}}],
			outputSchema: {type: object}, overrides: [{resourceType: model, headers: [{name: h, value: {value: v}}]}],
			pod: {template: {spec: {containers: [{name: c, image: i}]}}, timeout: 1h}, a2aPod: {readinessTimeout: 30s}}`},
		{about: "tool types are the union of the generations", spec: `{tools: [{type: built-in, name: noop}, {type: custom, name: a}, {type: mcp, name: a}, {type: http, name: a}, {type: agent, name: a}, {type: team, name: a}, {type: builtin, name: a}]}`},
		{about: "unknown tool type", spec: `{tools: [{type: telepathy, name: a}]}`, want: []string{"NotSupported spec.tools[0].type"}},
		{about: "tool without type", spec: `{tools: [{name: a}]}`, want: []string{"Required spec.tools[0].type"}},
		{about: "tool without name", spec: `{tools: [{type: mcp, partial: {name: real}}]}`, want: []string{"Required spec.tools[0].name"}},
		{about: "built-in tools have fixed names", spec: `{tools: [{type: built-in, name: rm}]}`, want: []string{"NotSupported spec.tools[0].name"}},
		{about: "model without name", spec: `{modelRef: {}}`, want: []string{"Required spec.modelRef.name"}},
		{about: "engine without name", spec: `{executionEngine: {namespace: ns}}`, want: []string{"Required spec.executionEngine.name"}},
		{about: "parameter without name", spec: `{parameters: [{value: v}]}`, want: []string{"Required spec.parameters[0].name"}},
		{about: "parameter without value", spec: `{parameters: [{name: a}]}`, want: []string{"Required spec.parameters[0]"}},
		{about: "parameter with two values", spec: `{parameters: [{name: a, value: v, valueFrom: {secretKeyRef: {name: s, key: k}}}]}`, want: []string{"Invalid spec.parameters[0]"}},
		{about: "parameter without source", spec: `{parameters: [{name: a, valueFrom: {}}]}`, want: []string{"Required spec.parameters[0].valueFrom"}},
		{about: "parameter with two sources", spec: `{parameters: [{name: a, valueFrom: {secretKeyRef: {name: s, key: k}, configMapKeyRef: {name: c, key: k}}}]}`, want: []string{"Invalid spec.parameters[0].valueFrom"}},
		{about: "nested names", spec: `{parameters: [{name: a, valueFrom: {secretKeyRef: {}}}, {name: b, valueFrom: {configMapKeyRef: {}}}, {name: c, valueFrom: {serviceRef: {}}}, {name: d, valueFrom: {queryParameterRef: {}}}]}`, want: []string{
			"Required spec.parameters[0].valueFrom.secretKeyRef.key", "Required spec.parameters[0].valueFrom.secretKeyRef.name",
			"Required spec.parameters[1].valueFrom.configMapKeyRef.key", "Required spec.parameters[1].valueFrom.configMapKeyRef.name",
			"Required spec.parameters[2].valueFrom.serviceRef.name", "Required spec.parameters[3].valueFrom.queryParameterRef.name"}},
		{about: "override resource type", spec: `{overrides: [{resourceType: agent, headers: [{name: h, value: {value: v}}]}]}`, want: []string{"NotSupported spec.overrides[0].resourceType"}},
		{about: "override without headers", spec: `{overrides: [{resourceType: mcpserver, headers: []}]}`, want: []string{"Required spec.overrides[0].headers"}},
		{about: "header without value", spec: `{overrides: [{resourceType: model, headers: [{name: h}]}]}`, want: []string{"Required spec.overrides[0].headers[0].value"}},
		{about: "header with an empty value", spec: `{overrides: [{resourceType: model, headers: [{value: {}}]}]}`, want: []string{"Required spec.overrides[0].headers[0].name", "Required spec.overrides[0].headers[0].value"}},
		{about: "header with two values", spec: `{overrides: [{resourceType: model, headers: [{name: h, value: {value: v, valueFrom: {secretKeyRef: {name: s, key: k}}}}]}]}`, want: []string{"Invalid spec.overrides[0].headers[0].value"}},
		{about: "header from a query parameter alone", spec: `{overrides: [{resourceType: model, headers: [{name: h, value: {valueFrom: {queryParameterRef: {name: q}}}}]}]}`},
		{about: "override selector", spec: `{overrides: [{resourceType: model, headers: [{name: h, value: {value: v}}], labelSelector: {matchExpressions: [{}]}}]}`, want: []string{
			"Required spec.overrides[0].labelSelector.matchExpressions[0].key", "Required spec.overrides[0].labelSelector.matchExpressions[0].operator"}},
		{about: "output schema must be an object", spec: `{outputSchema: [1]}`, want: []string{"Invalid spec.outputSchema"}},
		{about: "bad durations", spec: `{pod: {template: {}, timeout: soon}, a2aPod: {readinessTimeout: "5"}}`, want: []string{"Invalid spec.pod.timeout", "Invalid spec.a2aPod.readinessTimeout"}},
		{about: "pod without template", spec: `{pod: {}}`, want: []string{"Required spec.pod.template"}},
		{about: "approval", spec: `{tools: [{type: mcp, name: a, approval: {onTimeout: shrug, timeout: x}}]}`, want: []string{"Invalid spec.tools[0].approval.timeout", "NotSupported spec.tools[0].approval.onTimeout"}},
		{about: "all causes at once", spec: `{modelRef: {}, tools: [{}], parameters: [{}]}`, want: []string{
			"Required spec.modelRef.name", "Required spec.tools[0].type", "Required spec.tools[0].name", "Required spec.parameters[0].name", "Required spec.parameters[0]"}},
	})
}

func TestCreateModel(t *testing.T) {
	const openai = `config: {openai: {baseUrl: {value: u}, apiKey: {value: k}}}`
	testCreate(t, "Model", []write{
		{about: "no spec", want: []string{"Required spec.model", "Required spec.config", "Required spec.provider"}},
		{about: "minimal", spec: `{model: {value: m}, provider: openai, ` + openai + `}`},
		{about: "model may be empty, as no rule asks for a value", spec: `{model: {}, provider: openai, ` + openai + `}`},
		{about: "old: provider in type", spec: `{model: {value: m}, type: openai, ` + openai + `}`},
		{about: "old: type completions does not name a provider", spec: `{model: {value: m}, type: completions, ` + openai + `}`, want: []string{"Required spec.provider"}},
		{about: "both type and provider name one", spec: `{model: {value: m}, type: azure, provider: openai, ` + openai + `}`},
		{about: "unknown type and provider", spec: `{model: {value: m}, type: vision, provider: acme, ` + openai + `}`, want: []string{"NotSupported spec.type", "NotSupported spec.provider"}},
		{about: "settings of another provider", spec: `{model: {value: m}, provider: bedrock, ` + openai + `}`, want: []string{"Required spec.config.bedrock"}},
		{about: "old: settings must fit the migrated provider", spec: `{model: {value: m}, type: azure, ` + openai + `}`, want: []string{"Required spec.config.azure"}},
		{about: "more settings than needed", spec: `{model: {value: m}, provider: bedrock, config: {bedrock: {}, openai: {baseUrl: {value: u}, apiKey: {value: k}}}}`},
		{about: "required settings", spec: `{model: {value: m}, provider: azure, config: {azure: {}, openai: {}}}`, want: []string{
			"Required spec.config.azure.baseUrl", "Required spec.config.openai.baseUrl", "Required spec.config.openai.apiKey"}},
		{about: "Anthropic", spec: `{model: {value: m}, provider: anthropic, config: {anthropic: {baseUrl: {value: u}, apiKey: {value: k}, version: {value: v}, headers: [{name: h, value: {}}]}}}`, want: []string{"Required spec.config.anthropic.headers[0].value"}},
		{about: "Anthropic without settings", spec: `{model: {value: m}, provider: anthropic, config: {}}`, want: []string{"Required spec.config.anthropic"}},
		{about: "Anthropic with empty settings", spec: `{model: {value: m}, provider: anthropic, config: {anthropic: {}}}`, want: []string{"Required spec.config.anthropic.baseUrl", "Required spec.config.anthropic.apiKey"}},
		{about: "identities at Azure", spec: `{model: {value: m}, provider: azure, config: {azure: {baseUrl: {value: u}, auth: {apiKey: {value: k}, managedIdentity: {}, workloadIdentity: {}}}}}`, want: []string{
			"Required spec.config.azure.auth.workloadIdentity.clientId", "Required spec.config.azure.auth.workloadIdentity.tenantId"}},
		{about: "a key of Bedrock", spec: `{model: {value: m}, provider: bedrock, config: {bedrock: {apiKey: {value: k}}}}`},
		{about: "headers are checked in every block", spec: `{model: {value: m}, provider: openai, config: {openai: {baseUrl: {value: u}, apiKey: {value: k}, headers: [{name: h, value: {}}]}, azure: {baseUrl: {value: u}, apiKey: {value: k}, headers: [{name: h, value: {valueFrom: {}}}]}}}`, want: []string{
			"Required spec.config.openai.headers[0].value", "Required spec.config.azure.headers[0].value.valueFrom"}},
		{about: "bedrock limits", spec: `{model: {value: m}, provider: bedrock, config: {bedrock: {maxTokens: 100000, temperature: "0.7", properties: {a: {value: b}}}}}`},
		{about: "bedrock limits exceeded", spec: `{model: {value: m}, provider: bedrock, config: {bedrock: {maxTokens: 100001, temperature: "1.5"}}}`, want: []string{"Invalid spec.config.bedrock.maxTokens", "Invalid spec.config.bedrock.temperature"}},
		{about: "bedrock limits undercut", spec: `{model: {value: m}, provider: bedrock, config: {bedrock: {maxTokens: 0, temperature: ""}}}`, want: []string{"Invalid spec.config.bedrock.maxTokens", "Invalid spec.config.bedrock.temperature"}},
		{about: "bad poll interval", spec: `{model: {value: m}, provider: openai, pollInterval: often, ` + openai + `}`, want: []string{"Invalid spec.pollInterval"}},
		{about: "keys of properties", spec: `{model: {valueFrom: {configMapKeyRef: {name: c}}}, provider: bedrock, config: {bedrock: {properties: {a: {valueFrom: {secretKeyRef: {name: s}}}}}}}`, want: []string{
			"Required spec.model.valueFrom.configMapKeyRef.key", "Required spec.config.bedrock.properties[a].valueFrom.secretKeyRef.key"}},
	})
}

func TestCreateTool(t *testing.T) {
	testCreate(t, "Tool", []write{
		{about: "no spec", want: []string{"Required spec.type"}},
		{about: "unknown type", spec: `{type: hammer}`, want: []string{"NotSupported spec.type"}},
		{about: "http", spec: `{type: http, http: {url: "https://e.org/{city}", method: POST, timeout: 30s, body: b, headers: [{name: h, value: {}}], bodyParameters: [{name: a}]}}`},
		{about: "http without block", spec: `{type: http}`, want: []string{"Required spec.http"}},
		{about: "http without url", spec: `{type: http, http: {}}`, want: []string{"Required spec.http.url"}},
		{about: "http with a foreign scheme", spec: `{type: http, http: {url: "ftp://e.org"}}`, want: []string{"Invalid spec.http.url"}},
		{about: "http with an unparseable url", spec: `{type: http, http: {url: "http://[::1"}}`, want: []string{"Invalid spec.http.url"}},
		{about: "http method and timeout", spec: `{type: http, http: {url: "http://e.org", method: HEAD, timeout: 1m30s}}`, want: []string{"NotSupported spec.http.method", "Invalid spec.http.timeout"}},
		{about: "http timeout without unit", spec: `{type: http, http: {url: "http://e.org", timeout: "30"}}`},
		{about: "mcp", spec: `{type: mcp, mcp: {mcpServerRef: {name: s}, toolName: t}}`},
		{about: "mcp without block", spec: `{type: mcp}`, want: []string{"Required spec.mcp"}},
		{about: "mcp with an empty block", spec: `{type: mcp, mcp: {}}`, want: []string{"Required spec.mcp.mcpServerRef", "Required spec.mcp.toolName"}},
		{about: "mcp server without name", spec: `{type: mcp, mcp: {mcpServerRef: {}, toolName: t}}`, want: []string{"Required spec.mcp.mcpServerRef.name"}},
		{about: "agent", spec: `{type: agent, agent: {name: a}}`},
		{about: "agent without block", spec: `{type: agent}`, want: []string{"Required spec.agent"}},
		{about: "agent without name", spec: `{type: agent, agent: {}}`, want: []string{"Required spec.agent.name"}},
		{about: "team without block", spec: `{type: team}`, want: []string{"Required spec.team"}},
		{about: "builtin goes by the object's name", name: "noop", spec: `{type: builtin}`},
		{about: "builtin with another name", spec: `{type: builtin, builtin: {name: noop}}`, want: []string{"NotSupported metadata.name"}},
		{about: "schema", spec: `{type: agent, agent: {name: a}, inputSchema: {type: object, properties: {city: {type: string}, days: {type: array, items: {type: bogus}}, any: {}}, required: [city]}}`},
		{about: "schema with a list of types", spec: `{type: agent, agent: {name: a}, inputSchema: {type: [string, "null"]}}`},
		{about: "schema that is none", spec: `{type: agent, agent: {name: a}, inputSchema: "string"}`, want: []string{"Invalid spec.inputSchema"}},
		{about: "schema with an unknown type", spec: `{type: agent, agent: {name: a}, inputSchema: {type: text}}`, want: []string{"NotSupported spec.inputSchema.type"}},
		{about: "schema with bad properties", spec: `{type: agent, agent: {name: a}, inputSchema: {type: object, properties: {"": {}, a: 1, b: {type: object, properties: {c: {type: text}}}}}}`, want: []string{
			"Invalid spec.inputSchema.properties", "TypeInvalid spec.inputSchema.properties[a]", "NotSupported spec.inputSchema.properties[b].properties[c].type"}},
		{about: "schema whose properties are no object", spec: `{type: agent, agent: {name: a}, inputSchema: {type: object, properties: []}}`, want: []string{"TypeInvalid spec.inputSchema.properties"}},
	})
}

func TestCreateTeam(t *testing.T) {
	const members = `members: [{name: a, type: agent}, {name: b, type: team}]`
	testCreate(t, "Team", []write{
		{about: "no spec", want: []string{"Required spec.members", "Required spec.strategy"}},
		{about: "no members is fine", spec: `{members: [], strategy: sequential}`},
		{about: "sequential", spec: `{` + members + `, strategy: sequential, maxTurns: 3}`},
		{about: "unknown strategy and member type", spec: `{members: [{name: a, type: model}], strategy: random}`, want: []string{"NotSupported spec.members[0].type", "NotSupported spec.strategy"}},
		{about: "empty member", spec: `{members: [{}], strategy: round-robin}`, want: []string{"Required spec.members[0].name", "Required spec.members[0].type"}},
		{about: "own member, whatever its type", spec: `{members: [{name: it, type: agent}], strategy: round-robin}`, want: []string{"Invalid spec.members[0].name"}},
		{about: "graph", spec: `{` + members + `, strategy: graph, maxTurns: 5, graph: {edges: [{from: a, to: b}, {from: b, to: a}]}}`},
		{about: "old: graph without maxTurns", spec: `{` + members + `, strategy: graph, graph: {edges: [{from: a, to: b}]}}`},
		{about: "graph team without graph", spec: `{` + members + `, strategy: graph}`, want: []string{"Required spec.graph"}},
		{about: "graph without edges", spec: `{` + members + `, strategy: graph, graph: {edges: []}}`, want: []string{"Required spec.graph.edges"}},
		{about: "graph with edges missing", spec: `{` + members + `, strategy: graph, graph: {}}`, want: []string{"Required spec.graph.edges"}},
		{about: "edges between strangers", spec: `{` + members + `, strategy: graph, graph: {edges: [{from: x, to: z}]}}`, want: []string{"Invalid spec.graph.edges[0].from", "Invalid spec.graph.edges[0].to"}},
		{about: "edge without ends", spec: `{` + members + `, strategy: graph, graph: {edges: [{}]}}`, want: []string{"Required spec.graph.edges[0].from", "Required spec.graph.edges[0].to"}},
		{about: "two ways out", spec: `{` + members + `, strategy: graph, graph: {edges: [{from: a, to: b}, {from: a, to: a}]}}`, want: []string{"Duplicate spec.graph.edges[1].from"}},
		{about: "selector", spec: `{` + members + `, strategy: selector, selector: {agent: c, selectorPrompt: p}}`},
		{about: "old: selector with a model", spec: `{` + members + `, strategy: selector, selector: {model: m}}`},
		{about: "selector without agent", spec: `{` + members + `, strategy: selector}`, want: []string{"Required spec.selector.agent"}},
		{about: "selector with a graph", spec: `{` + members + `, strategy: selector, selector: {agent: c}, graph: {edges: [{from: a, to: b}, {from: a, to: a}]}}`},
		{about: "selector with a bad graph", spec: `{` + members + `, strategy: selector, selector: {agent: c}, graph: {edges: [{from: a, to: z}]}}`, want: []string{"Invalid spec.graph.edges[0].to"}},
	})
}

func TestCreateQuery(t *testing.T) {
	testCreate(t, "Query", []write{
		{about: "no spec", want: []string{"Required spec.input", "Required spec.target"}},
		{about: "input null is missing", spec: `{input: null, target: {type: agent, name: a}}`, want: []string{"Required spec.input"}},
		{about: "plain", spec: `{input: hi, target: {type: agent, name: a}}`},
		{about: "empty input", spec: `{input: "", target: {type: agent, name: a}}`},
		{about: "messages", spec: `{type: messages, input: [{role: user, content: hi}], target: {type: model, name: m}}`},
		{about: "the shape of the input is not checked", spec: `{type: user, input: {a: 1}, target: {type: team, name: t}}`},
		{about: "old: targets", spec: `{input: hi, targets: [{type: agent, name: a}, {type: tool, name: t}]}`},
		{about: "selector", spec: `{input: hi, selector: {matchLabels: {a: b}}}`},
		{about: "target and selector", spec: `{input: hi, target: {type: agent, name: a}, selector: {matchLabels: {a: b}}}`},
		{about: "unknown type", spec: `{input: hi, type: audio, target: {type: agent, name: a}}`, want: []string{"NotSupported spec.type"}},
		{about: "unknown target", spec: `{input: hi, target: {type: oracle}}`, want: []string{"NotSupported spec.target.type", "Required spec.target.name"}},
		{about: "bad durations", spec: `{input: hi, target: {type: agent, name: a}, ttl: 1y, timeout: never}`, want: []string{"Invalid spec.ttl", "Invalid spec.timeout"}},
		{about: "memory without name", spec: `{input: hi, target: {type: agent, name: a}, memory: {}}`, want: []string{"Required spec.memory.name"}},
		{about: "parameters and overrides", spec: `{input: hi, target: {type: agent, name: a}, parameters: [{name: p}], overrides: [{resourceType: model, headers: [{name: h, value: {}}]}]}`, want: []string{
			"Required spec.parameters[0]", "Required spec.overrides[0].headers[0].value"}},
		{about: "old: evaluators", spec: `{input: hi, target: {type: agent, name: a}, evaluators: [{name: e}]}`},
		{about: "old: evaluators twice", spec: `{input: hi, target: {type: agent, name: a}, evaluators: [{name: e}], evaluatorSelector: {matchLabels: {a: b}}}`, want: []string{"Forbidden spec.evaluatorSelector"}},
		{about: "selectors", spec: `{input: hi, selector: {matchExpressions: [{key: k}]}, evaluatorSelector: {matchExpressions: [{operator: In}]}}`, want: []string{
			"Required spec.selector.matchExpressions[0].operator", "Required spec.evaluatorSelector.matchExpressions[0].key"}},
	})
}

func TestCreateMemory(t *testing.T) {
	testCreate(t, "Memory", []write{
		{about: "no spec", want: []string{"Required spec.address"}},
		{about: "address may be empty, as no rule asks for a value", spec: `{address: {}}`},
		{about: "headers are not checked", spec: `{address: {value: u}, headers: [{name: h, value: {}}]}`},
		{about: "headers have a schema", spec: `{address: {value: u}, headers: [{}]}`, want: []string{"Required spec.headers[0].name", "Required spec.headers[0].value"}},
	})
}

func TestCreateMCPServer(t *testing.T) {
	testCreate(t, "MCPServer", []write{
		{about: "no spec", want: []string{"Required spec.address"}},
		{about: "minimal", spec: `{address: {value: u}}`},
		{about: "address without value", spec: `{address: {}}`, want: []string{"Required spec.address"}},
		{about: "address with two values", spec: `{address: {value: u, valueFrom: {serviceRef: {name: s}}}}`, want: []string{"Invalid spec.address"}},
		{about: "headers", spec: `{address: {value: u}, headers: [{name: h, value: {}}]}`, want: []string{"Required spec.headers[0].value"}},
		{about: "transport", spec: `{address: {value: u}, transport: stdio}`, want: []string{"NotSupported spec.transport"}},
		{about: "timeout is any text", spec: `{address: {value: u}, timeout: a while}`},
		{about: "tool call timeout", spec: `{address: {value: u}, toolCallTimeout: 1m30.5s}`},
		{about: "bad tool call timeout", spec: `{address: {value: u}, toolCallTimeout: 1 minute}`, want: []string{"Invalid spec.toolCallTimeout"}},
		{about: "negative poll interval", spec: `{address: {value: u}, pollInterval: -1s}`, want: []string{"Invalid spec.pollInterval"}},
		{about: "bad poll interval is reported once", spec: `{address: {value: u}, pollInterval: "-"}`, want: []string{"Invalid spec.pollInterval"}},
		{about: "authorization", spec: `{address: {value: u}, authorization: {tokenSecretRef: {name: s}}}`},
		{about: "authorization without secret", spec: `{address: {value: u}, authorization: {}}`, want: []string{"Required spec.authorization.tokenSecretRef"}},
		{about: "authorization without a secret's name", spec: `{address: {value: u}, authorization: {tokenSecretRef: {}}}`, want: []string{"Required spec.authorization.tokenSecretRef.name"}},
	})
}

func TestCreateEvaluation(t *testing.T) {
	testCreate(t, "Evaluation", []write{
		{about: "no spec", want: []string{"Required spec.config"}},
		{about: "direct by default", spec: `{config: {input: i, output: o}, evaluator: {name: e}}`},
		{about: "the evaluator is optional in the schema", spec: `{config: {input: i, output: o}}`},
		{about: "the evaluator of a Go client that set none", spec: `{config: {input: i, output: o}, evaluator: {name: ""}}`, want: []string{"Required spec.evaluator.name"}},
		{about: "unknown type", spec: `{type: guess, config: {}}`, want: []string{"NotSupported spec.type"}},
		{about: "direct needs a pair", spec: `{type: direct, config: {queryRef: {name: q}}}`, want: []string{"Required spec.config.input", "Required spec.config.output", "Forbidden spec.config.queryRef"}},
		{about: "query", spec: `{type: query, config: {queryRef: {name: q, responseTarget: t}}}`},
		{about: "query needs a query", spec: `{type: query, config: {input: i, output: o}}`, want: []string{"Required spec.config.queryRef", "Forbidden spec.config.input", "Forbidden spec.config.output"}},
		{about: "query without name", spec: `{type: query, config: {queryRef: {}}}`, want: []string{"Required spec.config.queryRef.name"}},
		{about: "batch", spec: `{type: batch, config: {evaluations: [{name: a}]}}`},
		{about: "batch with items alone", spec: `{type: batch, config: {items: [{type: direct, config: {}, evaluator: {name: e}}]}}`, want: []string{"Required spec.config.evaluations"}},
		{about: "batch with text", spec: `{type: batch, config: {evaluations: [{name: a}], input: i, output: o}}`, want: []string{"Forbidden spec.config.input", "Forbidden spec.config.output"}},
		{about: "batch children", spec: `{type: batch, config: {evaluations: [{}], items: [{type: batch, ttl: x}], template: {}, querySelector: {matchExpressions: [{}]}}}`, want: []string{
			"Required spec.config.evaluations[0].name", "NotSupported spec.config.items[0].type", "Required spec.config.items[0].config", "Required spec.config.items[0].evaluator", "Invalid spec.config.items[0].ttl",
			"Required spec.config.template.type", "Required spec.config.template.config", "Required spec.config.template.evaluator",
			"Required spec.config.querySelector.matchExpressions[0].key", "Required spec.config.querySelector.matchExpressions[0].operator"}},
		{about: "event", spec: `{type: event, config: {rules: [{name: r, expression: "true", weight: 0}]}}`},
		{about: "event without rules", spec: `{type: event, config: {}}`, want: []string{"Required spec.config.rules"}},
		{about: "rule", spec: `{type: event, config: {rules: [{weight: -1}]}}`, want: []string{"Required spec.config.rules[0].name", "Required spec.config.rules[0].expression", "Invalid spec.config.rules[0].weight"}},
		{about: "baseline has no rules", spec: `{type: baseline, config: {}}`},
		{about: "evaluator parameters are literal", spec: `{config: {input: i, output: o}, evaluator: {name: e, parameters: [{name: a, valueFrom: {secretKeyRef: {name: s, key: k}}}, {value: v}]}}`, want: []string{
			"Required spec.evaluator.parameters[0].value", "Required spec.evaluator.parameters[1].name"}},
	})
}

func TestCreateEvaluator(t *testing.T) {
	testCreate(t, "Evaluator", []write{
		{about: "no spec", want: []string{"Required spec.address"}},
		{about: "full", spec: `{address: {value: u}, selector: {resourceType: Query, matchLabels: {a: b}}, parameters: [{name: model.name, value: m}]}`},
		{about: "address without value", spec: `{address: {}}`, want: []string{"Required spec.address"}},
		{about: "selector", spec: `{address: {value: u}, selector: {resourceType: Agent, matchExpressions: [{}], namespaceSelector: {matchExpressions: [{key: k}]}}}`, want: []string{
			"NotSupported spec.selector.resourceType", "Required spec.selector.matchExpressions[0].key", "Required spec.selector.matchExpressions[0].operator",
			"Required spec.selector.namespaceSelector.matchExpressions[0].operator"}},
		{about: "selector without type", spec: `{address: {value: u}, selector: {matchLabels: {a: b}}}`, want: []string{"Required spec.selector.resourceType"}},
	})
}

func TestCreateExecutionEngine(t *testing.T) {
	testCreate(t, "ExecutionEngine", []write{
		{about: "no spec", want: []string{"Required spec.address"}},
		{about: "minimal", spec: `{type: langchain, address: {value: u}}`},
		{about: "reserved name", name: "a2a", spec: `{type: x, address: {value: u}}`, want: []string{"Invalid metadata.name"}},
		{about: "address without value", spec: `{type: x, address: {}}`, want: []string{"Required spec.address"}},
		{about: "newer: deployed from a source", spec: `{type: x, source: {image: i}, configSchema: "{}", isAgentic: true}`},
		{about: "source must be an object", spec: `{type: x, address: {value: u}, source: image}`, want: []string{"Invalid spec.source"}},
	})
}

func TestCreateA2AServer(t *testing.T) {
	testCreate(t, "A2AServer", []write{
		{about: "no spec", want: []string{"Required spec.address"}},
		{about: "minimal", spec: `{address: {valueFrom: {serviceRef: {name: s}}}}`},
		{about: "address without value", spec: `{address: {}}`, want: []string{"Required spec.address"}},
		{about: "headers", spec: `{address: {value: u}, headers: [{name: h, value: {value: v}}, {name: h, value: {}}]}`, want: []string{"Duplicate spec.headers[1].name", "Required spec.headers[1].value"}},
		{about: "negative poll interval", spec: `{address: {value: u}, pollInterval: -1m}`, want: []string{"Invalid spec.pollInterval"}},
		{about: "endpoint resolution", spec: `{address: {value: u}, endpointResolution: guess}`, want: []string{"NotSupported spec.endpointResolution"}},
		{about: "hosts", spec: `{address: {value: u}, allowedEndpointHosts: ["e.org", "*.e.org:8443", "localhost:1"]}`},
		{about: "bad hosts", spec: `{address: {value: u}, allowedEndpointHosts: ["-e.org", "` + strings.Repeat("a", 260) + `", "a.*"]}`, want: []string{
			"Invalid spec.allowedEndpointHosts[0]", "TooLong spec.allowedEndpointHosts[1]", "Invalid spec.allowedEndpointHosts[2]"}},
	})
}

func TestCreateA2ATask(t *testing.T) {
	testCreate(t, "A2ATask", []write{
		{about: "no spec", want: []string{"Required spec.queryRef", "Required spec.agentRef", "Required spec.taskId"}},
		{about: "minimal", spec: `{queryRef: {name: q}, agentRef: {}, taskId: t}`},
		{about: "server without name", spec: `{queryRef: {name: q}, agentRef: {}, taskId: t, a2aServerRef: {}}`, want: []string{"Required spec.a2aServerRef.name"}},
		{about: "bad durations", spec: `{queryRef: {}, agentRef: {}, taskId: t, timeout: a, ttl: b, pollInterval: c}`, want: []string{
			"Required spec.queryRef.name", "Invalid spec.timeout", "Invalid spec.ttl", "Invalid spec.pollInterval"}},
	})
}

// Status writes are validated by field, and the rules on the spec do not apply to them.
func TestStatusValidation(t *testing.T) {
	const condition = `{type: Completed, status: "True", reason: Done, message: m, lastTransitionTime: "2026-01-01T00:00:00Z"}`
	for _, tt := range []struct {
		about, kind, spec, status string
		want                      []string
	}{
		{about: "query", kind: "Query", status: `{phase: evaluating, conditions: [` + condition + `], duration: 1.5s, response: {target: {type: agent, name: a}, raw: "[]"}}`},
		{about: "query of an invalid spec", kind: "Query", status: `{phase: done}`},
		{about: "query phase", kind: "Query", status: `{phase: asleep, duration: long}`, want: []string{"NotSupported status.phase", "Invalid status.duration"}},
		{about: "query response without target", kind: "Query", status: `{response: {content: c}}`, want: []string{"Required status.response.target.type", "Required status.response.target.name"}},
		{about: "conditions", kind: "Agent", status: `{conditions: [{type: "a b", status: Maybe, reason: 1x, observedGeneration: -1}, {}]}`, want: []string{
			"Invalid status.conditions[0].type", "NotSupported status.conditions[0].status", "Invalid status.conditions[0].reason", "Invalid status.conditions[0].observedGeneration", "Required status.conditions[0].lastTransitionTime",
			"Required status.conditions[1].type", "Required status.conditions[1].status", "Required status.conditions[1].reason", "Required status.conditions[1].lastTransitionTime"}},
		{about: "memory", kind: "Memory", status: `{phase: lost}`, want: []string{"NotSupported status.phase"}},
		{about: "evaluator phase is any text", kind: "Evaluator", status: `{phase: whatever}`},
		{about: "mcp server", kind: "MCPServer", status: `{authorization: {state: Maybe}}`, want: []string{"NotSupported status.authorization.state"}},
		{about: "evaluation", kind: "Evaluation", status: `{phase: done, score: "0.93", batchProgress: {childEvaluations: [{name: a, score: high}]}}`},
		{about: "evaluation score", kind: "Evaluation", status: `{phase: x, score: "1.1", batchProgress: {childEvaluations: [{phase: z}]}}`, want: []string{
			"NotSupported status.phase", "Invalid status.score", "Required status.batchProgress.childEvaluations[0].name", "NotSupported status.batchProgress.childEvaluations[0].phase"}},
		{about: "task", kind: "A2ATask", status: `{phase: cancelled, protocolState: canceled, artifacts: [{artifactId: a, parts: []}], history: [{role: user, parts: [{kind: text, text: t}]}]}`},
		{about: "task enums", kind: "A2ATask", status: `{phase: canceled, protocolState: cancelled, artifacts: [{}], history: [{role: robot, parts: [{kind: sound}]}], lastStatusMessage: {}}`, want: []string{
			"NotSupported status.phase", "NotSupported status.protocolState", "Required status.artifacts[0].artifactId", "Required status.artifacts[0].parts",
			"NotSupported status.history[0].role", "NotSupported status.history[0].parts[0].kind", "Required status.lastStatusMessage.role", "Required status.lastStatusMessage.parts"}},
	} {
		t.Run(tt.kind+" "+tt.about, func(t *testing.T) {
			s := testStrategy(t, tt.kind)
			old := decode(t, s.Scheme, manifest(tt.kind, "it", ""))
			obj := decode(t, s.Scheme, manifest(tt.kind, "it", "status: "+tt.status))
			statusStrategy{s}.PrepareForUpdate(t.Context(), obj, old)
			expect(t, statusStrategy{s}.ValidateUpdate(t.Context(), obj, old), tt.want...)
		})
	}
}

// A query that breaks the rules must still lose its finalizer when it is deleted.
func TestDeletedQueryIsNotChecked(t *testing.T) {
	s := testStrategy(t, "Query")
	old := decode(t, s.Scheme, manifest("Query", "it", `spec: {input: hi}`))
	obj := old.DeepCopyObject()
	expect(t, s.ValidateUpdate(t.Context(), obj, old), "Required spec.target")
	now := metav1.Now()
	obj.(metav1.Object).SetDeletionTimestamp(&now)
	expect(t, s.ValidateUpdate(t.Context(), obj, old))
}
