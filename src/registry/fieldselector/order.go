package fieldselector

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// order is that of the values of a field. Objects without any come last.
type order struct {
	field      *Field
	descending bool
}

func (s *Selector) setOrder(k *Kind, value string) error {
	if s.order != nil {
		return fmt.Errorf("%s: must be given once", orderByKey)
	}
	path, descending := strings.CutPrefix(value, "-")
	field, known := k.fields[path]
	if !known {
		return fmt.Errorf("%s=%s: field label not supported: known are %s", orderByKey, value, k.known())
	}
	s.order = &order{field: field, descending: descending}
	return nil
}

// position has the order asked for.
func (o *order) position(obj runtime.Object) string {
	value, _, present := o.field.of(obj)
	switch {
	case !present:
		return "\x01"
	case o.descending:
		return "\x00" + string(value.descending())
	default:
		return "\x00" + string(value)
	}
}
