package canon

import (
	"strings"
	"testing"
)

func TestFewValues(t *testing.T) {
	for text, values := range map[string]int{
		"":                                    0,
		"[" + strings.Repeat("1,", 99) + "1]": 100,
		strings.Repeat("[{},", 1000):          3000,
		`{"a":"` + strings.Repeat("b", 50) + `"}`: 1,
	} {
		if !FewValues([]byte(text), values) || values > 0 && FewValues([]byte(text), values-1) {
			t.Errorf("%d bytes: not %d values", len(text), values)
		}
	}
}
