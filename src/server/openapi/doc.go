// Package openapi keeps what a server says of itself in OpenAPI as it is sent.
package openapi
