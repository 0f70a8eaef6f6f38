#!/usr/bin/env bash
# Generates everything that is derived from src/apis: deep copies, defaults, conversions, declarative validation and
# OpenAPI model names beside the types; OpenAPI definitions, apply configurations, clientset, listers and
# informers under src/generated; what the chart and the manifests know of the table of kinds; the chart's README, from its
# values. Usage: update.sh [root], where root is the module to work on, by default the one this script is part of.
set -o errexit -o nounset -o pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "${1:-${here}/../..}" && pwd -P)"
module=ark.ai/apiserver
versions=(v1alpha1 v1prealpha1)
types=("${versions[@]/#/${module}/src/apis/ark/}")
generated="${module}/src/generated"
header=(--go-header-file "${here}/boilerplate.go.txt")

bin="$(mktemp -d)"
trap 'rm -rf "${bin}"' EXIT
(cd "${here}" && GOBIN="${bin}" GOFLAGS= go install tool)

# Types of these packages have no validation of their own for validation-gen to call. The fields that
# hold types of other packages are tagged +k8s:opaqueType.
readonly_pkgs=()
for pkg in \
  k8s.io/apimachinery/pkg/api/resource \
  k8s.io/apimachinery/pkg/runtime \
  k8s.io/apimachinery/pkg/types \
  time; do
  readonly_pkgs+=(--readonly-pkg "${pkg}")
done

cd "${root}"
# Bazel's files beside them are tools/gazelle's.
find src/generated/{applyconfiguration,clientset,informers,listers} -name '*.go' -delete
rm -f src/apis/ark/*/zz_generated.*.go src/generated/openapi/zz_generated.*.go

# The types do not compile without the code generated for them; generators tolerate that, but report it.

# The packages that our types refer to are inputs too: references go by the models' names, which the
# generator only knows of its inputs, and a server that serves this group alone needs their definitions. Of the core
# group that is a pod's template and what it is made of.
echo "OpenAPI"
openapi_inputs=("${types[@]}")
for pkg in \
  k8s.io/api/core/v1 \
  k8s.io/apimachinery/pkg/api/resource \
  k8s.io/apimachinery/pkg/apis/meta/v1 \
  k8s.io/apimachinery/pkg/runtime \
  k8s.io/apimachinery/pkg/util/intstr \
  k8s.io/apimachinery/pkg/version; do
  openapi_inputs+=("${pkg}" --readonly-pkg "${pkg}")
done
"${bin}/openapi-gen" "${header[@]}" --output-file zz_generated.openapi.go \
  --output-dir src/generated/openapi --output-pkg "${generated}/openapi" \
  --output-model-name-file zz_generated.model_name.go --report-filename /dev/null \
  "${openapi_inputs[@]}"
"${bin}/prune" --definitions src/generated/openapi/zz_generated.openapi.go k8s.io/api/core/v1
# Adds what the tags say of values, and writes functions that the generated validation calls.
"${bin}/constraints" "${header[@]}" --patterns-file zz_generated.patterns.go \
  --definitions src/generated/openapi/zz_generated.openapi.go "${types[@]}"

echo "deep copies, defaults, conversions, validation"
"${bin}/deepcopy-gen" "${header[@]}" --output-file zz_generated.deepcopy.go "${types[@]}"
"${bin}/defaulter-gen" "${header[@]}" --output-file zz_generated.defaults.go "${types[@]}"
"${bin}/validation-gen" "${header[@]}" --output-file zz_generated.validations.go \
  "${readonly_pkgs[@]}" "${types[@]}"
"${bin}/conversion-gen" "${header[@]}" --output-file zz_generated.conversion.go "${types[@]}"

echo "clients"
"${bin}/applyconfiguration-gen" "${header[@]}" \
  --output-dir src/generated/applyconfiguration --output-pkg "${generated}/applyconfiguration" "${types[@]}"
"${bin}/client-gen" "${header[@]}" \
  --output-dir src/generated/clientset --output-pkg "${generated}/clientset" --clientset-name versioned \
  --apply-configuration-package "${generated}/applyconfiguration" \
  --input-base "${module}/src/apis" --input "$(IFS=,; echo "${versions[*]/#/ark/}")" --plural-exceptions "Memory:Memories"
"${bin}/lister-gen" "${header[@]}" \
  --output-dir src/generated/listers --output-pkg "${generated}/listers" "${types[@]}"
"${bin}/informer-gen" "${header[@]}" \
  --output-dir src/generated/informers --output-pkg "${generated}/informers" \
  --versioned-clientset-package "${generated}/clientset/versioned" \
  --listers-package "${generated}/listers" "${types[@]}"

echo "manifests"
go run ./tools/manifests
"${bin}/values" charts/ark-apiserver
