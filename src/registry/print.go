package registry

import (
	"context"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/registry/rest"
)

// table prints objects in rows, as kubectl get shows them. A custom resource without a status has
// nothing in its columns. Ours always has one, in which a bool that is always there is false: as
// long as nobody wrote any of it, nothing is shown.
type table struct {
	rest.TableConvertor
	// status are the columns that print it, by index.
	status []int
}

// tables print objects as kubectl get of each version shows them.
func (r resource) tables() ([]rest.TableConvertor, error) {
	tables := make([]rest.TableConvertor, len(r.versions))
	for i, v := range r.versions {
		columns := r.columnsOf(v)
		convertor, err := tableconvertor.New(columns)
		if err != nil {
			return nil, err
		}
		t := table{TableConvertor: convertor}
		for i, column := range columns {
			if strings.HasPrefix(column.JSONPath, ".status.") {
				t.status = append(t.status, i+1) // after the name
			}
		}
		tables[i] = t
	}
	return tables, nil
}

// ConvertToTable implements rest.TableConvertor.
func (t table) ConvertToTable(ctx context.Context, object, options runtime.Object) (*metav1.Table, error) {
	converted, err := t.TableConvertor.ConvertToTable(ctx, object, options)
	if err != nil {
		return nil, err
	}
	for _, row := range converted.Rows {
		if part(row.Object.Object, "Status").IsZero() {
			for _, column := range t.status {
				row.Cells[column] = nil
			}
		}
	}
	return converted, nil
}
