package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// mcpTool is a tool as a server of the Model Context Protocol describes it.
type mcpTool struct {
	Name        string               `json:"name"`
	Description string               `json:"description"`
	InputSchema *v1alpha1.JSONObject `json:"inputSchema"`
}

// listMCPTools asks a server for its tools, after the greeting that the protocol wants.
func listMCPTools(ctx context.Context, address string) ([]mcpTool, error) {
	greeting := map[string]any{
		"protocolVersion": "2025-06-18", "capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "manager", "version": "1"},
	}
	if err := callMCP(ctx, address, "initialize", greeting, &struct{}{}); err != nil {
		return nil, err
	}
	var list struct {
		Tools []mcpTool `json:"tools"`
	}
	return list.Tools, callMCP(ctx, address, "tools/list", map[string]any{}, &list)
}

func callMCP(ctx context.Context, address, method string, params, result any) error {
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	data, err := exchange(ctx, http.MethodPost, address, "", body)
	if err != nil {
		return err
	}
	var response struct {
		Result json.RawMessage           `json:"result"`
		Error  *struct{ Message string } `json:"error"`
	}
	if err := json.Unmarshal(data, &response); err != nil {
		return err
	}
	if response.Error != nil {
		return errors.New(response.Error.Message)
	}
	return json.Unmarshal(response.Result, result)
}
