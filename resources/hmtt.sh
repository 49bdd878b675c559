#!/bin/sh
# The `hmtt` command of an installed console.
here=$(dirname "$(readlink -f "$0")")
exec "$here/node/bin/node" "$here/cli/dist/engine/cli.js" "$@"
