// Package arkgroup is the API group ark.ai as every server has it: installed on the storage of an
// engine, described by OpenAPI, and stored.
package arkgroup
