#!/usr/bin/env bash
# Fails if generated code is not what update.sh makes of src/apis. Generates into a copy of the module,
# so the working tree stays as it is. Takes half a minute on an idle machine, two on a busy one.
set -o errexit -o nounset -o pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "${here}/../.." && pwd -P)"

copy="$(mktemp -d)"
trap 'rm -rf "${copy}"' EXIT
mkdir "${copy}/src"
cp "${root}/go.mod" "${root}/go.sum" "${copy}/"
cp -R "${root}/src/apis" "${root}/src/generated" "${copy}/src/"

"${here}/update.sh" "${copy}"

if ! diff -Nru "${root}/src/apis" "${copy}/src/apis" || ! diff -Nru "${root}/src/generated" "${copy}/src/generated"; then
  echo >&2 "Generated code is stale. Run tools/codegen/update.sh and commit the result."
  exit 1
fi
echo "Generated code is up to date."
