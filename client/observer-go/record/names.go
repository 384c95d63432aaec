package record

import "regexp"

// published are the kinds of published files (SPEC §14.5): names below files/, and the most bytes that a file of this name may have.
var published = []struct {
	name *regexp.Regexp
	most uint64
}{
	{regexp.MustCompile(`^election\.json$`), 1 << 22},
	{regexp.MustCompile(`^build\.json$`), 1 << 20},
	{regexp.MustCompile(`^seals\.json$`), 1 << 26},
	{regexp.MustCompile(`^credentials/[a-z0-9-]{1,32}\.json$`), 1 << 28},
	{regexp.MustCompile(`^registrations-[1-9][0-9]{0,8}\.jsonl$`), 1 << 41},
	{regexp.MustCompile(`^reasons-([2-9]|[1-9][0-9]{1,8})\.json$`), 1 << 26},
	{regexp.MustCompile(`^circuits/ballot-(2|8|16)/(vkey|manifest)\.json$`), 1 << 20},
}

// MostBytes is how many bytes a published file of this name may have; false if none has such a name.
func MostBytes(name string) (most uint64, known bool) {
	for _, kind := range published {
		if kind.name.MatchString(name) {
			return kind.most, true
		}
	}
	return 0, false
}
