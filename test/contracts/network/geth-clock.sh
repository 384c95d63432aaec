#!/usr/bin/env bash
# Prints the path of a geth for tests whose Clique engine has a clock of its own: off by $URNA_CLOCK_SHIFT seconds, as a validator's with a wrong clock, or
# standing at the Unix time that $URNA_CLOCK_FILE holds, for chains whose time a test moves. libfaketime does nothing to Go programs. The same geth as
# geth.sh's but for one file; what that one's build left in Go's cache is used again.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
version=1.13.15
# One that another text of this script has built is not taken for this one's.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/urna/geth-v$version-clock-$(sha256sum "$here/geth-clock.sh" | cut -c1-12)"

if [[ -x "$cache/geth" ]]; then
  echo "$cache/geth"
  exit
fi
go="$(bash "$here/../../../client/observer-go/go.sh")"
echo "test/contracts/network: building geth $version with a clock that can be wrong" >&2
mkdir -p "$cache"
scratch="$(mktemp -d "$cache/build-XXXXXX")"
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# Without the index, Go reads the imports of the file that is put in the place of the module's.
export GOTOOLCHAIN=go1.22.12 GOBIN="$scratch" GODEBUG=goindex=0
unset GOROOT GOFLAGS
"$go" mod download "github.com/ethereum/go-ethereum@v$version" >&2
engine="$("$go" env GOMODCACHE)/github.com/ethereum/go-ethereum@v$version/consensus/clique/clique.go"
sed 's/\btime\.Now()/shiftedNow()/g' "$engine" >clique.go
# A source without these four lines is not the one this was written for.
[[ "$(grep -c 'shiftedNow()' clique.go)" == 4 ]]
cat >>clique.go <<'GO'

func shiftedNow() time.Time {
	if path := os.Getenv("URNA_CLOCK_FILE"); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		seconds, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil {
			panic("URNA_CLOCK_FILE holds no Unix time")
		}
		return time.Unix(seconds, 0)
	}
	shift, err := time.ParseDuration(os.Getenv("URNA_CLOCK_SHIFT") + "s")
	if err != nil {
		panic("URNA_CLOCK_SHIFT is not a number of seconds")
	}
	return time.Now().Add(shift)
}
GO
sed -i '0,/^\t"math\/big"$/s//\t"math\/big"\n\t"os"\n\t"strconv"/' clique.go
printf '{"Replace":{"%s":"%s"}}\n' "$engine" "$scratch/clique.go" >overlay.json
"$go" install -trimpath -overlay overlay.json "github.com/ethereum/go-ethereum/cmd/geth@v$version" >&2
mv "$scratch/geth" "$cache/geth"
echo "$cache/geth"
