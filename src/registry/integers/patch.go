package integers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/emicklei/go-restful/v3"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/endpoints"
)

// converted are the patches that handlers do not decode into the Go type but convert to it, which
// cuts integers to its size. Each has the function that the handler reads it with.
var converted = map[types.PatchType]func([]byte, any) error{
	types.StrategicMergePatchType: json.Unmarshal,
	types.ApplyYAMLPatchType:      yaml.Unmarshal,
	types.ApplyCBORPatchType:      direct.Unmarshal,
}

// CheckPatches lets a web service of a generic API server refuse strategic merge patches and
// server-side apply with numbers that do not fit into the integers of the type.
func CheckPatches(service *restful.WebService, creater runtime.ObjectCreater) {
	service.Filter(func(request *restful.Request, response *restful.Response, chain *restful.FilterChain) {
		contentType, _, _ := strings.Cut(request.HeaderParameter("Content-Type"), ";")
		unmarshal := converted[types.PatchType(contentType)]
		gvk, ok := request.SelectedRoute().Metadata()[endpoints.RouteMetaGVK].(metav1.GroupVersionKind)
		if request.Request.Method == http.MethodPatch && unmarshal != nil && ok {
			request.Request.Body = &patch{
				ReadCloser: request.Request.Body,
				unmarshal:  unmarshal,
				isText:     contentType != string(types.ApplyCBORPatchType),
				creater:    creater,
				gvk:        schema.GroupVersionKind(gvk),
				name:       request.PathParameter("name"),
			}
		}
		chain.ProcessFilter(request, response)
	})
}

// patch is the body of a request. Reading its end fails if the patch is refused. So it is the
// handler that limits the size, and that answers, as it answers all failures.
type patch struct {
	io.ReadCloser
	content   bytes.Buffer
	unmarshal func([]byte, any) error
	isText    bool
	creater   runtime.ObjectCreater
	gvk       schema.GroupVersionKind
	name      string
}

// Read implements io.Reader.
func (p *patch) Read(buffer []byte) (int, error) {
	n, err := p.ReadCloser.Read(buffer)
	p.content.Write(buffer[:n])
	if errors.Is(err, io.EOF) {
		if refusal := p.check(); refusal != nil {
			return n, refusal
		}
	}
	return n, err
}

// check returns the answer to a patch with numbers that do not fit. What is no patch at all is left
// to the handler.
func (p *patch) check() error {
	if p.isText && fitsAnywhere(p.content.Bytes()) {
		return nil
	}
	values := map[string]any{}
	if err := p.unmarshal(p.content.Bytes(), &values); err != nil {
		return nil //nolint:nilerr // the handler says what is wrong
	}
	obj, err := p.creater.New(p.gvk)
	if err != nil {
		return err
	}
	var misfits field.ErrorList
	visit(values, reflect.TypeOf(obj), nil, func(number any, t reflect.Type, path *field.Path) any {
		if !fits(number, t) {
			misfits = append(misfits, field.TypeInvalid(path, number, fmt.Sprintf("must be a %d-bit integer", t.Bits())))
		}
		return number
	})
	if len(misfits) > 0 {
		return apierrors.NewInvalid(p.gvk.GroupKind(), p.name, misfits)
	}
	return nil
}

func fits(number any, t reflect.Type) bool {
	if plain, ok := number.(int64); ok {
		return !t.OverflowInt(plain)
	}
	_, ok := integer(number.(float64), t)
	return ok
}

// fitsAnywhere reports whether a JSON or YAML text has no numbers but integers of up to nine
// digits. It takes texts for numbers, but no number for a text: a quick look spares most patches
// from being decoded twice.
func fitsAnywhere(text []byte) bool {
	digits, dot := 0, false
	for _, c := range text {
		isDigit := '0' <= c && c <= '9'
		switch {
		case isDigit && (dot || digits == 9): // .5, or too many
			return false
		case !isDigit && digits > 0 && strings.IndexByte(".eExXoObB_", c) >= 0: // 1.5, 1e9, 0xF, 1_000
			return false
		case c == '!' || c >= 0xFE: // YAML: a tag, which can make a text a number, or another encoding than UTF-8
			return false
		case isDigit:
			digits++
		default:
			digits = 0
		}
		dot = c == '.'
	}
	return true
}
