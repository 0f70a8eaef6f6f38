package crdmigration

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// digest is that of an object as JSON, its resourceVersion, and in which of the kind's versions it
// is, apart.
type digest [sha256.Size]byte

func digestOf(content map[string]any) (d digest, err error) {
	text, err := json.Marshal(comparable(content))
	return sha256.Sum256(text), err
}

// comparable is what of an object has to be the same on either side.
func comparable(content map[string]any) map[string]any {
	content = maps.Clone(content)
	delete(content, "apiVersion")
	if metadata, ok := content["metadata"].(map[string]any); ok {
		metadata = maps.Clone(metadata)
		delete(metadata, "resourceVersion")
		content["metadata"] = metadata
	}
	return content
}

// difference names the first field in which an object differs from how it is stored, or "" if it
// does not. What the stored one has besides must be hollow: typed objects always have a status.
func difference(object, stored any, path ...string) string {
	if reflect.DeepEqual(object, stored) {
		return ""
	}
	left, isMap := object.(map[string]any)
	right, areMaps := stored.(map[string]any)
	if !isMap || !areMaps {
		return strings.Join(path, ".")
	}
	all := maps.Clone(left)
	maps.Copy(all, right)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		one, there := left[name]
		other, here := right[name]
		switch {
		case !there && isHollow(other):
			continue
		case there != here:
			return strings.Join(append(path, name), ".")
		}
		if found := difference(one, other, append(path, name)...); found != "" {
			return found
		}
	}
	return ""
}

// isHollow reports whether there is nothing in a value but objects without fields.
func isHollow(value any) bool {
	fields, ok := value.(map[string]any)
	for _, field := range fields {
		ok = ok && isHollow(field)
	}
	return ok
}

// sum is one digest of all objects, by uid.
func sum(objects map[objectName]copied) string {
	var lines []string
	for _, object := range objects {
		lines = append(lines, object.uid+" "+hex.EncodeToString(object.digest[:]))
	}
	slices.Sort(lines)
	all := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(all[:])
}
